"""Publishers' own files in, aggregated series out: one module per publisher, listed here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from aleppo.evidence.errors import AleppoError
from aleppo.evidence.paths import data_dir
from aleppo.ingest import (
    acled,
    airwars,
    coalition,
    ucdp,
    unsc,
    unvotes,
    vdc,
    vdc_causes,
    vdc_composition,
)
from aleppo.ingest.folder import refuse_no_folder
from aleppo.ingest.reading import Progress
from aleppo.ingest.result import Difference, IngestResult

__all__ = ["PUBLISHERS", "Difference", "IngestResult", "Progress", "Publisher", "ingest"]


@dataclass(frozen=True)
class Publisher:
    """A publisher whose file can be ingested: what the file is, its terms, and what it must contain.

    ``table`` is the series that comes of it, ``also`` are further ones. ``ingest`` takes the file, the data
    folder to write to, and ``progress`` where ``streams`` says so.
    """

    name: str
    title: str
    file: str
    origin: str
    licence: str
    columns: tuple[str, ...]
    table: str
    ingest: Callable[..., IngestResult]
    streams: bool = True
    also: tuple[str, ...] = ()

    @property
    def tables(self) -> tuple[str, ...]:
        """Every series that the file is made into."""
        return (self.table, *self.also)

    @property
    def lines(self) -> tuple[str, ...]:
        """What a person should know before looking for the file."""
        return (
            f"{self.name}: {self.title}",
            f"  file      {self.file}",
            f"  from      {self.origin}",
            f"  licence   {self.licence}",
            f"  columns   {', '.join(self.columns)}",
            f"  series    {', '.join(self.tables)}",
        )


PUBLISHERS: dict[str, Publisher] = {
    publisher.name: publisher
    for publisher in (
        Publisher(
            name="acled",
            title="Armed Conflict Location & Event Data",
            file="the standard export of events as CSV, columns from before or after March 2023",
            origin="https://acleddata.com/ (with an account of your own)",
            licence="ACLED's terms of use: not to be passed on, so the book has no series of it",
            columns=acled.COLUMNS,
            table=acled.TABLE,
            ingest=acled.ingest,
        ),
        Publisher(
            name="airwars",
            title="Airwars, incidents of alleged civilian harm in Syria",
            file="one row per incident as CSV",
            origin="https://airwars.org/civilian-casualties/ (the archive, flattened)",
            licence="none stated; credit Airwars",
            columns=airwars.COLUMNS,
            table=airwars.TABLE,
            ingest=airwars.ingest,
        ),
        Publisher(
            name="coalition",
            title="US-led coalition, strikes per place and day",
            file="date, place and strikes with tabs between them",
            origin="https://www.theguardian.com/ (compiled from reports of US Central Command)",
            licence="none stated; credit the Guardian",
            columns=coalition.COLUMNS,
            table=coalition.TABLE,
            ingest=coalition.ingest,
        ),
        Publisher(
            name="ucdp",
            title="Uppsala Conflict Data Program, Georeferenced Event Dataset (GED)",
            file="GED of any version from 17 to 26 as .csv, .csv.gz or .zip, of Syria or global",
            origin="https://ucdp.uu.se/downloads/",
            licence="CC BY 4.0",
            columns=ucdp.COLUMNS,
            table=ucdp.TABLE,
            ingest=ucdp.ingest,
        ),
        Publisher(
            name="unsc",
            title="United Nations Security Council, meeting log",
            file="one row per meeting as CSV",
            origin="https://research.un.org/en/docs/sc/quick/meetings/ (tables of meetings by year)",
            licence="United Nations content; none stated in the copy",
            columns=unsc.COLUMNS,
            table=unsc.TABLE,
            ingest=unsc.ingest,
        ),
        Publisher(
            name="unvotes",
            title="Votes of members of the United Nations General Assembly (Erik Voeten)",
            file="one row per member and roll call as CSV, releases from 2019 on",
            origin="https://doi.org/10.7910/DVN/LEJUQZ",
            licence="the terms of the release; the book has no series of it",
            columns=unvotes.COLUMNS,
            table=unvotes.TABLE,
            ingest=unvotes.ingest,
        ),
        Publisher(
            name="vdc",
            title="Violations Documentation Center in Syria",
            file="recorded deaths per day and province of origin, as comma-separated values",
            origin="https://vdc-sy.net/",
            licence="none stated; credit the Violations Documentation Center",
            columns=vdc.COLUMNS,
            table=vdc.TABLE,
            ingest=vdc.ingest,
            streams=False,
            also=(vdc.ALSO,),
        ),
        Publisher(
            name="vdc_causes",
            title="Violations Documentation Center in Syria",
            file="recorded deaths per day and cause, as comma-separated values",
            origin="https://vdc-sy.net/",
            licence="none stated; credit the Violations Documentation Center",
            columns=vdc_causes.COLUMNS,
            table=vdc_causes.TABLE,
            ingest=vdc_causes.ingest,
        ),
        Publisher(
            name="vdc_composition",
            title="Violations Documentation Center in Syria, second batch of records",
            file="recorded deaths per month, province of origin, civil status and cause",
            origin="https://vdc-sy.net/",
            licence="none stated; credit the Violations Documentation Center",
            columns=vdc_composition.COLUMNS,
            table=vdc_composition.TABLE,
            ingest=vdc_composition.ingest,
        ),
    )
}


def ingest(
    publisher: str, file: Path, out_dir: Path | None = None, progress: Progress | None = None
) -> IngestResult:
    """Run the ingest of ``publisher`` on ``file``; the series goes to ``out_dir``, else to the data folder.

    ``progress`` is told the bytes read so far and the bytes of the file. A hyphen in the name does as well
    as an underscore. Raises AleppoError for an unknown publisher, EvidenceError for a file that is not
    sound; then nothing has been written.
    """
    name = publisher.replace("-", "_")
    if name not in PUBLISHERS:
        raise AleppoError(
            f"{publisher}: expected a publisher, one of {', '.join(sorted(PUBLISHERS))}, found none so called"
        )
    chosen = PUBLISHERS[name]
    target = out_dir or data_dir()
    refuse_no_folder(target)
    if progress is not None and chosen.streams:
        return chosen.ingest(file, target, progress)
    return chosen.ingest(file, target)
