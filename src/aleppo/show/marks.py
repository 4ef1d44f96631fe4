"""What every table and figure says the same way: which rows are not verified, and which sources rows cite."""

from __future__ import annotations

import pandas as pd

from aleppo.evidence import split_list

NOT_VERIFIED = "†"
"""Stands after what no page that was read says; a caption that has it says so."""


def marked(text: str, verified: str, sign: str = NOT_VERIFIED) -> str:
    """``text``, with ``sign`` after it where ``verified`` is not yes."""
    return text if verified == "yes" else f"{text} {sign}".strip()


def cited(rows: pd.DataFrame, *further: str) -> list[str]:
    """Ids of the sources that ``rows`` cite in ``source_ids``, and ``further`` ones, each once, sorted."""
    return sorted(
        {source for cell in rows["source_ids"].dropna() for source in split_list(cell)} | set(further)
    )
