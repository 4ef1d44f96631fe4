"""Inputs for the targets: sound ones to begin with, and what a careless or a hostile hand makes of them."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from functools import cache
from pathlib import Path

from hypothesis import strategies as st
from targets import FOLDER_FILES, SMALL, TABLES, TARGETS

from aleppo.evidence.paths import repository
from aleppo.evidence.tables import DECLARED
from aleppo.evidence.tables.publisher_words import VDC_CAUSES
from aleppo.ingest import vdc

SEEDS = Path(__file__).parents[1] / "seeds"

NASTY: tuple[bytes, ...] = (
    *(
        b"",
        b" ",
        b"\x00",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\x1a",
        b"\r",
        b"\t",
        b'"',
        b'""',
        b'"a\nb"',
        b";",
        b",,",
    ),
    *(
        b"9" * 30,
        b"9" * 400,
        b"9" * 5000,
        b"-1",
        b"-0",
        b"1e99",
        b"1e999",
        b"nan",
        b"inf",
        b"0x10",
        b"1_000",
        b"3.5",
    ),
    *(
        b"999999999999999",
        b"9223372036854775808",
        b"0." + b"1" * 400,
        "٣".encode(),
        "１２".encode(),
        "²".encode(),
    ),
    *(
        b"9999-12-31",
        b"0001-01-01",
        b"1677-09-21",
        b"2262-04-12",
        b"2016-02-30",
        b"2016-13-01",
        b"2016-00",
        b"0000",
    ),
    *("٢٠١٦-٠١-٠١".encode(), b"2016-01-01T25:61:61", b"31 February 2016", b"1 January 0000", b"13/13/2016"),
    *(
        "\u2028".encode(),
        "\u202e".encode(),
        "\ud83d\ude00".encode("utf-8", "surrogatepass"),
        "\ufeff".encode(),
    ),
    *(
        b"=1+1",
        b"+cmd",
        b"@SUM(A1)",
        b"<script>",
        b"</script>",
        b"../../x",
        b"/etc/passwd",
        b"C:\\x",
        b"a" * 200_000,
    ),
    *(b"SY02;SY02", b"SY02", b"unmapped", b"Aleppo", b"Aleppo or Idlib", b"S/PV.1 (closed)", b"A/RES/1/1"),
    *(
        b"- ",
        b"[",
        b"{",
        b"*a",
        b"&a",
        b"!!python/object:os.system",
        b"!!binary x",
        b"<<: 1",
        b"? [a]",
        b"%YAML",
        b"---",
    ),
    *(
        b"null",
        b"true",
        b"[[[[",
        b"[" * 2000,
        b"{" * 2000,
        b'{"a":',
        b"1:60:60",
        b"0b2",
        b"0o9",
        b"!!int ''",
        b"!!float x",
    ),
)

_GED = {
    "id": "1",
    "type_of_violence": "1",
    "adm_1": "Aleppo governorate",
    "latitude": "36.2",
    "longitude": "37.1",
    "country_id": "652",
    "date_prec": "1",
    "where_prec": "1",
    "date_start": "2016-01-02 00:00:00.000",
    "date_end": "2016-02-01",
    "deaths_civilians": "1",
    "low": "2",
    "best": "3",
    "high": "5",
}
_ACLED = {
    "event_id_cnty": "SYR1",
    "event_date": "3 February 2017",
    "event_type": "Battles",
    "sub_event_type": "",
    "actor1": "A",
    "actor2": "B",
    "country": "Syria",
    "admin1": "Aleppo",
    "fatalities": "2",
}
_AIRWARS = {
    "airwars_id": "1",
    "date": "2016-01-04",
    "date_end": "2016-02-01",
    "region": "Aleppo",
    "governorate": "Aleppo",
    "belligerent": '"Russian Military, US-led Coalition"',
    "civ_grading": "Fair",
    "civ_killed_min": "2.0",
    "civ_killed_max": "5.0",
    "civ_inj_min": "",
    "civ_inj_max": "1",
}
_VOTE = {
    "rcid": "5300",
    "vote": "1",
    "Country": "FRA",
    "Countryname": "France",
    "date": "2012-02-16",
    "unres": "R/66/253",
    "short": "",
    "descr": "Situation in the Syrian Arab Republic",
}


def _csv(*rows: dict[str, str], comma: str = ",") -> bytes:
    lines = [comma.join(rows[0]), *(comma.join(row.values()) for row in rows)]
    return ("\n".join(lines) + "\n").encode()


def _publishers() -> dict[str, list[bytes]]:
    days = [
        dict.fromkeys((vdc.DAY, *vdc.PROVINCES), "0.0") | {"day": f"2016-02-{day:02}"} for day in (1, 2, 9)
    ]
    causes = [
        dict.fromkeys(("day", *VDC_CAUSES), "1.0") | {"day": day} for day in ("2016-02-01", "2016-02-16")
    ]
    month = {
        "month": "2016-01",
        "province_origin": "Aleppo",
        "status": "Civilian",
        "cause": "Warplane shelling",
    }
    meeting = {
        "record": "S/PV.1",
        "date": "2016-01-04",
        "topic": "The situation in the Middle East",
        "outcome": "--",
    }
    veto = {"date": "10/4/2011", "draft": "S/2011/612", "crisis_topic": "Syria", "member_veto1": "Russia"}
    veto |= {"member_veto2": "China", "member_veto3": ""}
    return {
        "acled": [_csv(_ACLED, _ACLED | {"event_id_cnty": "SYR2", "country": "Iraq"})],
        "airwars": [_csv(_AIRWARS, _AIRWARS | {"airwars_id": "2", "date": ""})],
        "coalition": [
            _csv(
                {"date": "2015-10-01", "place": "Aleppo", "strikes": "2"},
                {"date": "2015-10-13", "place": "Mosul", "strikes": "1"},
                comma="\t",
            )
        ],
        "ucdp": [_csv(_GED, _GED | {"id": "2", "date_prec": "5"}, _GED | {"id": "3", "country_id": "645"})],
        "unsc": [_csv(meeting, meeting | {"record": "S/PV.2 (closed)", "date": "2016-03-01"})],
        "unvotes": [
            _csv(_VOTE, _VOTE | {"Country": "RUS", "vote": "3"}, _VOTE | {"Country": "SSD", "vote": "9"})
        ],
        "vdc": [_csv(*days)],
        "vdc_causes": [_csv(*causes)],
        "vdc_composition": [
            _csv(month | {"deaths": "7"}, month | {"province_origin": "Idlib", "deaths": "1"})
        ],
        "vetoes": [_csv(veto)],
    }


def _packed(content: bytes) -> list[bytes]:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("export.csv"), content)
    return [gzip.compress(content, mtime=0), stream.getvalue()]


def _head(path: Path, lines: int) -> bytes:
    return b"".join(path.read_bytes().splitlines(keepends=True)[:lines])


@cache
def samples(target: str) -> tuple[bytes, ...]:
    """Sound inputs of a target, and the seeds of its past failures."""
    data = repository() / "data"
    notebook = {
        "cells": [{"cell_type": "code", "source": ["1"], "metadata": {}}],
        "metadata": {},
        "nbformat": 4,
    }
    made: dict[str, list[bytes]] = {
        **{f"ingest-{name}": [*found, *_packed(found[0])] for name, found in _publishers().items()},
        "table": [
            bytes([place]) + _head(data / DECLARED[name].path, 6)
            for place, name in enumerate(TABLES)
            if (data / DECLARED[name].path).exists()
        ],
        "sidecar": [(data / "evidence" / f"{name}.yml").read_bytes() for name in SMALL],
        "corrections": [
            (data / "corrections.yml").read_bytes(),
            b"- label: a\n  target: towns\n  match: {town_id: T-AZAZ}\n  action: override\n  expect: {name_en: Azaz}\n"
            b"  set: {name_en: Other}\n  reason: r\n  source_ids: [a-source]\n  status: open\n",
        ],
        "judgements": [_head(data / "judgements.yml", 14)],
        "ledger": [json.dumps(json.loads((data / "ledger.json").read_bytes())[:2]).encode() + b"\n"],
        "notebook": [json.dumps(notebook).encode()],
        "manifest": [
            b'{"edition":{"title":"","version":"1","released":"","commit":"","data":"0"},"files":{"a":"b"},"format":1}'
        ],
        "verify": [
            bytes([place]) + (data / name).read_bytes()
            for place, name in enumerate(FOLDER_FILES)
            if (data / name).stat().st_size < 20_000
        ],
        "commands": [b"ITV-12", b"F-01", b"vdc", b"../../x"],
        "cells": [
            b"2016-02-03",
            b"2016-02",
            b"3 February 2016",
            b"3.0",
            b"1e5",
            b"S/PV.1",
            b"a",
            b"5/4/2016",
        ],
    }
    assert set(made) == set(TARGETS), set(made) ^ set(TARGETS)
    return (*made[target], *(path.read_bytes() for path in seeds(target)))


def seeds(target: str) -> list[Path]:
    """Inputs on which a target failed before it was mended."""
    return sorted((SEEDS / target).glob("*")) if (SEEDS / target).is_dir() else []


@st.composite
def edited(draw: st.DrawFn, target: str) -> bytes:
    """A sample with one to four edits of the kinds that files suffer."""
    content = draw(st.sampled_from(samples(target)))
    for _ in range(draw(st.integers(1, 4))):
        content = draw(st.sampled_from(_EDITS))(draw, content)
    return content


def _cell(draw: st.DrawFn, content: bytes) -> bytes:
    lines = content.split(b"\n")
    line = draw(st.integers(0, len(lines) - 1))
    comma = draw(st.sampled_from([b",", b"\t", b": ", b" "]))
    cells = lines[line].split(comma)
    cells[draw(st.integers(0, len(cells) - 1))] = draw(st.sampled_from(NASTY) | st.binary(max_size=12))
    lines[line] = comma.join(cells)
    return b"\n".join(lines)


def _inserted(draw: st.DrawFn, content: bytes) -> bytes:
    place = draw(st.integers(0, len(content)))
    cut = draw(st.integers(0, 8))
    return content[:place] + draw(st.sampled_from(NASTY) | st.binary(max_size=8)) + content[place + cut :]


def _cut(draw: st.DrawFn, content: bytes) -> bytes:
    return content[: draw(st.integers(0, len(content)))]


def _lines(draw: st.DrawFn, content: bytes) -> bytes:
    lines = content.split(b"\n")
    place = draw(st.integers(0, len(lines) - 1))
    return b"\n".join(
        [*lines[:place], *(lines[place : place + 1] * draw(st.integers(0, 3))), *lines[place + 1 :]]
    )


def _replaced(draw: st.DrawFn, content: bytes) -> bytes:
    old = draw(st.sampled_from([b"\n", b",", b"0", b"1", b"a", b"2016", b"-", b": ", b'"', b"]", b"'"]))
    return content.replace(old, draw(st.sampled_from(NASTY[:60])), draw(st.integers(1, 3)))


def _archived(draw: st.DrawFn, content: bytes) -> bytes:
    return draw(st.sampled_from(_packed(content)))


_EDITS = (_cell, _cell, _inserted, _cut, _lines, _replaced, _archived)
