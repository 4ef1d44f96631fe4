"""Zip files that are the same bytes for the same content: order, times, permissions and compression are fixed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
"""The first moment that a zip file can tell."""
# Packed already: a second time takes seconds and gains nothing.
PACKED = frozenset({".epub", ".gif", ".jpg", ".parquet", ".pdf", ".png", ".woff2", ".xlsx", ".zip"})
READABLE = 0o100644
UNIX = 3


def zipped(
    files: Mapping[str, bytes | Path], moment: datetime = EARLIEST, first: Iterable[str] = ()
) -> bytes:
    """The bytes of a zip file with ``files``: name in it → content, or the file to take it from.

    Names are in alphabetical order but for those of ``first``, which come before and are stored unpacked. Each
    file is dated ``moment`` and readable to all. Raises ValueError for a name that would lead out of the folder
    that it is unpacked in.
    """
    begun = list(first)
    names = [*begun, *sorted(name for name in files if name not in begun)]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            content = files[name]
            entry = _entry(name, moment, stored=name in begun or PurePosixPath(name).suffix in PACKED)
            archive.writestr(entry, content.read_bytes() if isinstance(content, Path) else content)
    return stream.getvalue()


def _entry(name: str, moment: datetime, stored: bool) -> zipfile.ZipInfo:
    parts = PurePosixPath(name).parts
    if not parts or parts[0] == "/" or ".." in parts or "\\" in name:
        raise ValueError(f"a zip file: expected a name below its folder, found {name!r}")
    told = max(moment, EARLIEST).astimezone(UTC)
    entry = zipfile.ZipInfo(name, (told.year, told.month, told.day, told.hour, told.minute, told.second))
    entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    entry.external_attr = READABLE << 16
    entry.create_system = UNIX
    return entry
