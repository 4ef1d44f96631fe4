"""The bytes of a publisher's table: the file opened and unpacked as a stream, and what is no table refused.

What is wrong with the file as a whole is raised as ``refuse`` words it: given what was expected, what was found and
what to do, it makes the error that names the file (`aleppo.ingest.reading`).
"""

from __future__ import annotations

import csv
import io
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np

from aleppo.evidence.files import BYTE_ORDER_MARK, LFS_MARK, PAGE_MARKS
from aleppo.ingest.archives import DAMAGED, Refuse, is_archive, unpacked

BLOCK = 2 << 20
"""Bytes that are parsed at a time; a single row cannot be longer."""

ROOM = 8 * BLOCK
"""Letters that the standard library is given of one row before it is said to be too long."""

Progress = Callable[[int, int], None]
"""Called now and then with the bytes read so far and the bytes of the file."""

_QUOTE = ord('"')


class LongRow(Exception):
    """A row that is too long to be read at once; ``line`` is where it begins."""

    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__(line)


@contextmanager
def opened(path: Path, refuse: Refuse, progress: Progress | None = None) -> Iterator[Any]:
    """The table's bytes, unpacked. ``told()`` of the stream reports how much of the file is read.

    Raises what ``refuse`` makes of a path that is no file to be read, or of an archive that is none of one table.
    """
    if path.is_dir():
        raise refuse("a file", "a folder", "name the file in it")
    if not path.exists():
        raise refuse("a file", "nothing there", "check the path")
    if path.is_fifo():  # opening it would wait for somebody who writes
        raise refuse("a file", "a pipe or a device", "save it as a file first")
    try:
        raw = path.open("rb")
    except OSError as error:
        raise refuse("a readable file", str(error.strerror), "") from error
    with raw:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise refuse("a file", "a pipe or a device", "save it as a file first")

        def told() -> None:
            if progress is not None:
                progress(raw.tell(), about.st_size)

        with unpacked(path, raw, refuse) as stream:
            yield _Told(stream, told)


class _Told:
    """A stream that can report how far its file has been read."""

    def __init__(self, stream: IO[bytes], told: Callable[[], None]) -> None:
        self._stream, self.told = stream, told

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def refuse_other_things(head: bytes, refuse: Refuse) -> None:
    """Raise what ``refuse`` makes of the common stand-ins for a table, by the first bytes of a file."""
    start = head.lstrip(BYTE_ORDER_MARK + b" \t\r\n")
    if not start:
        raise refuse("a header row and data", "an empty file", "download it again")
    if head.startswith(LFS_MARK):
        found = "a Git LFS pointer"
        raise refuse("the file itself", found, "fetch it with `git lfs pull`")
    if is_archive(head):
        found = "an archive inside the archive"
        raise refuse("comma-separated text", found, "unpack it first")
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in head[:4096]:
        found = "UTF-16 or binary content"
        raise refuse("comma-separated text", found, "export it as CSV in UTF-8")
    if start.lower().startswith(PAGE_MARKS):
        found = "a web page saved under this name"
        advice = "open it in a browser to read what the server said, then download again"
        raise refuse("comma-separated values", found, advice)


def first_line(head: bytes) -> tuple[bytes, bytes, bytes]:
    """The first line, its end (empty when there is none), and what follows."""
    match = re.search(rb"\r\n|\n|\r", head)
    if match is None:
        return head, b"", b""
    return head[: match.start()], match[0], head[match.end() :]


class Feed(io.RawIOBase):
    """The bytes of a table behind its header, with ``head``, those of them that were read with it, before ``stream``.

    On their way the last byte is kept and quotes are counted; ``failure`` is what reading them raised.
    """

    def __init__(self, head: bytes, stream: IO[bytes], told: Callable[[], None]) -> None:
        self._head, self._stream, self._told = head, stream, told
        self.last = b""
        self.quotes = 0
        self.failure: BaseException | None = None

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        try:
            content, self._head = self._head, b""
            content = content or self._stream.read(-1 if size is None else size)
        except DAMAGED as error:
            # kept aside: the parser hands it on in words of its own
            self.failure = error
            raise OSError(str(error)) from error
        if content:
            self.last = content[-1:]
            # several times faster than bytes.count where quotes are frequent
            self.quotes += int(np.count_nonzero(np.frombuffer(content, dtype=np.uint8) == _QUOTE))
        self._told()
        return content


def rows_by_line(
    path: Path, delimiter: str, refuse: Refuse, strict: bool = False
) -> Iterator[tuple[int, list[str]]]:
    """Line, from 1, and fields of each row behind the header, by the standard library; for finding faults.

    Ends where the file is damaged. Raises LongRow for a row that must not be held in memory, and csv.Error, if
    ``strict``, for open quotes.
    """
    begins, given, header = 1, 0, True

    def lines(text: io.TextIOWrapper) -> Iterator[str]:
        nonlocal given
        while line := text.readline(ROOM):
            given += len(line)
            if given >= ROOM:
                raise LongRow(begins)
            yield line

    before = csv.field_size_limit(ROOM)
    try:
        with opened(path, refuse) as stream:
            text = io.TextIOWrapper(stream, encoding="latin-1", newline="")
            reader = csv.reader(lines(text), delimiter=delimiter, strict=strict)
            for fields in reader:
                if fields and not header:
                    yield begins, fields
                header = header and not fields
                begins, given = reader.line_num + 1, 0
    except csv.Error:
        if strict:
            raise
    except DAMAGED:
        return
    finally:
        csv.field_size_limit(before)
