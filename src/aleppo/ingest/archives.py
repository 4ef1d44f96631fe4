"""A publisher's file as a stream of bytes, plain or packed, that costs no more than a table can.

Nothing is unpacked to disk, so that names in an archive lead nowhere; an archive with names that would, with links,
with archives inside, or packed in a way that has no bound is refused all the same: no publisher makes such. What
unpacks to many times its size is refused on the way.
"""

from __future__ import annotations

import gzip
import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO, Any, cast

from aleppo.evidence.errors import EvidenceError

LARGEST = 8 << 30
"""Bytes of a publisher's table, unpacked; the largest known has a tenth of that."""

MOST_TIMES = 250
"""How many times its packed size a table may have, once it has ``FREE`` bytes. Tables of counts pack 50 times."""

FREE = 64 << 20
DAMAGED = (
    *(EOFError, OSError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, struct.error),
    # what the library raises for lengths, offsets and names that cannot be
    *(NotImplementedError, RuntimeError, ValueError, OverflowError),
)
"""What reading an archive raises that is cut short, damaged or made to be so."""

_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_TABLES = (".csv", ".tsv", ".txt")
_BOUNDED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# Bytes that the library may ask for at once: it reads the whole directory of an archive into memory
_AT_ONCE = 8 << 20
_LONGEST_NAMES = 200

Refuse = Callable[[str, str, str], EvidenceError]
"""Makes an error out of what was expected, what was found, and what to do."""


class Swollen(OSError):
    """A stream that has become larger than it may."""


class _Bounded(io.RawIOBase):
    """What is unpacked from ``raw``, as long as there is not too much of it."""

    def __init__(self, stream: IO[bytes], raw: IO[bytes]) -> None:
        self._stream, self._raw, self._given = stream, raw, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        content = self._stream.read(min(len(buffer), _AT_ONCE))
        self._given += len(content)
        if self._given > LARGEST:
            raise Swollen(f"more than {LARGEST >> 30} GB")
        if self._given > FREE and self._given > MOST_TIMES * self._raw.tell():
            raise Swollen(f"more than {MOST_TIMES} times as much as is packed")
        buffer[: len(content)] = content
        return len(content)


class _Sparing:
    """A file that refuses to hand out much at once."""

    def __init__(self, raw: IO[bytes], size: int) -> None:
        self._raw, self._size = raw, size

    def read(self, size: int = -1) -> bytes:
        wanted = self._size - self._raw.tell() if size is None or size < 0 else size
        if wanted > _AT_ONCE:
            raise zipfile.BadZipFile(f"a directory of {wanted:,} bytes")
        return self._raw.read(wanted)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)


def is_archive(head: bytes) -> bool:
    """Whether a file that begins with ``head`` is packed."""
    return head.startswith((_GZIP, _ZIP, _EMPTY_ZIP))


@contextmanager
def unpacked(path: Path, raw: IO[bytes], refuse: Refuse) -> Iterator[IO[bytes]]:
    """The bytes of the table in ``raw``, the open file ``path``: unpacked if it is packed.

    Raises what ``refuse`` makes when it is no table, or an archive of anything but one. Reading may raise what is
    in ``DAMAGED``, ``Swollen`` among it: ``explained`` tells of these.
    """
    about = path.stat()
    if about.st_size > LARGEST:
        found = f"one of {about.st_size / (1 << 30):,.1f} GB"
        raise refuse(f"a file of at most {LARGEST >> 30} GB", found, "take the part on Syria")
    magic = raw.read(4)
    raw.seek(0)
    if not is_archive(magic):
        if path.suffix.casefold() in (".gz", ".zip"):
            found = f"something else under the name {path.name}"
            raise refuse("a gzip or zip archive", found, "download it again")
        yield raw
        return
    with ExitStack() as opened:
        try:
            stream = _open(magic, raw, about.st_size, refuse, opened)
        except DAMAGED as error:
            raise explained(error, refuse) from error
        yield io.BufferedReader(_Bounded(stream, raw), 1 << 20)


def explained(error: BaseException, refuse: Refuse) -> EvidenceError:
    """Why an archive could not be read to its end."""
    if isinstance(error, Swollen):
        found = f"one that unpacks to {error}"
        return refuse("an archive of a table", found, "look inside before you unpack it")
    found = f"one that is cut short or damaged ({' '.join(str(error).split()).rstrip('.')})"
    return refuse("a whole archive", found, "download it again")


def _open(magic: bytes, raw: IO[bytes], size: int, refuse: Refuse, opened: ExitStack) -> IO[bytes]:
    if magic.startswith(_GZIP):
        return cast("IO[bytes]", opened.enter_context(gzip.GzipFile(fileobj=raw, mode="rb")))
    archive = opened.enter_context(zipfile.ZipFile(cast("IO[bytes]", _Sparing(raw, size))))
    return opened.enter_context(archive.open(_member(archive, refuse)))


def _member(archive: zipfile.ZipFile, refuse: Refuse) -> zipfile.ZipInfo:
    """The one table in the archive."""
    astray = [info.filename for info in archive.infolist() if _leads_out(info.filename)]
    if astray:
        found = f"the name {astray[0]!r}"
        raise refuse("an archive whose names stay inside it", found, "do not unpack it; ask where it is from")
    tables = [
        info
        for info in archive.infolist()
        # not ZipInfo.is_dir, which fails for an entry without a name
        if not info.filename.endswith("/")
        and not info.filename.startswith("__MACOSX/")
        and Path(info.filename).suffix.casefold() in _TABLES
        and not Path(info.filename).name.casefold().startswith(("readme", "licence", "license", "."))
    ]
    if len(tables) != 1:
        names = ", ".join(info.filename for info in tables) or "none"
        names = names if len(names) <= _LONGEST_NAMES else f"{names[: _LONGEST_NAMES - 1]}…"
        advice = "unpack it and name the one that is meant" if tables else "unpack it and look inside"
        raise refuse("one CSV file in the archive", f"{len(tables)} ({names})", advice)
    (table,) = tables
    if table.flag_bits & 1:
        raise refuse("an archive without a password", "an encrypted one", "unpack it with its password first")
    if stat.S_ISLNK(table.external_attr >> 16):
        raise refuse(
            "a table in the archive", f"the link {table.filename!r}", "pack the file that it leads to"
        )
    if table.compress_type not in _BOUNDED:
        raise refuse("an archive packed with deflate", "another way of packing", "unpack it first")
    return table


def _leads_out(name: str) -> bool:
    """Whether a name in an archive would be unpacked elsewhere than below the folder it is unpacked in."""
    posix, windows = PurePosixPath(name), PureWindowsPath(name)
    return posix.is_absolute() or bool(windows.anchor) or ".." in (*posix.parts, *windows.parts)
