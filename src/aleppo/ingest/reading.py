"""Publishers' files as they come: plain, gzip or zip, in whatever encoding, read as a stream.

A ``Source`` hands out batches of rows. Each column that is wanted is described by a ``Field``: how it may be
called, how a cell is read, and what an empty one means. Cells are read once per distinct spelling and batch,
so that rules stay plain functions of one text and still run at the speed of the columns.

Everything that is wrong ends in one line that names file, row and column and says what to do. The row is the
line of the file on which the record begins, found by a second reading that only a fault has to pay for.

Accepted without a word: CRLF line ends, quoted line breaks and quotes, columns in any order or case, columns
that are not wanted. Accepted with a message: a byte order mark, text in CP1252 among UTF-8. Refused: what is
no table (a web page, a Git LFS pointer, UTF-16, nothing at all, a pipe), archives that are cut short, hold several
tables or swell (`aleppo.ingest.archives`), rows with fields too few or too many, a row longer than a block, a last
line without end.
"""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from aleppo.evidence.errors import EvidenceError, Fault
from aleppo.evidence.files import BYTE_ORDER_MARK
from aleppo.evidence.paths import shown
from aleppo.evidence.rows import quoted
from aleppo.ingest.archives import DAMAGED, explained
from aleppo.ingest.cells import (
    NUMBER,
    Field,
    Unreadable,
    decoded,
    folded,
    read_cell,
    repeated,
    whole,
    whole_column,
)
from aleppo.ingest.streams import (
    BLOCK,
    ROOM,
    Feed,
    LongRow,
    Progress,
    first_line,
    opened,
    refuse_other_things,
    rows_by_line,
)

# Spellings of a column, and their bytes, that are remembered from batch to batch; ids would fill the memory
_MOST_KNOWN, _MOST_BYTES_KNOWN = 50_000, 8 << 20
# Blocks whose rows are read together, a few MB of the columns that are wanted
_TOGETHER = 8
# Columns of a header: more would cost more memory than the rows
_MOST_COLUMNS = 2_000
_BROKEN_ROW = re.compile(r"Row #(\d+): Expected \d+ columns, got (\d+)")


@dataclass(frozen=True)
class Batch:
    """Some rows in the order of the file: ``columns[name]`` is an array of their values.

    ``records`` holds the place of each row in the file, counted from 0 without the header.
    """

    records: np.ndarray
    columns: dict[str, np.ndarray]

    def kept(self, mask: np.ndarray) -> Batch:
        """The rows where ``mask`` is true."""
        return Batch(self.records[mask], {name: values[mask] for name, values in self.columns.items()})


@dataclass
class _Spellings:
    """The cells of a column read so far, with their values; those of them that were not UTF-8; their bytes."""

    known: dict[bytes, Any] = field(default_factory=dict)
    foreign: set[bytes] = field(default_factory=set)
    held: int = 0

    def forget_many(self) -> None:
        """Start anew when there are so many that hardly one comes again."""
        if len(self.known) > _MOST_KNOWN or self.held > _MOST_BYTES_KNOWN:
            self.known.clear()
            self.foreign.clear()
            self.held = 0


@dataclass
class Source:
    """A publisher's table on disk.

    ``notes`` collects what was accepted but should be known, ``rows`` how many rows have been read. A file
    whose last line has no line break may be cut off and is refused, unless ``open_end`` says that the
    publisher writes it so.
    """

    path: Path
    delimiter: str = ","
    open_end: bool = False
    notes: list[str] = field(default_factory=list)
    rows: int = 0
    _reencoded: int = 0
    _spellings: dict[str, _Spellings] = field(default_factory=dict)

    @property
    def file(self) -> str:
        """The file as messages name it."""
        return shown(self.path)

    def batches(
        self,
        fields: Iterable[Field],
        progress: Progress | None = None,
        where: tuple[str, Callable[[np.ndarray], np.ndarray]] | None = None,
    ) -> Iterator[Batch]:
        """Rows with the wanted columns, in the order of the file.

        ``where`` names one of the fields and tells by its values which rows to look at: the cells of all
        others are not read. Raises EvidenceError with one fault at the first thing that is wrong.
        """
        wanted = {one.name: one for one in fields}
        self.rows = 0
        with self._opened(progress) as (feed, header):
            places = self._places(header, tuple(wanted.values()))
            for chunk in _gathered(self._chunks(feed, len(header), list(places.values()))):
                records = np.arange(self.rows, self.rows + chunk.num_rows, dtype=np.int64)
                self.rows += chunk.num_rows
                values: dict[str, np.ndarray] = {}
                if where is not None:
                    name, test = where
                    chooser = self._values(wanted[name], chunk, places.get(name), records)
                    mask = test(chooser)
                    if mask.all():
                        values[name] = chooser
                    else:
                        chunk, records = chunk.filter(pa.array(mask)), records[mask]
                for name, one in wanted.items():
                    if name not in values:
                        values[name] = self._values(one, chunk, places.get(name), records)
                yield Batch(records, values)
            self._check_end(feed)
        if self._reencoded:
            self.notes.append(
                f"{self._reencoded} cells were not UTF-8 and have been read as CP1252 (Western European)"
            )

    def columns(self, fields: Iterable[Field], progress: Progress | None = None) -> dict[str, np.ndarray]:
        """All rows at once, for files that are small; see ``batches``."""
        wanted = tuple(fields)
        parts: dict[str, list[np.ndarray]] = {one.name: [] for one in wanted}
        for batch in self.batches(wanted, progress):
            for name, values in batch.columns.items():
                parts[name].append(values)
        return {name: np.concatenate(arrays) for name, arrays in parts.items()}

    def fault(
        self, record: int | None, column: str, expected: str, found: str, advice: str = ""
    ) -> EvidenceError:
        """The one-line error about the row at place ``record`` (None: the file as a whole)."""
        row = 0 if record is None else self.line_of(record)
        return EvidenceError(
            [Fault(self.file, row, column, expected, f"{found}: {advice}" if advice else found)]
        )

    def line_of(self, record: int) -> int:
        """The line, counted from 1, on which the row at place ``record`` begins."""
        try:
            for place, (line, _) in enumerate(self._slowly()):
                if place == record:
                    return line
        except LongRow as row:
            return row.line
        return 0

    def _slowly(self, strict: bool = False) -> Iterator[tuple[int, list[str]]]:
        """Line and fields of each row behind the header, read once more; see `rows_by_line`."""
        return rows_by_line(self.path, self.delimiter, self._refused, strict)

    @contextmanager
    def _opened(self, progress: Progress | None) -> Iterator[tuple[Feed, list[str]]]:
        """The stream behind the header, and the header."""
        with opened(self.path, self._refused, progress) as stream:
            try:
                head = stream.read(BLOCK)
            except DAMAGED as error:
                raise explained(error, self._refused) from error
            refuse_other_things(head, self._refused)
            if head.startswith(BYTE_ORDER_MARK):
                head = head[len(BYTE_ORDER_MARK) :]
                self.notes.append("a byte order mark at the start was left out")
            head = head.lstrip(b"\r\n")
            line, end, rest = first_line(head)
            header = self._names(line, end)
            told = getattr(stream, "told", None) or (lambda: None)
            feed = Feed(rest, stream, told)
            feed.last = end[-1:]
            told()
            yield feed, header

    def _refused(self, expected: str, found: str, advice: str) -> EvidenceError:
        """The error about the file as a whole."""
        return self.fault(None, "", expected, found, advice)

    def _names(self, line: bytes, end: bytes) -> list[str]:
        """The column names; a file without any line end is only a header."""
        if len(line) >= BLOCK:
            raise self.fault(None, "", "a header row", "a first line of several MB", "download it again")
        try:
            header = next(csv.reader([decoded(line)[0]], delimiter=self.delimiter), [])
        except csv.Error as error:
            raise self.fault(None, "", "a header row", str(error), "download it again") from error
        if len(header) > _MOST_COLUMNS:
            found = f"one of {len(header):,}"
            raise self.fault(
                None, "", f"a header of at most {_MOST_COLUMNS:,} columns", found, "download it again"
            )
        if not end:
            raise self.fault(None, "", "rows below the header", "only one line", "download it again")
        if len(header) == 1:
            for other, name in ((";", "semicolons"), ("\t", "tabs"), (",", "commas")):
                if other in header[0] and other != self.delimiter:
                    sign = "tabs" if self.delimiter == "\t" else "commas"
                    advice = f"export it again with {sign} between the columns"
                    raise self._header_fault("", f"{sign} between the columns", name, advice)
        return [name.strip() for name in header]

    def _places(self, header: list[str], wanted: tuple[Field, ...]) -> dict[str, int]:
        """Where each wanted column stands; columns that may be missing and are, are left out."""
        positions: dict[str, list[int]] = {}
        for place, name in enumerate(header):
            positions.setdefault(name.casefold(), []).append(place)
        places: dict[str, int] = {}
        for one in wanted:
            names = [name.casefold() for name in (one.name, *one.spellings)]
            found = [place for name in dict.fromkeys(names) for place in positions.get(name, [])]
            if len(found) > 1:
                listed = " and ".join(header[place] for place in found)
                advice = "leave one of them out"
                raise self._header_fault(one.name, "this column once", listed, advice)
            if found:
                places[one.name] = found[0]
            elif not one.optional:
                raise self._missing(one, header)
        return places

    def _missing(self, one: Field, header: list[str]) -> EvidenceError:
        spellings = " or ".join(dict.fromkeys((one.name, *one.spellings)))
        if any(NUMBER.fullmatch(name) for name in header):
            advice = f"put the publisher's column names above the rows, among them {spellings}"
            return self._header_fault(one.name, "a header row", "a row of values", advice)
        by_words = {_words(name): name for name in header}
        near = difflib.get_close_matches(_words(one.name), by_words, n=1, cutoff=0.7)
        listed = ", ".join(header)
        found = f"only {listed if len(listed) <= 200 else listed[:199] + '…'}"
        advice = f"if {by_words[near[0]]} is meant, rename it" if near else "take a complete export"
        return self._header_fault(one.name, f"a column called {spellings}", found, advice)

    def _header_fault(self, column: str, expected: str, found: str, advice: str) -> EvidenceError:
        return EvidenceError([Fault(self.file, 1, column, expected, f"{found}: {advice}")])

    def _chunks(self, feed: Feed, width: int, places: list[int]) -> Iterator[pa.RecordBatch]:
        """The columns at ``places`` as bytes, block by block; they are called by their place in the file."""
        types = {str(place): pa.binary() for place in sorted(places)}
        try:
            reader = pacsv.open_csv(
                pa.PythonFile(feed, mode="r"),
                read_options=pacsv.ReadOptions(
                    block_size=BLOCK, use_threads=False, column_names=[str(n) for n in range(width)]
                ),
                parse_options=pacsv.ParseOptions(delimiter=self.delimiter, newlines_in_values=True),
                convert_options=pacsv.ConvertOptions(include_columns=list(types), column_types=types),
            )
            while True:
                try:
                    yield reader.read_next_batch()
                except StopIteration:
                    return
        except (pa.ArrowInvalid, pa.ArrowException, OSError) as error:
            if isinstance(error, EvidenceError):
                raise
            if feed.failure is not None:
                raise explained(feed.failure, self._refused) from error
            if "Empty CSV file" in str(error):
                return
            raise self._explained(error, width) from error

    def _explained(self, error: Exception, width: int) -> EvidenceError:
        """Why the parser gave up, in words, with the line to look at."""
        # its own handler of such rows cannot be used: it fails on text that is not UTF-8
        if broken := _BROKEN_ROW.search(str(error)):
            advice = "look for a quote or comma that does not belong there"
            return self.fault(int(broken[1]) - 1, "", f"{width} fields", f"{broken[2]} fields", advice)
        try:
            for line, fields in self._slowly():
                if (size := sum(map(len, fields))) > BLOCK // 2:
                    return self._too_long(line, f"one of about {max(1, round(size / (1 << 20)))} MB")
        except LongRow as row:
            return self._too_long(row.line, f"one of more than {ROOM >> 20} MB")
        return self.fault(None, "", "comma-separated values", str(error), "download it again")

    def _too_long(self, line: int, found: str) -> EvidenceError:
        expected = f"a row of less than {BLOCK >> 20} MB"
        advice = "look for a quote that is not closed, or shorten the text"
        return EvidenceError([Fault(self.file, line, "", expected, f"{found}: {advice}")])

    def _check_end(self, feed: Feed) -> None:
        if self.rows == 0:
            raise self.fault(None, "", "rows below the header", "only a header row", "download it again")
        if feed.last not in (b"\n", b"\r") and not self.open_end:
            advice = "download it again, or end its last line if it is whole"
            found = "the end of the file in the middle of it: it may be cut off"
            raise self.fault(self.rows - 1, "", "a line break after the last row", found, advice)
        if feed.quotes % 2:
            self._check_quotes()

    def _check_quotes(self) -> None:
        """An odd number of quotes is fine inside a bare field, and a fault when the last one stays open."""
        try:
            for _ in self._slowly(strict=True):
                pass
        except (csv.Error, LongRow) as error:
            if isinstance(error, LongRow) or "unexpected end" in str(error):
                found = "one that is still open at the end of the file"
                raise self.fault(self.rows - 1, "", "closed quotes", found, "close or remove it") from error

    def _values(
        self, one: Field, chunk: pa.RecordBatch, place: int | None, records: np.ndarray
    ) -> np.ndarray:
        """The cells of one column as values, each distinct spelling read once."""
        if place is None:
            return repeated(one, chunk.num_rows)
        if one.distinct and one.parse is whole:
            counts = whole_column(chunk.column(str(place)))
            if counts is not None:
                return counts
        column = chunk.column(str(place))
        encoded = pc.dictionary_encode(column)
        indices = encoded.indices.to_numpy(zero_copy_only=False)
        cells = encoded.dictionary.to_pylist()
        spellings = self._spellings.setdefault(one.name, _Spellings())
        spellings.forget_many()
        known, foreign = spellings.known, spellings.foreign
        for cell in [cell for cell in cells if cell not in known]:
            try:
                known[cell] = read_cell(one, cell, foreign)
                spellings.held += len(cell)
            except Unreadable as error:
                record = int(records[np.argmax(indices == cells.index(cell))])
                found = quoted(decoded(cell)[0].strip())
                raise self.fault(record, one.name, error.expected, found, error.advice) from error
        if foreign:
            strange = np.array([cell in foreign for cell in cells], dtype=bool)
            self._reencoded += int(strange[indices].sum())
        values = np.empty(len(cells), dtype=one.dtype)
        values[:] = [known[cell] for cell in cells]
        return values[indices]


def _words(name: str) -> str:
    """The words of a column's name in alphabetical order, so that date_start is near start_date."""
    return " ".join(sorted(folded(name).split()))


def _gathered(chunks: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """``chunks``, several in one, so that a spelling is met once in many rows.

    Small blocks are parsed faster, and many rows are read faster. What is wrong with a later chunk is raised when
    those before it have been handed on, since the first fault of a file is the one to tell.
    """
    several: list[pa.RecordBatch] = []
    try:
        for chunk in chunks:
            several.append(chunk)
            if len(several) == _TOGETHER:
                yield pa.concat_batches(several)
                several = []
    except EvidenceError:
        if several:
            yield pa.concat_batches(several)
        raise
    if several:
        yield pa.concat_batches(several)
