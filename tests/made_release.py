"""A made-up newer release of UCDP GED: the published series turned back into events, then revised.

One event stands for each row of the series, so that the ingest gives the series again but for the revision:
Aleppo's deaths of 2016 are raised, and three months before the first one are added. Nothing of it is real.
"""

from __future__ import annotations

import csv
from pathlib import Path

from aleppo.evidence.paths import repository
from publisher_files import ged

SERIES = "data/series/ucdp_ged_monthly.csv"
TYPES = {"state_based": "1", "non_state": "2", "one_sided": "3"}
RAISED, ALEPPO = 1.17, "SY02"
ADDED = ("2015-10", "2015-11", "2015-12")


def release() -> str:
    """The made-up file as text."""
    with (repository() / "data" / "evidence" / "governorates.csv").open(encoding="utf-8", newline="") as file:
        names = {row["governorate"]: row["name_en"] for row in csv.DictReader(file)}
    with (repository() / SERIES).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    first = next(row for row in rows if row["governorate"] == ALEPPO)
    events = [first | {"month": month, "events": "1"} for month in ADDED]
    for row in rows:
        counts = {name: int(row[name]) for name in ("low", "best", "high", "deaths_civilians")}
        if row["governorate"] == ALEPPO and row["month"].startswith("2016"):
            counts = {name: round(count * RAISED) for name, count in counts.items()}
        events += [row | {name: str(count) for name, count in counts.items()}]
        # the rest of the row's events, without deaths, so that their number stays what it was
        events += [row | dict.fromkeys(counts, "0") for _ in range(int(row["events"]) - 1)]
    return ged(*(_event(row, names.get(row["governorate"], "")) for row in events))


def write_release(folder: Path) -> Path:
    """The file below ``folder`` under the name that the publisher gives to release 26.1."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "GEDEvent_v26_1.csv"
    path.write_text(release(), encoding="utf-8", newline="")
    return path


def _event(row: dict[str, str], governorate: str) -> dict[str, str]:
    return {
        "year": row["month"][:4],
        "type_of_violence": TYPES[row["type_of_violence"]],
        "adm_1": f"{governorate} Governorate" if governorate else "",
        "date_start": f"{row['month']}-05",
        "date_end": f"{row['month']}-05",
        "deaths_civilians": row["deaths_civilians"],
        "low": row["low"],
        "best": row["best"],
        "high": row["high"],
    }
