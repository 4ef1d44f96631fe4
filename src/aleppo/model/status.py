"""Whether a regression was estimated, and if not, why not."""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """What became of a regression."""

    OK = 0
    NO_DEATHS = 1
    BREAK_OUTSIDE = 2
    BASELINE_BEFORE_DATA = 3
    HORIZON_PAST_DATA = 4
    NO_DEATHS_IN_WINDOW = 5
    NO_DEATHS_BEFORE = 6
    NO_DEATHS_AFTER = 7
    TOO_FEW_WEEKS = 8
    EXPOSURE_NOT_POSITIVE = 9
    SEPARATED = 10
    NOT_CONVERGED = 11
    UNBOUNDED = 12
    COMPARISON_FAILED = 13

    @property
    def words(self) -> str:
        """The reason in words, for tables and messages."""
        return _WORDS[self]


_WORDS = {
    Status.OK: "estimated",
    Status.NO_DEATHS: "no deaths in the whole series",
    Status.BREAK_OUTSIDE: "the break is outside the series",
    Status.BASELINE_BEFORE_DATA: "the baseline begins before the data",
    Status.HORIZON_PAST_DATA: "the horizon runs past the data",
    Status.NO_DEATHS_IN_WINDOW: "no deaths in the window",
    Status.NO_DEATHS_BEFORE: "no deaths before the break",
    Status.NO_DEATHS_AFTER: "no deaths after the break",
    Status.TOO_FEW_WEEKS: "too few weeks for the parameters",
    Status.EXPOSURE_NOT_POSITIVE: "the exposure is not positive in every week",
    Status.SEPARATED: "separated: the counts do not bound the coefficients",
    Status.NOT_CONVERGED: "the fit did not converge",
    Status.UNBOUNDED: "the interval reaches beyond a factor of a million million",
    Status.COMPARISON_FAILED: "the comparison series could not be estimated",
}
