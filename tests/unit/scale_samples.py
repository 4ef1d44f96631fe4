"""A small study on made-up counts, for tests of how work is divided, kept and read."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from aleppo.measure.toll import Counts
from aleppo.model import scale
from aleppo.model.multiverse import Choices
from aleppo.model.scale import Piece, Study

DAY = "2014-09-30"
PLACEBO = ("2013-06-04", "2013-06-11")
FEW = Choices(baseline=(52,), horizon=(26, 52), season=("none", "month"), donut=(0,), slope=(True,))


@cache
def counts(areas: tuple[tuple[str, float], ...] = (("SY01", 1.0), ("SY02", 2.0))) -> dict[str, Counts]:
    """One outcome by week and one by month, of ``areas`` (code and relative size) and all."""
    generator = np.random.default_rng(5)
    weeks = pd.date_range("2011-01-03", periods=300, freq="7D")
    months = pd.date_range("2011-01-01", periods=72, freq="MS")

    def table(index: pd.DatetimeIndex, size: float) -> pd.DataFrame:
        frame = pd.DataFrame(
            {
                code: generator.negative_binomial(3, 3 / (3 + size * scale), len(index))
                for code, scale in areas
            },
            index=index,
        )
        return frame.assign(all=frame.sum(axis=1))

    return {
        "weekly": Counts(table(weeks, 20), np.ones(len(weeks)), "week"),
        "monthly": Counts(table(months, 60), months.days_in_month.to_numpy() / 7, "month"),
    }


def study(resamples: int = 4, **further: object) -> Study:
    """3 breaks by week, 2 by month, 2 models: 10 tasks, each with ``resamples``."""
    chosen = {"placebo": PLACEBO, "choices": FEW, "resamples": resamples} | further
    return scale.study("SY02", counts(), ["SY01"], DAY, **chosen)  # type: ignore[arg-type]


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


class Counting:
    """An engine that does the work here, in another order, and remembers which pieces it was given."""

    def __init__(self, after: int | None = None) -> None:
        self.names: list[str] = []
        self.after = after

    def each(self, pieces: Sequence[Piece], work: object) -> Iterator[tuple[Piece, bytes]]:
        for number, piece in enumerate(reversed(pieces)):
            if number == self.after:
                raise KeyboardInterrupt
            self.names.append(piece.name)
            yield piece, work(piece)  # type: ignore[operator]


def killed_once(piece: Piece, flag: str) -> bytes:
    """The work, but for the first process that comes here: it is killed in the middle."""
    from aleppo.model.scale import compute

    with contextlib.suppress(FileExistsError):
        Path(flag).touch(exist_ok=False)
        os.kill(os.getpid(), signal.SIGKILL)
    return compute(piece)
