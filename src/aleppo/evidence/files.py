"""Reading text that may be anything, and writing without ever leaving half a file."""

from __future__ import annotations

import contextlib
import glob
import hashlib
import os
import stat
import tempfile
import time
from pathlib import Path

from aleppo.evidence.errors import AleppoError, EvidenceError, Fault
from aleppo.evidence.paths import LARGEST, shown, too_large

LFS_MARK = b"version https://git-lfs.github.com/spec/"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
PAGE_MARKS = (b"<!doctype", b"<html", b"<?xml", b"<head")
# What is being written is called ``.NAME.XXXXXXXX.part``; untouched for so many seconds, nobody is writing it any more.
UNFINISHED, GIVEN_UP = ".part", 600


def sha256_bytes(content: bytes) -> str:
    """Hexadecimal SHA-256 of ``content``."""
    return hashlib.sha256(content).hexdigest()


def sha256_file(path: Path) -> str:
    """Hexadecimal SHA-256 of the bytes of ``path``."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def write_atomic(path: Path | str, data: bytes | str) -> Path:
    """Put ``data`` at ``path`` whole or not at all: a temporary file beside it, then a rename.

    Text is written as UTF-8 with the line ends it has. Folders on the way are made. Raises AleppoError
    when the place cannot be written; whatever was there before is then untouched.
    """
    target = Path(path)
    content = data.encode("utf-8") if isinstance(data, str) else data
    temporary = ""
    try:
        if target.is_dir():
            raise AleppoError(f"{shown(target)}: expected a place for a file, found a folder")
        target.parent.mkdir(parents=True, exist_ok=True)
        _clear_away(target)
        handle, temporary = tempfile.mkstemp(UNFINISHED, f".{target.name}.", target.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        # mkstemp gives 0600; a file of the repository is as readable as its neighbours
        Path(temporary).chmod(0o644)
        Path(temporary).replace(target)
    except OSError as error:
        raise AleppoError(f"{shown(target)}: cannot be written ({error.strerror})") from error
    finally:
        if temporary:
            with contextlib.suppress(FileNotFoundError):
                Path(temporary).unlink()
    return target


def _clear_away(target: Path) -> None:
    """Remove what a process that was killed while it wrote ``target`` left beside it."""
    for left in target.parent.glob(f".{glob.escape(target.name)}.*{UNFINISHED}"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > GIVEN_UP:
                left.unlink()


def read_checked_text(path: Path | str, *, ended: bool = True) -> str:
    """The text of ``path``, if it is a whole UTF-8 text file; ``ended`` says that its last line must have an end.

    Raises EvidenceError with one fault when it is missing, a folder, a pipe, unreadable, larger than a table can
    be, empty, a Git LFS pointer, a web page, in another encoding (the row of the first wrong byte is named), or
    cut off before the end of its last line.
    """
    source = Path(path)
    content = _read_bytes(source)
    _refuse_other_things(source, content)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        byte = f"byte 0x{content[error.start]:02x}, which is not UTF-8"
        raise _fault(source, "text in UTF-8", byte, row) from error
    if ended and not text.endswith("\n"):
        row = text.count("\n") + 1
        raise _fault(source, "a line break after the last line", "the end of a file cut off", row)
    return text


def _read_bytes(source: Path) -> bytes:
    if source.is_dir():
        raise _fault(source, "a file", "a folder")
    if not source.exists():
        raise _fault(source, "a file", "nothing there")
    try:
        about = source.stat()
        if not stat.S_ISREG(about.st_mode):
            raise _fault(source, "a file", "a pipe or a device")
        if about.st_size > LARGEST:
            raise EvidenceError([too_large(shown(source), about.st_size)])
        return source.read_bytes()
    except OSError as error:
        raise _fault(source, "a readable file", str(error.strerror)) from error


def _refuse_other_things(source: Path, content: bytes) -> None:
    """The common stand-ins for a data file, each of which would otherwise fail far from its cause."""
    if not content.strip():
        raise _fault(source, "a header row and data", "an empty file")
    if content.startswith(LFS_MARK):
        raise _fault(source, "the file itself", "a Git LFS pointer (fetch it with `git lfs pull`)")
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in content[:4096]:
        raise _fault(source, "text in UTF-8", "UTF-16 or binary content", 1)
    if content.lstrip(BYTE_ORDER_MARK + b" \t\r\n").lower().startswith(PAGE_MARKS):
        raise _fault(source, "comma-separated values", "a web page saved under this name", 1)
    if content.startswith(BYTE_ORDER_MARK):
        raise _fault(source, "UTF-8 without a byte order mark", "a byte order mark", 1)


def _fault(source: Path, expected: str, found: str, row: int = 0) -> EvidenceError:
    return EvidenceError([Fault(shown(source), row, "", expected, found)])
