"""`aleppo ingest` as a person meets it: the list, the bar, what it says, and how it refuses a file."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aleppo.cli import main
from aleppo.cli.progress import file_progress
from aleppo.evidence import load, verify
from aleppo.evidence.errors import AleppoError
from aleppo.evidence.files import sha256_file
from aleppo.evidence.tables import DECLARED
from aleppo.evidence.tables.publisher_words import VDC_CAUSES
from aleppo.ingest import PUBLISHERS, ingest, vdc, vdc_composition
from aleppo.ingest.streams import BLOCK
from data_copy import DataCopy
from publisher_files import csv_text, ged, put

AIRWARS = {
    "airwars_id": "1",
    "date": "2016-01-04",
    "region": "Aleppo",
    "governorate": "Aleppo",
    "belligerent": "Russian Military",
    "civ_grading": "Fair",
    "civ_killed_min": "2",
    "civ_killed_max": "5",
    "civ_inj_min": "1",
    "civ_inj_max": "1",
}
ACLED = {
    "event_id_cnty": "SYR1",
    "event_date": "2017-02-03",
    "event_type": "Battles",
    "sub_event_type": "Armed clash",
    "actor1": "Force A",
    "actor2": "Force B",
    "country": "Syria",
    "admin1": "Aleppo",
    "fatalities": "2",
}
VOTE = {
    "rcid": "5300",
    "vote": "1",
    "Country": "FRA",
    "Countryname": "France",
    "date": "2012-02-16",
    "unres": "R/66/253",
    "descr": "The situation in the Syrian Arab Republic",
}
MEETING = {"record": "S/PV.1", "date": "2016-01-04", "topic": "The situation in Mali", "outcome": "--"}
COMPOSITION = dict(
    zip(vdc_composition.COLUMNS, ("2016-01", "Aleppo", "Civilian", "Shelling", "7"), strict=True)
)


def table(*rows: dict[str, str], comma: str = ",") -> str:
    return csv_text(rows, list(rows[0]), comma=comma)


# One small sound file of each publisher; what is done to them below makes the bad ones.
SOUND = {
    "acled": table(ACLED),
    "airwars": table(AIRWARS),
    "coalition": table({"date": "2015-10-01", "place": "Aleppo", "strikes": "2"}, comma="\t"),
    "ucdp": ged({}),
    "unsc": table(MEETING),
    "unvotes": table(VOTE),
    "vdc": table({"day": "2016-02-01"} | dict.fromkeys(vdc.PROVINCES, "1.0")),
    "vdc_causes": table({"day": "2016-02-01"} | dict.fromkeys(VDC_CAUSES, "1.0")),
    "vdc_composition": table(COMPOSITION),
}
STREAMED = [name for name, publisher in PUBLISHERS.items() if publisher.streams]


def zipped(*members: tuple[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[str], list[str]]:
    """Exit code, and the lines on standard output and standard error."""
    code = main(["ingest", *words])
    said = capsys.readouterr()
    return code, said.out.splitlines(), said.err.splitlines()


def test_every_publisher_has_a_sound_file_here() -> None:
    assert set(SOUND) == set(PUBLISHERS)


# --- the list -------------------------------------------------------------------------------------------


def test_the_list_says_of_each_publisher_where_its_file_comes_from_on_which_terms_and_with_which_columns(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, err = run(capsys, "--list")
    assert (code, err) == (0, [])
    blocks = "\n".join(out).split("\n\n")
    assert len(blocks) == len(PUBLISHERS)
    for block, (name, publisher) in zip(blocks, sorted(PUBLISHERS.items()), strict=True):
        words = " ".join(block.split())
        assert words.startswith(f"{name}: {publisher.title}")
        for part in (publisher.file, publisher.origin, publisher.licence, publisher.table):
            assert part in words
        assert f"columns {', '.join(publisher.columns)}" in words


@pytest.mark.parametrize("columns", ["60", "80", "200"])
def test_the_list_fits_the_terminal(
    columns: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    longest = max(map(len, run(capsys, "--list")[1]))
    assert longest <= int(columns) or "https://" in max(run(capsys, "--list")[1], key=len)


@pytest.mark.parametrize("words", [(), ("ucdp",)])
def test_without_publisher_and_file_the_use_is_told(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, *words)
    assert (code, out) == (2, [])
    assert err[-1] == "Error: expected PUBLISHER and FILE, or --list"


# --- the bar --------------------------------------------------------------------------------------------


class Clock:
    """A clock that goes on by ``step`` seconds each time it is asked."""

    def __init__(self, step: float) -> None:
        self.now, self.step = 0.0, step

    def __call__(self) -> float:
        self.now += self.step
        return self.now


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aleppo.cli.progress.sys", SimpleNamespace(stderr=Terminal()))
    monkeypatch.setenv("COLUMNS", "100")


class Terminal:
    """Standard error as a terminal would have it."""

    def isatty(self) -> bool:
        return True


def test_where_there_is_no_terminal_there_is_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with file_progress("ged.csv", Clock(60)) as tell:
        assert tell is None
    assert capsys.readouterr().err == ""


def test_work_of_less_than_two_seconds_shows_no_bar(
    terminal: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with file_progress("ged.csv", Clock(0.5)) as tell:
        assert tell is not None
        for done in (10, 20, 30):
            tell(done, 30)
    assert capsys.readouterr().err == ""


def test_work_of_more_than_two_seconds_shows_a_bar_with_the_bytes_that_were_read(
    terminal: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with file_progress("ged.csv", Clock(1.5)) as tell:
        assert tell is not None
        for done in (100_000, 200_000, 300_000):
            tell(done, 300_000)
    shown = capsys.readouterr().err
    assert "ged.csv" in shown
    assert "300.0/300.0 kB" in shown


def test_a_bar_is_taken_down_when_the_file_is_refused(
    terminal: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(AleppoError), file_progress("ged.csv", Clock(3)) as tell:
        assert tell is not None
        tell(1, 2)
        assert capsys.readouterr().err == "", "away from a real terminal, the bar is written when it ends"
        raise AleppoError("ged.csv: refused")
    assert "1/2 bytes" in capsys.readouterr().err


@pytest.mark.parametrize("publisher", STREAMED)
def test_every_streamed_file_is_followed_to_its_end(
    publisher: str, data_copy: DataCopy, tmp_path: Path
) -> None:
    file = put(tmp_path, SOUND[publisher])
    told: list[tuple[int, int]] = []
    ingest(publisher, file, None, lambda done, total: told.append((done, total)))
    assert told[-1] == (file.stat().st_size, file.stat().st_size)


def test_the_command_listens_to_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, terminal: None, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[tuple[object, ...]] = []

    def take_in(
        publisher: str, file: Path, out: Path | None, progress: Callable[[int, int], None]
    ) -> SimpleNamespace:
        asked.append((publisher, file, out))
        progress(1, 2)
        return SimpleNamespace(path=tmp_path / "series.csv", rows=1234, messages=("2 rows left out",))

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("aleppo.ingest.ingest", take_in)
    code, out, _ = run(capsys, "vdc", "deaths.csv", "--out", "data")
    assert code == 0
    assert out == ["2 rows left out", "wrote series.csv: 1,234 rows"]
    assert asked == [("vdc", Path("deaths.csv"), Path("data"))]


# --- what it says ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("publisher", SOUND)
def test_a_sound_file_becomes_a_series_without_a_word_on_standard_error(
    publisher: str, data_copy: DataCopy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, publisher, str(put(tmp_path, SOUND[publisher])))
    assert (code, err) == (0, [])
    assert out[-1].startswith("wrote ")
    assert verify(data_copy.folder).faults == ()


def test_writing_over_a_series_tells_what_changes(
    data_copy: DataCopy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "ucdp", str(put(tmp_path, ged({}, {"adm_1": "Homs"}), "old.csv")))
    new = ged({"best": "5"}, {"adm_1": "Idlib"}, {"adm_1": "Hama"})
    code, out, _ = run(capsys, "ucdp", str(put(tmp_path, new, "new.csv")))
    assert code == 0
    assert (
        "against the series that was there: 2 rows added, 1 removed, 1 changed; events 2 -> 3 (+1); "
        "low 4 -> 6 (+2); best 6 -> 11 (+5); high 10 -> 15 (+5); deaths_civilians 2 -> 3 (+1)" in out
    )


def test_the_same_file_again_makes_no_difference(
    data_copy: DataCopy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(put(tmp_path, SOUND["ucdp"]))
    run(capsys, "ucdp", file)
    assert "no difference to the series that was there" in run(capsys, "ucdp", file)[1]


@pytest.mark.parametrize("publisher", [name for name in SOUND if DECLARED[PUBLISHERS[name].table].path])
def test_every_publisher_tells_the_difference(
    publisher: str, data_copy: DataCopy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(put(tmp_path, SOUND[publisher]))
    run(capsys, publisher, file)
    assert "no difference to the series that was there" in run(capsys, publisher, file)[1]


def test_a_series_in_a_new_folder_is_compared_with_the_one_that_it_will_stand_in_for(
    data_copy: DataCopy, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = load("ucdp_ged_monthly")["best"].sum()
    file = str(put(tmp_path, SOUND["ucdp"], "mine.csv"))
    code, out, _ = run(capsys, "ucdp", file, "--out", "other")
    assert code == 0
    [told] = [line for line in out if line.startswith("against ")]
    assert told.startswith("against the series of data: ")
    assert f"best {before:,} -> 3 (" in told


# --- how it refuses a file ------------------------------------------------------------------------------


def without_first_column(text: str) -> str:
    comma = "\t" if "\t" in text else ","
    return "".join(line.partition(comma)[2] for line in text.splitlines(keepends=True))


def renamed(text: str) -> str:
    """Every column under another name."""
    comma = "\t" if "\t" in text else ","
    header, _, rest = text.partition("\n")
    return comma.join(f"new {name}" for name in header.split(comma)) + "\n" + rest


def cut_short(text: str) -> bytes:
    packed = gzip.compress(text.encode() * 50, mtime=0)
    return packed[: len(packed) // 2]


BAD: dict[str, tuple[Callable[[str], str | bytes], str]] = {
    "a web page": (lambda text: "<!DOCTYPE html>\n<html><h1>403</h1></html>\n", "export.csv"),
    "nothing": (lambda text: b"", "export.csv"),
    "a header only": (lambda text: text.partition("\n")[0] + "\n", "export.csv"),
    "a Git LFS pointer": (
        lambda text: "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
        "export.csv",
    ),
    "UTF-16": (lambda text: text.encode("utf-16"), "export.csv"),
    "no first column": (without_first_column, "export.csv"),
    "other columns": (renamed, "export.csv"),
    "a last line cut off": (lambda text: text.rstrip("\n")[:-1], "export.csv"),
    "a gzip cut short": (cut_short, "export.csv.gz"),
    "a zip with two tables": (lambda text: zipped(("a.csv", text), ("b.csv", text)), "export.zip"),
    "a zip cut short": (lambda text: zipped(("a.csv", text))[:-30], "export.zip"),
    "a row of ten megabytes": (
        lambda text: text + "x" * (10 << 20) + text.splitlines()[1] + "\n",
        "export.csv",
    ),
    "an open quote": (lambda text: text + '"' + text.splitlines()[1] + "\n", "export.csv"),
}


@pytest.mark.parametrize("publisher", SOUND)
@pytest.mark.parametrize(("spoil", "name"), BAD.values(), ids=BAD)
def test_a_bad_file_is_one_line_and_leaves_the_series_untouched(
    publisher: str,
    spoil: Callable[[str], str | bytes],
    name: str,
    data_copy: DataCopy,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    series = data_copy.folder / DECLARED[PUBLISHERS[publisher].table].path
    hashed = sha256_file(series) if series.exists() else None
    before = data_copy.fingerprint()
    file = put(tmp_path, spoil(SOUND[publisher]), name)
    code, out, err = run(capsys, publisher, str(file))
    assert (code, out) == (1, [])
    assert all(line.startswith(str(file)) for line in err)
    assert all(": expected " in line and ", found " in line for line in err)
    assert (sha256_file(series) if series.exists() else None) == hashed
    assert data_copy.fingerprint() == before
    if publisher in STREAMED:
        [line] = err
        assert ": " in line.partition(", found ")[2], "says what to do"


ODD: dict[str, Callable[[str], str | bytes]] = {
    "CRLF line ends": lambda text: text.replace("\n", "\r\n"),
    "a byte order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "spaces and capitals in its header": lambda text: text.replace(
        text.partition("\n")[0], text.partition("\n")[0].upper()
    ),
}


@pytest.mark.parametrize("publisher", STREAMED)
@pytest.mark.parametrize("change", ODD.values(), ids=ODD)
def test_an_odd_but_sound_file_gives_the_same_series(
    publisher: str, change: Callable[[str], str | bytes], data_copy: DataCopy, tmp_path: Path
) -> None:
    plain = ingest(publisher, put(tmp_path, SOUND[publisher])).path.read_bytes()
    assert ingest(publisher, put(tmp_path, change(SOUND[publisher]))).path.read_bytes() == plain


@pytest.mark.parametrize("publisher", STREAMED)
@pytest.mark.parametrize("packed", ["gzip", "zip"])
def test_a_packed_file_gives_the_same_series(
    publisher: str, packed: str, data_copy: DataCopy, tmp_path: Path
) -> None:
    text = SOUND[publisher]
    plain = ingest(publisher, put(tmp_path, text)).path.read_bytes()
    content = gzip.compress(text.encode()) if packed == "gzip" else zipped(("export.csv", text))
    name = "export.csv.gz" if packed == "gzip" else "export.zip"
    assert ingest(publisher, put(tmp_path, content, name)).path.read_bytes() == plain


@pytest.fixture(scope="module")
def one_folder(sealed_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder that a whole property test may write to."""
    import shutil

    folder = tmp_path_factory.mktemp("any") / "data"
    shutil.copytree(sealed_data, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ALEPPO_DATA", str(folder))
        yield folder


@pytest.mark.parametrize("publisher", SOUND)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 400), scrap=st.binary(max_size=12))
def test_whatever_is_written_into_a_file_it_is_taken_or_refused_in_words(
    publisher: str, one_folder: Path, tmp_path: Path, place: int, scrap: bytes
) -> None:
    content = SOUND[publisher].encode()
    here = place % (len(content) + 1)
    file = put(tmp_path, content[:here] + scrap + content[here:])
    series = one_folder / DECLARED[PUBLISHERS[publisher].table].path
    before = sha256_file(series) if series.exists() else None
    try:
        ingest(publisher, file)
    except AleppoError as refusal:
        assert str(file) in str(refusal)
        assert (sha256_file(series) if series.exists() else None) == before


def test_a_block_is_smaller_than_the_longest_row_that_is_tried() -> None:
    assert BLOCK < 10 << 20
