"""Publishers' own files in, aggregated series out: one module per publisher, listed here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from aleppo.evidence.errors import AleppoError
from aleppo.evidence.paths import data_dir
from aleppo.ingest import vdc
from aleppo.ingest.folder import IngestResult

__all__ = ["PUBLISHERS", "IngestResult", "Publisher", "ingest"]


@dataclass(frozen=True)
class Publisher:
    """A publisher whose file can be ingested: what the file is, its terms, and what it must contain."""

    name: str
    title: str
    file: str
    origin: str
    licence: str
    columns: tuple[str, ...]
    table: str
    ingest: Callable[[Path, Path], IngestResult]


PUBLISHERS: dict[str, Publisher] = {
    publisher.name: publisher
    for publisher in (
        Publisher(
            name="vdc",
            title="Violations Documentation Center in Syria",
            file="recorded deaths per day and province of origin, as comma-separated values",
            origin="https://vdc-sy.net/",
            licence="none stated; credit the Violations Documentation Center",
            columns=vdc.COLUMNS,
            table=vdc.TABLE,
            ingest=vdc.ingest,
        ),
    )
}


def ingest(publisher: str, file: Path, out_dir: Path | None = None) -> IngestResult:
    """Run the ingest of ``publisher`` on ``file``; the series goes to ``out_dir``, else to the data folder.

    Raises AleppoError for an unknown publisher, EvidenceError with every fault of a file that is not sound;
    then nothing has been written.
    """
    if publisher not in PUBLISHERS:
        raise AleppoError(
            f"{publisher}: expected a publisher, one of {', '.join(sorted(PUBLISHERS))}, found none so called"
        )
    return PUBLISHERS[publisher].ingest(file, out_dir or data_dir())
