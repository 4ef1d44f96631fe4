"""A folder of results in Parquet: one file for each piece of work, and the plan that they belong to.

``plan.json`` says what is computed, from which counts (by hash) and with which versions. It is written first, and a
folder is only ever worked in by the plan that it holds. A file is written whole or not at all, so that one that is
there is done: a run that was stopped, or a machine that was lost, costs the pieces it was in the middle of and
nothing else. The bytes of a file depend on its rows and on the versions in the plan; there is no date in them.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from aleppo import __version__
from aleppo.evidence.errors import AleppoError
from aleppo.evidence.files import sha256_bytes, write_atomic
from aleppo.evidence.paths import shown
from aleppo.model.status import Status

PLAN = "plan.json"
PARTS = {"data": "other data", "made_with": "another version of the software"}
"""Parts of a plan that have a name of their own where two plans differ."""
TEXT = ("outcome", "model", "season", "comparison", "status")
_MARK = b"aleppo.plan"
CODE = (
    *(
        "batched",
        "block",
        "ladder",
        "likelihoods",
        "multiverse",
        "newton",
        "panel",
        "partitions",
        "regression",
    ),
    *("resample", "scale", "specification", "status", "windows"),
)
"""The modules of this package that rows are made by: results of other code are other results."""
_WORD = pa.dictionary(pa.int32(), pa.string())
_TYPES = {
    "resample": pa.int32(),
    "outcome": _WORD,
    "break": pa.date32(),
    "baseline": pa.int16(),
    "horizon": pa.int16(),
    "model": _WORD,
    "season": _WORD,
    "slope": pa.bool_(),
    "donut": pa.int16(),
    "lags": pa.int16(),
    "comparison": _WORD,
    "specification": pa.int32(),
    "ends": pa.date32(),
    "status": _WORD,
    "n_deaths_pre": pa.int32(),
    "n_deaths_post": pa.int32(),
    "rate_ratio": pa.float64(),
    "low": pa.float64(),
    "high": pa.float64(),
}
COLUMNS = tuple(_TYPES)
STATUSES = tuple(status.words for status in Status)
_ENCODED = {"specification": "DELTA_BINARY_PACKED"} | dict.fromkeys(
    ("rate_ratio", "low", "high"), "BYTE_STREAM_SPLIT"
)


@cache
def made_with() -> dict[str, str]:
    """What the bytes of a file depend on: version and code of this package, and the libraries below it."""
    code = hashlib.sha256()
    for name in CODE:
        code.update(Path(__file__).with_name(f"{name}.py").read_bytes() + b"\0")
    libraries = {name: metadata.version(name) for name in ("numpy", "pandas", "pyarrow")}
    return {"aleppo": __version__, "code": code.hexdigest(), **libraries}


def plan_text(plan: Mapping[str, Any]) -> str:
    """The plan as its file has it."""
    return json.dumps(plan, indent=1, ensure_ascii=False) + "\n"


def digest(plan: Mapping[str, Any]) -> str:
    """What a file carries of the plan that it belongs to."""
    return sha256_bytes(plan_text(plan).encode())


def encode(frame: pd.DataFrame, plan: str) -> bytes:
    """Rows as a Parquet file, ``plan`` being the digest of their plan; ``frame`` has the columns of ``COLUMNS``."""
    columns = []
    for name, kind in _TYPES.items():
        values = frame[name]
        if name in TEXT:
            words = values.astype("category")
            codes = pa.array(words.cat.codes.to_numpy(dtype=np.int32))
            column = pa.DictionaryArray.from_arrays(codes, pa.array(words.cat.categories.astype(str)))
        elif kind == pa.date32():
            column = pa.array(values.to_numpy(dtype="datetime64[D]"))
        else:
            column = pa.Array.from_pandas(values, type=kind)
        columns.append(column)
    table = pa.Table.from_arrays(columns, schema=pa.schema(list(_TYPES.items()), metadata={_MARK: plan}))
    sink = pa.BufferOutputStream()
    pq.write_table(
        table,
        sink,
        version="2.6",
        data_page_version="2.0",
        compression="zstd",
        compression_level=3,
        row_group_size=max(1, len(frame)),
        use_dictionary=[name for name in COLUMNS if name not in _ENCODED],
        column_encoding=_ENCODED,
    )
    return sink.getvalue().to_pybytes()


def begin(folder: Path, plan: Mapping[str, Any], names: Sequence[str]) -> frozenset[str]:
    """Make ``folder`` ready for ``plan``; the ``names`` of pieces that are done in it.

    Raises ``AleppoError``, in one line, for a folder that holds another plan, other data, results of other
    versions, or something else than results. A file that cannot be read counts as not done.
    """
    place = folder / PLAN
    if folder.exists() and not folder.is_dir():
        raise AleppoError(f"{shown(folder)}: expected a folder for the results, found a file")
    if place.is_file():
        _refuse_another(place, plan)
    elif folder.is_dir() and any(not each.name.startswith(".") for each in folder.iterdir()):
        raise AleppoError(f"{shown(folder)}: expected an empty folder or one with a {PLAN}, found neither")
    else:
        write_atomic(place, plan_text(plan))
    mark = digest(plan)
    return frozenset(name for name in names if _done(folder / name, mark))


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep other runs out of a folder that has its plan; ``AleppoError`` when one is at work there already.

    The lock is the system's, on the file of the plan: it ends with the process, however that ends.
    """
    try:
        import fcntl
    except ImportError:  # a system without such locks; two runs would do the same work twice, and no harm
        yield
        return
    with (folder / PLAN).open("rb") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AleppoError(f"{shown(folder)}: another run is at work in this folder") from None
        yield


def write(folder: Path, name: str, content: bytes) -> Path:
    """Put the file of a piece into its folder, whole or not at all."""
    return write_atomic(folder / name, content)


def tidy(folder: Path) -> None:
    """Take away what writers left that were killed in the middle of a file."""
    for path in folder.glob(".*.parquet.*"):
        path.unlink(missing_ok=True)


def read_plan(folder: Path) -> dict[str, Any]:
    """The plan of a folder; ``AleppoError`` when there is none, or none that can be read."""
    place = folder / PLAN
    try:
        found = json.loads(place.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise AleppoError(f"{shown(place)}: expected the plan of the results, found nothing there") from None
    except (ValueError, OSError):
        found = None
    if not isinstance(found, dict):
        raise AleppoError(f"{shown(place)}: expected the plan of the results, found something else")
    return found


def _refuse_another(place: Path, plan: Mapping[str, Any]) -> None:
    there = read_plan(place.parent)
    if plan_text(there) == plan_text(plan):
        return
    for part in (*PARTS, *plan, *there):
        expected, found = there.get(part), plan.get(part)
        if expected != found:
            break
    kind = PARTS.get(part, "another plan")
    where = part
    if isinstance(expected, dict) and isinstance(found, dict):
        inner = next(key for key in (*found, *expected) if expected.get(key) != found.get(key))
        where, expected, found = f"{part}.{inner}", expected.get(inner), found.get(inner)
    raise AleppoError(
        f"{shown(place)}: results of {kind} ({where}: {_short(expected)} there, {_short(found)} asked for now); "
        "take another folder"
    )


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:36]} …"


def _done(path: Path, mark: str) -> bool:
    if not path.is_file():
        return False
    try:
        found = (pq.read_schema(path).metadata or {}).get(_MARK, b"").decode()
    except (pa.ArrowException, OSError):
        return False
    if found != mark:
        raise AleppoError(f"{shown(path)}: expected results of the plan in {PLAN}, found results of another")
    return True


def read_files(
    paths: Sequence[Path], categories: Mapping[str, Sequence[str]], columns: Iterable[str] | None = None
) -> pd.DataFrame:
    """The rows of files below each other, typed as a multiverse is; ``categories`` orders the words of a column.

    Raises ``AleppoError`` for a file that is missing or cannot be read.
    """
    wanted = [name for name in COLUMNS if columns is None or name in set(columns)]
    tables = []
    for path in paths:
        try:
            tables.append(pq.read_table(path, columns=wanted, partitioning=None))
        except FileNotFoundError:
            raise AleppoError(f"{shown(path)}: expected results, found nothing there") from None
        except (pa.ArrowException, OSError) as error:
            raise AleppoError(f"{shown(path)}: expected results in Parquet, found {error}") from None
    if not tables:
        raise AleppoError("results: expected at least one file, found none")
    table = pa.concat_tables(tables).unify_dictionaries()
    return pd.DataFrame({name: _typed(name, table.column(name), categories) for name in wanted})


def _typed(name: str, column: pa.ChunkedArray, categories: Mapping[str, Sequence[str]]) -> object:
    if name in TEXT:
        found = column.combine_chunks().to_pandas()
        return pd.Categorical(found, categories=list(categories[name])) if name in categories else found
    if pa.types.is_date32(column.type):
        return column.to_numpy().astype("datetime64[s]")
    if pa.types.is_float64(column.type):
        missing = column.is_null().to_numpy()
        return pd.arrays.FloatingArray(column.fill_null(0.0).to_numpy().copy(), missing)
    return column.to_numpy()
