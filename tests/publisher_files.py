"""Small files in the shapes that publishers ship, made up for the tests, and what an ingest makes of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pytest

from aleppo.evidence import EvidenceError
from aleppo.ingest import IngestResult, ingest
from data_copy import DataCopy

# The 49 columns of a recent release of UCDP GED
_GED = (
    "id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,conflict_name,"
    "dyad_dset_id,dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a,side_b_dset_id,side_b_new_id,"
    "side_b,number_of_sources,source_article,source_office,source_date,source_headline,source_original,"
    "where_prec,where_coordinates,where_description,adm_1,adm_2,latitude,longitude,geom_wkt,priogrid_gid,"
    "country,country_id,region,event_clarity,date_prec,date_start,date_end,deaths_a,deaths_b,"
    "deaths_civilians,deaths_unknown,best,high,low,gwnoa,gwnob"
)
GED_COLUMNS = tuple(_GED.split(","))

GED_EVENT = {
    "id": "1",
    "year": "2016",
    "type_of_violence": "1",
    "source_article": "a made-up article",
    "where_prec": "1",
    "adm_1": "Aleppo Governorate",
    "latitude": "36.2",
    "longitude": "37.1",
    "country": "Syria",
    "country_id": "652",
    "date_prec": "1",
    "date_start": "2016-07-03",
    "date_end": "2016-07-03",
    "deaths_civilians": "1",
    "low": "2",
    "best": "3",
    "high": "5",
}


def csv_text(
    rows: Iterable[dict[str, str]], columns: Iterable[str], ends: str = "\n", comma: str = ","
) -> str:
    """Rows as a publisher writes them; cells that are not named are empty."""
    names = list(columns)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator=ends, delimiter=comma)
    writer.writerow(names)
    writer.writerows([row.get(name, "") for name in names] for row in rows)
    return stream.getvalue()


def ged(*events: dict[str, str], ends: str = "\n") -> str:
    """A GED file; each event is ``GED_EVENT`` with other cells, and an id of its own unless one is given."""
    rows = [GED_EVENT | {"id": str(number)} | event for number, event in enumerate(events, 1)]
    return csv_text(rows, GED_COLUMNS, ends)


def put(folder: Path, content: str | bytes, name: str = "export.csv") -> Path:
    """The file ``name`` with ``content`` below ``folder``."""
    path = folder / name
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def series(result: IngestResult) -> pd.DataFrame:
    """The series that an ingest wrote, as text."""
    return pd.read_csv(result.path, dtype="string", keep_default_na=False)


def refused(publisher: str, file: Path, data_copy: DataCopy) -> str:
    """The line with which ``file`` is refused, nothing in the data folder having changed."""
    before = data_copy.fingerprint()
    with pytest.raises(EvidenceError) as caught:
        ingest(publisher, file)
    assert data_copy.fingerprint() == before
    line = str(caught.value)
    assert "\n" not in line
    assert line.startswith(str(file))
    return line.removeprefix(str(file)).removeprefix(":").strip()
