"""UCDP: our monthly series, and the events that it leaves out, against yearly figures."""

from __future__ import annotations

import pandas as pd

from aleppo.measure.reconcile.amounts import Amount, Check, amount, frame
from aleppo.measure.reconcile.figures import estimate

ALEPPO = "SY02"
RAISED = 0.17
"""By how much release 26.1 raised the deaths of a whole year, as Our World in Data found on taking it over."""

YEARS = (
    # check, governorate (none: all of Syria), year, the yearly figure, what the series leaves out
    ("ucdp-aleppo-2016", ALEPPO, "2016", "ALP-015", "ALP-078"),
    ("ucdp-syria-2016", "", "2016", "SYR-030", "SYR-055"),
    ("ucdp-syria-2017", "", "2017", "SYR-031", "SYR-056"),
)
SAME = "One extract, counted twice: none."
LATER = (
    "The yearly figure is of release 25.1, the series of the line of 19.1. Releases add events that were coded "
    "late, and Our World in Data found that one release raised a year by 17 percent."
)


def ucdp_years(series: pd.DataFrame, estimates: pd.DataFrame) -> pd.DataFrame:
    """Sums of the monthly series and of the events it leaves out, by year, against yearly figures.

    The series leaves out events known only to the year or to the country; the table of estimates has their
    deaths. For Aleppo in 2016 the yearly figure is a tally of the same extract, for Syria it is that of a
    later release of the publisher, which may have raised a year by ``RAISED`` of what it was.
    """
    raised = 1 - 1 / (1 + RAISED)
    checks = []
    for check, area, year, published_id, left_out_id in YEARS:
        published, left_out = estimate(estimates, published_id), estimate(estimates, left_out_id)
        some = series[series["month"].str.startswith(year)]
        if area:
            some = some[some["governorate"] == area]
        checks.append(
            Check(
                check,
                "ucdp",
                f"{published['area']} {year}: {some['best'].sum():,} deaths by month and "
                f"{left_out['best']:,.0f} in events without a month or a place",
                "UCDP",
                "people",
                Amount(
                    *(float(some[name].sum()) + float(left_out[name]) for name in ("low", "best", "high"))
                ),
                amount(published),
                0.0 if area else raised * float(published["best"]),
                SAME if area else LATER,
                ";".join(dict.fromkeys([str(left_out["source_ids"]), str(published["source_ids"])])),
                "yes" if {published["verified"], left_out["verified"]} == {"yes"} else "no",
            )
        )
    return frame(checks)
