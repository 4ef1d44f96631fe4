"""Control: our share of eastern Aleppo on a day against each share that was published for it."""

from __future__ import annotations

import pandas as pd

from aleppo.measure import control
from aleppo.measure.reconcile.amounts import Amount, Check, frame

FIRST, REFERENCE, LAST = "2016-11-01", "2016-11-15", "2016-12-22"
ONE_DAY = pd.Timedelta(days=1)
# every published figure is compared as the share that the opposition still held
WORDS = {
    "share_retaken": "share still held, published as the share retaken",
    "share_remaining": "share still held",
    "area_retaken": "share still held, published as the area retaken",
    "area_remaining": "share still held, published as the area remaining",
}
REASON = (
    "Half of our band, since contested neighbourhoods count half by convention, and half of the spread of "
    "the shares that were published within a day: publishers differ as much among themselves."
)


def control_shares(spells: pd.DataFrame, places: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Our midpoint of the share of eastern Aleppo held by the opposition against each published share.

    In percentage points. The tolerance is half of our band on the day, for contested neighbourhoods count half
    by convention, and half of the distance between the highest and the lowest share published within a day of
    it: our figure cannot be asked to be nearer to a publisher than publishers are to each other.
    """
    lost = control.lost_between(spells, "opposition", REFERENCE, LAST)
    pocket = spells[spells["place_id"].isin(lost)]
    shares = control.held_share(control.held_area(pocket, places, "opposition", FIRST, LAST), REFERENCE)
    both = control.residuals(shares, control.published_shares(published, REFERENCE, LAST))
    both = both.merge(published[["published_id", "verified"]], on="published_id", how="left")
    return frame(
        Check(
            row["published_id"],
            "control",
            f"{row['date'].date().isoformat()}: {WORDS[row['measure']]}",
            row["attributed_to"],
            "percentage points",
            Amount(*(100 * row[name] for name in ("firm", "midpoint", "upper"))),
            Amount(best=100 * row["share"]),
            100 * tolerance(row["date"], row["upper"] - row["firm"], both),
            REASON,
            row["source_ids"],
            str(row["verified"]),
        )
        for row in both.to_dict("records")
    )


def tolerance(day: pd.Timestamp, band: float, published: pd.DataFrame) -> float:
    """Half of our ``band`` and half of the spread of the ``share`` published within a day of ``day``."""
    near = published.loc[(published["date"] - day).abs() <= ONE_DAY, "share"]
    return float(band + near.max() - near.min()) / 2
