"""Tests of claims and findings on the front lines."""

from __future__ import annotations

from aleppo.claims.exhibits import Exhibits
from aleppo.claims.registry import computed
from aleppo.claims.verdict import Amount, Verdict
from aleppo.measure import control

REFERENCE, LAST = "2016-11-15", "2016-12-22"
NOVEMBER, DECEMBER = "2016-11-28", "2016-12-12"


@computed("F-01", chapter="notebooks/who-held-the-city", figure="fig-east-share")
def eastern_pocket(exhibits: Exhibits) -> Verdict:
    """The share of the mid-November pocket that was left, firm to upper, on the two days."""
    spells, places = exhibits["control_spells"], exhibits["places"]
    pocket = spells[spells["place_id"].isin(control.lost_between(spells, "opposition", REFERENCE, LAST))]
    shares = control.held_share(control.held_area(pocket, places, "opposition", REFERENCE, LAST), REFERENCE)
    first, last = (
        Amount("share", low=row["firm"], best=row["midpoint"], high=row["upper"])
        for row in (shares.loc[NOVEMBER], shares.loc[DECEMBER])
    )
    held = shares.loc[NOVEMBER, "firm"] > 0.45 and shares.loc[NOVEMBER, "upper"] < 0.75
    left = shares.loc[DECEMBER, "upper"] < 1 / 6
    return Verdict(
        verdict="supported" if held and left else "partly",
        confidence="medium",
        reason="Coded from dated reports; published shares of the same days lie mostly within or below the range.",
        says=(
            "Of the pocket of 15 November the opposition held {november} on 28 November and {december} on "
            "12 December."
        ),
        figures={"november": first, "december": last},
    )
