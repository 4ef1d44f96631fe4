"""Series that ``aleppo ingest`` makes out of publishers' files, beside the weekly deaths of the VDC, all together.

``TABLES`` are part of the data. ``OWN_FILE_TABLES`` are for a reader's own file: the publisher's terms do not
allow to pass the data on, or the book does not use it.
"""

from __future__ import annotations

from aleppo.evidence.tables.publisher_deaths import (
    ACLED_MONTHLY,
    UCDP_GED_MONTHLY,
    VDC_CAUSES_WEEKLY,
    VDC_COMPOSITION_MONTHLY,
    VDC_DEATHS_DAILY,
)
from aleppo.evidence.tables.publisher_strikes import AIRWARS_MONTHLY, COALITION_STRIKES_WEEKLY
from aleppo.evidence.tables.publisher_un import UNSC_MEETINGS_MONTHLY, UNVOTES_SYRIA

TABLES = (
    VDC_DEATHS_DAILY,
    VDC_CAUSES_WEEKLY,
    VDC_COMPOSITION_MONTHLY,
    AIRWARS_MONTHLY,
    UCDP_GED_MONTHLY,
    UNSC_MEETINGS_MONTHLY,
    COALITION_STRIKES_WEEKLY,
)
OWN_FILE_TABLES = (ACLED_MONTHLY, UNVOTES_SYRIA)
