"""Numbers of the sentences on months, in the chapter on who counts the dead."""

from __future__ import annotations

import pandas as pd

from aleppo.measure.estimates import against_range, over_common_months
from aleppo.show.numbers import Printed, count, count_range

COUNTED = ("SOHR", "SNHR", "UCDP")
ALLEGED, GRADED = "Airwars, all alleged", "Airwars, fair or confirmed"
MARCH, LAST = "2016-03", "2016-12"


def of_common_months(civilians: pd.DataFrame) -> dict[str, Printed]:
    """Civilian deaths by all parties over the months that the three counters share, by the keys of the prose.

    ``civilians`` is the part of :func:`aleppo.measure.estimates.monthly_figures` on civilians killed in Syria.
    """
    sums = over_common_months(civilians, COUNTED).set_index("counter")
    months = sums["months"].iloc[0].split(";")
    totals = {f"counts-common-{name.lower()}": count(sums.at[name, "best"]) for name in COUNTED}
    return {"counts-common-months": count(len(months))} | totals


def of_russian_months(russian: pd.DataFrame) -> dict[str, Printed]:
    """Civilian deaths attributed to Russian strikes, the Network's beside Airwars' range, by the keys of the prose.

    ``russian`` is the part of :func:`aleppo.measure.estimates.monthly_figures` on these deaths in Syria.
    """
    march = russian[russian["month"] == MARCH].set_index("counter")
    to_the_end = russian[russian["month"] <= LAST]
    graded = against_range(to_the_end, "SNHR", GRADED)
    alleged = against_range(to_the_end, "SNHR", ALLEGED)
    placed = {
        f"counts-placed-{place}": count((graded == place).sum()) for place in ("below", "inside", "above")
    }
    return placed | {
        "counts-placed": count(len(graded)),
        "counts-placed-all": count((alleged == "below").sum()),
        "counts-march-snhr": count(march.at["SNHR", "best"]),
        "counts-march-airwars": count_range(*march.loc[ALLEGED, ["low", "high"]]),
        "counts-march-fair": count_range(*march.loc[GRADED, ["low", "high"]]),
    }
