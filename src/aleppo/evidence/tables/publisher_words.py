"""Names that publishers' series share: areas, causes, gradings, and the columns that they have in common."""

from __future__ import annotations

from aleppo.evidence.tables.core import CODE, INTEGER, MONTH, WEEK, Column

GOVERNORATES = tuple(f"SY{number:02d}" for number in range(1, 15))
OUTSIDE = "outside_syria"
UNMAPPED = "unmapped"

# Unions of governorates for which deaths are kept by day. No governorate is in two of them and none stands
# alone: with either, the publisher's own rows could be worked out of the series.
VDC_REGIONS = {
    "north_west": ("SY02", "SY05", "SY06", "SY07"),
    "capital": ("SY01", "SY03"),
    "south": ("SY12", "SY13", "SY14"),
    "centre_and_east": ("SY04", "SY08", "SY09", "SY10", "SY11"),
}
WHOLE = "all"

VDC_CAUSES = (
    "Chemical Weapon",
    "Detention",
    "Execution",
    "Explosion",
    "Lack of Medical Access",
    "Shelling",
    "Shooting",
    "Siege",
    "Unknown",
)
VDC_BATCH2_CAUSES = (
    "Chemical and toxic gases",
    "Detention - Execution",
    "Detention - Torture",
    "Detention - Torture - Execution",
    "Explosion",
    "Field Execution",
    "Kidnapping - Execution",
    "Kidnapping - Torture",
    "Kidnapping - Torture - Execution",
    "Other",
    "Shelling",
    "Shooting",
    "Siege",
    "Un-allowed to seek Medical help",
    "Unknown",
    "Warplane shelling",
)
VDC_STATUSES = ("Civilian", "Non-Civilian")
OTHER_NATIONALITY = "other_nationality"
UNKNOWN = "unknown"

NOT_STATED = "not stated"
AIRWARS_GRADINGS = (
    "Confirmed",
    "Fair",
    "Weak",
    "Contested",
    "Discounted",
    "Contested, Discounted",
    NOT_STATED,
)
ATTRIBUTIONS = ("single", "several", "not_stated")
UCDP_TYPES = ("state_based", "non_state", "one_sided")
COUNTRIES = ("SYR", "IRQ", UNMAPPED)

WEEK_COLUMN = Column("week", WEEK, "Monday on which the week begins.", hxl="#date+week")
MONTH_COLUMN = Column("month", MONTH, "Month of the rows that were counted.", hxl="#date+month")


def governorate(meaning: str, *further: str) -> Column:
    """The column of governorates by P-code, and of the ``further`` places that a series counts apart."""
    return Column("governorate", CODE, meaning, allowed=(*GOVERNORATES, *further), hxl="#adm1+code")


def count(name: str, meaning: str, unit: str, hxl: str, required: bool = True) -> Column:
    """A column that counts ``unit``, from zero."""
    return Column(name, INTEGER, meaning, unit=unit, required=required, low=0, hxl=hxl)
