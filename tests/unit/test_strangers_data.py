"""Folders and files of strangers: what leads out of them is refused, and none of them costs more than a table can."""

from __future__ import annotations

import ast
import gzip
import io
import json
import os
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest

from aleppo.bookkit import current
from aleppo.bookkit.fingerprints import find_notebooks
from aleppo.claims.ledger import LEDGER
from aleppo.claims.registry import JUDGEMENTS
from aleppo.evidence import AleppoError, EvidenceError, load, verify
from aleppo.evidence import paths as data_paths
from aleppo.evidence.corrections import REGISTER, read_register
from aleppo.evidence.documents import DEEPEST, LONGEST, read_json, read_yaml
from aleppo.evidence.manifest import PACKAGE
from aleppo.evidence.paths import DATA_VARIABLE, GROUPS, LARGEST, REGISTERS, data_dir, data_files, repository
from aleppo.evidence.tables import DECLARED
from aleppo.ingest import archives, ingest
from aleppo.ingest.cells import Field, label
from aleppo.ingest.reading import Source

HEADER = "town_id,name_en\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with one table, which ``load`` reads for the length of a test."""
    made = tmp_path / "data"
    (made / "evidence").mkdir(parents=True)
    (made / "evidence" / "towns.csv").write_text(HEADER, encoding="utf-8")
    monkeypatch.setenv(DATA_VARIABLE, str(made))
    return made


# --- folders that lead out of themselves ---


def test_what_a_data_folder_is_made_of_is_said_once() -> None:
    assert {table.group for table in DECLARED.values()} == set(GROUPS)
    assert set(REGISTERS) == {REGISTER, JUDGEMENTS, LEDGER, PACKAGE}
    assert (current.DATA_GROUPS, current.DATA_FILES, current.LARGEST_DATA) == (GROUPS, REGISTERS, LARGEST)


@pytest.mark.parametrize(
    "name", ["evidence/towns.csv", "evidence/towns.yml", "evidence/places.csv", *REGISTERS]
)
@pytest.mark.parametrize("way", ["absolute", "dots"])
def test_a_link_that_leads_out_of_the_folder_is_refused_by_whatever_reads_it(
    folder: Path, name: str, way: str
) -> None:
    secret = folder.parent / "secret"
    secret.write_text(HEADER, encoding="utf-8")
    path = folder / name
    path.unlink(missing_ok=True)
    path.symlink_to(secret if way == "absolute" else Path("../" * name.count("/") + "../secret"))
    for read in (data_dir, lambda: load("towns"), lambda: verify(folder)):
        with pytest.raises(EvidenceError) as caught:
            read()
        assert str(caught.value).endswith(
            f"{name.split('/')[-1]}: expected a file inside the data folder, found a link that leads out of it"
        )
    with pytest.raises(EvidenceError, match="a link that leads out of it"):
        ingest("unsc", folder / "none.csv", folder)


def test_a_group_that_lies_elsewhere_is_refused_and_not_written_to(folder: Path) -> None:
    elsewhere = folder.parent / "elsewhere"
    elsewhere.mkdir()
    (folder / "series").symlink_to(elsewhere)
    log = folder.parent / "log.csv"
    log.write_text("record,date,topic,outcome\nS/PV.1,2016-01-04,Mali,--\n", encoding="utf-8")
    with pytest.raises(EvidenceError, match="series: expected a file inside the data folder"):
        ingest("unsc", log, folder)
    assert list(elsewhere.iterdir()) == []


def test_links_within_the_folder_and_a_folder_that_is_a_link_are_taken(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "store").mkdir()
    (folder / "evidence" / "towns.csv").rename(folder / "store" / "towns.csv")
    (folder / "evidence" / "towns.csv").symlink_to("../store/towns.csv")
    (folder.parent / "by-another-name").symlink_to(folder)
    monkeypatch.setenv(DATA_VARIABLE, str(folder.parent / "data" / ".." / "by-another-name"))
    assert [path.name for path in data_files(data_dir())] == ["towns.csv"]


def test_a_link_to_itself_a_pipe_and_a_device_are_refused_and_not_waited_for(folder: Path) -> None:
    towns = folder / "evidence" / "towns.csv"
    towns.unlink()
    towns.symlink_to(towns)
    os.mkfifo(folder / "evidence" / "places.csv")
    (folder / "evidence" / "events.csv").symlink_to("/dev/zero")
    with pytest.raises(EvidenceError) as caught:
        data_dir()
    assert len(caught.value.faults) == 3
    assert "pipe or a device" in str(caught.value)


def test_paths_in_a_data_package_are_compared_and_never_opened(folder: Path) -> None:
    os.mkfifo(folder.parent / "pipe")  # whoever opened it would wait for ever
    package = {
        "resources": [{"path": path, "hash": "sha256:0"} for path in ("../pipe", "/etc/passwd", ["x"])]
    }
    (folder / PACKAGE).write_text(json.dumps(package) + "\n", encoding="utf-8")
    told = [fault.found for fault in verify(folder).faults if fault.file.endswith(PACKAGE)]
    assert "the unknown '../pipe'" in told and "the unknown '/etc/passwd'" in told


def test_a_notebook_from_elsewhere_is_no_notebook_of_the_book(tmp_path: Path) -> None:
    for place in ("book", "elsewhere"):
        (tmp_path / place).mkdir()
        (tmp_path / place / f"{place}.ipynb").write_text("{}", encoding="utf-8")
    assert [path.name for path in find_notebooks(tmp_path / "book")] == ["book.ipynb"]
    (tmp_path / "book" / "linked.ipynb").symlink_to(tmp_path / "elsewhere" / "elsewhere.ipynb")
    with pytest.raises(AleppoError, match=r"linked\.ipynb: expected a notebook of this folder, found a link"):
        find_notebooks(tmp_path / "book")


def test_notebooks_in_a_data_folder_are_none_of_the_books(folder: Path) -> None:
    for place in (folder, folder / "evidence", folder / "notebooks"):
        place.mkdir(exist_ok=True)
        (place / "run-me.ipynb").write_text("{}", encoding="utf-8")
    assert all(path.is_relative_to(repository()) for path in find_notebooks())
    assert not {path.name for path in data_files(folder)} & {"run-me.ipynb"}


# --- YAML and JSON ---


def test_yaml_is_read_in_one_place_and_safely_everywhere() -> None:
    """Outside `aleppo.evidence.documents` only ``safe_load`` and ``safe_dump`` are called."""
    allowed = {"safe_load", "safe_dump", "YAMLError", "Node", "ScalarNode", "SequenceNode"}
    for path in sorted([*(repository() / "src").rglob("*.py"), *(repository() / "scripts").rglob("*.py")]):
        text = path.read_text(encoding="utf-8")
        if "yaml" not in text:
            continue
        tree = ast.parse(text)
        used = {
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == "yaml"
        }
        imported = {
            name.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("yaml", "ruamel")
            for name in node.names
        }
        assert not imported, path
        if path.name != "documents.py":
            assert used <= allowed, path
    loaders = (repository() / "src/aleppo/evidence/documents.py").read_text(encoding="utf-8")
    assert "CSafeLoader" in loaders and "CBaseLoader" in loaders
    assert "UnsafeLoader" not in loaders and "FullLoader" not in loaders


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: &a [*a]\n", "row 1: expected a note in YAML, found *a, which is not there or"),
        ("a: *b\n", "row 1: expected a note in YAML, found *b, which is not there or"),
        (
            "- &a " + "x" * 40_000 + "\n" + "- *a\n" * 200,
            "found more than 5,000,000 characters, with what it repeats",
        ),
        ("a: !!python/object/apply:os.system ['true']\n", "row 1: expected a note in YAML, found could not"),
        ("- " + "[" * (DEEPEST + 1) + "\n", f"found more than {DEEPEST} lists"),
        ("- " + "[" * 100_000 + "\n", f"found more than {DEEPEST} lists"),
        (f"- {'1:' * LONGEST}1\n", "found a value of 100,001 characters"),
        ("- 2016-13-45\n", "found a value that is none"),
        (f"- {'1' * 5000}\n", "found a value that is none"),
        ("- \x07\n", "found control characters are not allowed"),
        ("- a\n---\n- b\n", "expected a note in YAML"),
    ],
)
def test_yaml_that_acts_or_swells_is_refused_in_one_line(tmp_path: Path, text: str, found: str) -> None:
    path = tmp_path / "note.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EvidenceError) as caught:
        read_yaml(path, "a note")
    assert found in str(caught.value) and "\n" not in str(caught.value)


def test_a_register_that_repeats_itself_a_thousand_million_times_is_refused(tmp_path: Path) -> None:
    lines = ["- &a [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"- &{chr(n + 1)} [{', '.join(['*' + chr(n)] * 10)}]" for n in range(ord("a"), ord("j"))]
    (tmp_path / REGISTER).write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(
        EvidenceError, match="expected a list of corrections in YAML, found more than 5,000,000"
    ):
        read_register(tmp_path)


@pytest.mark.parametrize("text", ["[" * 100_000, "[" + "1" * 5000 + "]", "{", "\ufeff[]"])
def test_json_that_python_does_not_read_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "note.json"
    path.write_text(f"{text}\n", encoding="utf-8")
    with pytest.raises(EvidenceError) as caught:
        read_json(path, "a note")
    assert "\n" not in str(caught.value)


# --- archives ---

TABLE = b"a,b\n1,2\n"


def packed(*members: tuple[str, bytes], kind: int = zipfile.ZIP_DEFLATED, mode: int = 0o100644) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members:
            info = zipfile.ZipInfo(name)
            info.compress_type, info.external_attr = kind, mode << 16
            archive.writestr(info, content)
    return stream.getvalue()


def rows_of(path: Path) -> int:
    return sum(len(batch.records) for batch in Source(path).batches([Field("a", label, empty="")]))


def test_one_table_is_read_out_of_an_archive(tmp_path: Path) -> None:
    for name, content in {
        "x.zip": packed(("folder/x.csv", TABLE), ("README.txt", b"read me")),
        "y.csv.gz": gzip.compress(TABLE),
    }.items():
        (tmp_path / name).write_bytes(content)
        assert rows_of(tmp_path / name) == 1


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (packed(("../x.csv", TABLE)), "an archive whose names stay inside it, found the name '../x.csv'"),
        (packed(("a/../../x.csv", TABLE)), "an archive whose names stay inside it"),
        (packed(("/etc/x.csv", TABLE)), "an archive whose names stay inside it"),
        (packed(("C:\\x.csv", TABLE)), "an archive whose names stay inside it"),
        (
            packed(("x.csv", TABLE), ("../y", b"")),
            "an archive whose names stay inside it, found the name '../y'",
        ),
        (packed(("x.csv", b"/etc/passwd"), mode=0o120777), "a table in the archive, found the link 'x.csv'"),
        (packed(("x.csv", TABLE), kind=zipfile.ZIP_BZIP2), "packed with deflate"),
        (packed(("x.csv", TABLE), kind=zipfile.ZIP_LZMA), "packed with deflate"),
        (packed(("inner.zip", packed(("x.csv", TABLE)))), "one CSV file in the archive, found 0"),
        (packed(("x.csv", packed(("x.csv", TABLE)))), "found an archive inside the archive"),
        (packed(("x.csv", gzip.compress(TABLE, mtime=0))), "found an archive inside the archive"),
        (gzip.compress(gzip.compress(TABLE, mtime=0), mtime=0), "found an archive inside the archive"),
        (packed(), "one CSV file in the archive, found 0"),
        (packed(("x.csv", TABLE))[:-30], "cut short or damaged"),
        (packed(("x\x1b[2J.csv", TABLE), ("y.csv", TABLE)), "one CSV file in the archive, found 2"),
    ],
)
def test_an_archive_of_anything_but_one_table_is_refused_in_one_line(
    tmp_path: Path, content: bytes, found: str
) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(content)
    with pytest.raises(EvidenceError) as caught:
        rows_of(path)
    assert found in str(caught.value)
    assert str(caught.value).isprintable()


# --- what swells: each in a process that may not have much memory ---

ROOM = 500
"""MB of memory that a reader of a hostile file may add to what the package needs to start."""

_PROBE = """
import json, resource, sys, time
from aleppo.evidence import AleppoError
from aleppo.evidence.paths import data_files
from aleppo.ingest import ingest
from pathlib import Path
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
for publisher, name in json.loads(sys.argv[1]):
    before, started = peak(), time.process_time()
    try:
        data_files(Path(name)) if publisher == "data" else ingest(publisher, Path(name), Path(name).parent / "out")
        said = "taken"
    except AleppoError as error:
        said = str(error)
    print(json.dumps([said, peak() - before, time.process_time() - started]))
"""
ROW = b"S/PV.1,2016-01-04,Mali,--\n"
HEAD = b"record,date,topic,outcome\n" + ROW


def sparse(path: Path, size: int, content: bytes = b"") -> Path:
    """A file of ``size`` bytes that takes no room on the disk: ``content``, then nothing."""
    path.write_bytes(content)
    os.truncate(path, size)
    return path


def deflated(head: bytes, filling: bytes, size: int) -> bytes:
    """A gzip file that unpacks to ``head`` and then ``size`` bytes of ``filling``."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = filling * ((1 << 20) // len(filling))
    parts = [packer.compress(head), *(packer.compress(block) for _ in range(size >> 20)), packer.flush()]
    return b"".join(parts)


def test_what_swells_stops_early_with_a_line_and_little_memory(tmp_path: Path, folder: Path) -> None:
    cases: list[tuple[str, Path, str]] = []

    def case(name: str, found: str, content: bytes = b"", size: int = 0) -> None:
        path = tmp_path / name
        sparse(path, size, content) if size else path.write_bytes(content)
        cases.append(("unsc", path, found))

    gigabyte = 1 << 30
    case("holes.csv", "a file of at most 8 GB, found one of 10.0 GB", size=10 * gigabyte)
    case("head-and-holes.csv", "a file of at most 8 GB, found one of 10.0 GB", HEAD * 200, 10 * gigabyte)
    case("small-holes.csv", "a row of less than 2 MB", HEAD + ROW * 500, 6 * gigabyte)
    case("open-quote.csv", "a row of less than 2 MB", HEAD + b'"' + b"x,y\n" * (5 << 20))
    case("fields.csv", "a header of at most 2,000 columns", b"," * (1 << 20) + b"\n1\n")
    case("bomb.csv.gz", "more than 250 times as much as is packed", deflated(HEAD, b"\n", 70 << 20))
    case(
        "zeros.csv.gz",
        "more than 250 times as much as is packed",
        deflated(HEAD, ROW, 70 << 20),
    )
    bomb = packed(("x.csv", HEAD + b"\n" * (70 << 20)))
    case("bomb.zip", "more than 250 times as much as is packed", bomb)
    case("names.zip", "cut short or damaged", _with_a_directory_of(20 << 20))
    os.mkfifo(tmp_path / "pipe.csv")
    cases.append(("unsc", tmp_path / "pipe.csv", "a pipe or a device"))
    cases.append(("unsc", Path("/dev/zero"), "a pipe or a device"))
    sparse(folder / "evidence" / "sources.csv", 10 * gigabyte, b"source_id,title\n")
    cases.append(("data", folder, "sources.csv: expected a file of at most 64 MB, found one of 10,240 MB"))
    cases.append(("vdc", tmp_path / "holes.csv", "expected a file of at most 64 MB, found one of 10,240 MB"))

    asked = json.dumps([[publisher, str(path)] for publisher, path, _ in cases])
    limited = ["sh", "-c", 'ulimit -d 4000000; exec "$@"', "sh", sys.executable, "-c", _PROBE, asked]
    environment = {**os.environ, DATA_VARIABLE: str(repository() / "data")}
    done = subprocess.run(limited, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    for (_, path, found), line in zip(cases, done.stdout.splitlines(), strict=True):
        said, megabytes, seconds = json.loads(line)
        assert found in said and "\n" not in said, (path.name, said)
        assert megabytes < ROOM, (path.name, megabytes)
        assert seconds < 60, (path.name, seconds)


def _with_a_directory_of(size: int) -> bytes:
    """An archive whose directory says that it has ``size`` bytes, which would be read at once."""
    content = packed(("x.csv", TABLE))
    end = content.rindex(b"PK\x05\x06")
    tail = bytearray(content[end:])
    tail[12:16] = size.to_bytes(4, "little")
    return content[:end] + bytes(size) + bytes(tail)


def test_the_limits_are_wide_enough_for_what_publishers_ship() -> None:
    assert archives.LARGEST >= 4 << 30 and archives.MOST_TIMES >= 200
    largest = max(path.stat().st_size for path in data_files(repository() / "data"))
    assert largest * 50 < data_paths.LARGEST
