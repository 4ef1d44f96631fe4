"""Single rows of the table of estimates, by their id."""

from __future__ import annotations

import pandas as pd


def estimate(estimates: pd.DataFrame, estimate_id: str) -> pd.Series:
    """The row of one estimate; KeyError when there is none."""
    return estimates.set_index("estimate_id").loc[estimate_id]
