"""The figures and tables of the claims ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from aleppo.claims.exhibits import ARTICLE_SOURCES
from aleppo.claims.ledger import BOOK
from aleppo.claims.verdict import CONFIDENCES, SCALE
from aleppo.show import theme
from aleppo.show.figure import Figure
from aleppo.show.ledger import VERDICT_WORDS, says_text
from aleppo.show.numbers import count, share
from aleppo.show.table import Table
from aleppo.show.wording import sentence

ARTICLES = {"cnn": "CNN", "itv": "ITV", BOOK: "This book"}
"""Article → its name, in the order of rows."""
SOURCES = tuple(ARTICLE_SOURCES.values())
COLOURS = {
    verdict: theme.colour(name)
    for verdict, name in zip(
        SCALE, ("blue", "sky", "amber", "vermilion", "purple", "slate", "green", "rose"), strict=True
    )
}
"""Verdict → colour, in the order of the scale."""
# Signs beside the colours, so that a bar can be read without them.
PATTERNS = dict(zip(SCALE, ("", "/", "x", "\\", ".", "-", "", "|"), strict=True))
AGAINST = ("not_supported", "corrected")
TO_LOOK_UP = ("Actor", "Date", "Event", "Number")
"""Kinds of claims that can be held against a row of a table."""
OWN = (
    "The findings of this book were written from its evidence, so that their bars show only that they still follow "
    "from it."
)

Entry = Mapping[str, Any]


def frame(entries: Sequence[Entry]) -> pd.DataFrame:
    """The ledger in rows of words: ``claim, article, domain, kind, paraphrase, verdict, confidence, shows, chapter``.

    ``code`` and ``by`` keep the verdict's code and whether a function or a judgement decided.
    """
    return pd.DataFrame(
        {
            "claim": entry["claim"],
            "article": ARTICLES[entry["article"]],
            "domain": _words(entry["domain"]),
            "kind": _words(entry["kind"]),
            "paraphrase": sentence(entry["paraphrase"]),
            "verdict": _words(VERDICT_WORDS[entry["verdict"]]),
            "confidence": _words(entry["confidence"]),
            "shows": sentence(says_text(entry)),
            "chapter": _words(entry["chapter"].rpartition("/")[2].replace("-", "_")) or pd.NA,
            "code": entry["verdict"],
            "by": "judgement" if entry["test"] == "judgement" else "computed",
        }
        for entry in entries
    )


def _words(code: str) -> str:
    return code.replace("_", " ").capitalize()


def scores(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    """How many claims have each verdict, for every article and value of ``by`` (``domain`` or ``kind``).

    ``rows`` is :func:`frame`. Columns ``article``, ``by``'s name, one per verdict of the scale, and ``claims``.
    """
    table = rows.groupby(["article", by])["code"].value_counts().unstack(fill_value=0)
    table = table.reindex(columns=list(SCALE), fill_value=0)
    order = {name: place for place, name in enumerate(ARTICLES.values())}
    listed = table.assign(claims=table.sum(axis="columns")).reset_index()
    listed.columns.name = None
    return listed.sort_values(
        ["article", by], key=lambda cells: cells.map(order) if cells.name == "article" else cells
    ).reset_index(drop=True)


def score_figure(rows: pd.DataFrame, by: str) -> Figure:
    """One bar for each article and value of ``by``, parted by verdict. ``rows`` is :func:`frame`.

    By kind the findings of the book are left out, whose kinds are others.
    """
    if by == "kind":
        rows = rows[rows["article"] != ARTICLES[BOOK]]
    table = scores(rows, by)
    labels = [f"{row['article']}: {row[by].lower()}" for _, row in table.iterrows()]
    fig = go.Figure()
    for verdict in [name for name in SCALE if table[name].any()]:
        fig.add_bar(
            y=labels,
            x=table[verdict].to_list(),
            orientation="h",
            name=_words(VERDICT_WORDS[verdict]),
            marker={
                "color": COLOURS[verdict],
                "pattern": {
                    "shape": PATTERNS[verdict],
                    "size": 7,
                    "solidity": 0.2,
                    "fillmode": "overlay",
                    "fgcolor": theme.PAPER,
                },
                "line": {"width": 0},
            },
            hovertemplate=f"%{{y}}<br>{VERDICT_WORDS[verdict]}: %{{x}}<extra></extra>",
        )
    largest = int(table["claims"].max())
    for label, claims in zip(labels, table["claims"], strict=True):
        theme.label(fig, int(claims), label, count(claims), theme.MUTED)
    fig.update_layout(
        barmode="stack", height=150 + 25 * len(table), showlegend=True, legend={"traceorder": "normal"}
    )
    fig.update_xaxes(range=[0, largest * 1.1])
    fig.update_yaxes(
        categoryorder="array",
        categoryarray=labels[::-1],
        tickvals=labels,
        ticklabelstandoff=6,
        showgrid=False,
    )
    return Figure(
        fig,
        id=f"scorecard-{by}",
        title=_by_kind(rows) if by == "kind" else _by_article(rows),
        caption=(
            f"One bar for each article and {by}, parted by verdict; at its end how many claims they are. "
            + ("The findings of this book are left out." if by == "kind" else OWN)
        ),
        alt=f"Stacked bars. {' '.join(_bar_words(row, by) for _, row in table.iterrows())}",
        sources=SOURCES,
        tables=("claims", "findings"),
        data=table,
        narrow={"yaxis": {"tickfont": {"size": 11}}, "height": 270 + 25 * len(table)},
    )


def _by_article(rows: pd.DataFrame) -> str:
    articles = rows[rows["article"] != ARTICLES[BOOK]]
    told = [
        f"{name}: {share((part['code'] == 'supported').mean())} supported, "
        f"{share(part['code'].isin(AGAINST).mean())} not supported or corrected"
        for name, part in articles.groupby("article")
    ]
    return (
        f"Of the claims of each article, {'; '.join(told)}"
        if told
        else "What became of the findings of the book"
    )


def _by_kind(rows: pd.DataFrame) -> str:
    plain = rows["kind"].isin(TO_LOOK_UP)
    told = [
        share((part["code"] == "supported").mean()) if len(part) else "none"
        for part in (rows[plain], rows[~plain])
    ]
    return (
        f"Of the articles' claims on actors, dates, events and numbers {told[0]} are supported, of assessments, causes "
        f"and forecasts {told[1]}"
    )


def _bar_words(row: pd.Series, by: str) -> str:
    parts = [f"{count(row[verdict])} {VERDICT_WORDS[verdict]}" for verdict in SCALE if row[verdict]]
    return f"{row['article']}, {row[by].lower()}: {', '.join(parts)}."


def score_table(rows: pd.DataFrame) -> Table:
    """Verdicts by article, and how many were decided by a function. ``rows`` is :func:`frame`."""
    by_article = rows.groupby("article")
    table = by_article["code"].value_counts().unstack(fill_value=0).reindex(columns=list(SCALE), fill_value=0)
    table = table.assign(
        claims=by_article.size(),
        computed=by_article["by"].agg(lambda cells: int((cells == "computed").sum())),
        **{name: by_article["confidence"].agg(_of(name)) for name in CONFIDENCES},
    )
    named = [name for name in ARTICLES.values() if name in table.index]
    turned = table.loc[named].T.reset_index(names="row")
    words = {**{code: _words(text) for code, text in VERDICT_WORDS.items()}, "claims": "All"}
    words |= {"computed": "Decided by a computation"} | {
        name: f"With {name} confidence" for name in CONFIDENCES
    }
    turned["row"] = turned["row"].map(words)
    turned.columns.name = None
    return Table(
        turned,
        id="scorecard",
        caption="Verdicts on the claims of each article and on the findings of this book, and how they were decided",
        columns={"row": "Verdict", **{name: name for name in named}},
        formats=dict.fromkeys(named, count),
        sources=SOURCES,
        tables=("claims", "findings"),
    )


def _of(confidence: str) -> Any:
    return lambda cells: int((cells == confidence.capitalize()).sum())


def scale_table() -> Table:
    """What each verdict means."""
    scale = pd.DataFrame(
        {"verdict": [_words(VERDICT_WORDS[name]) for name in SCALE], "means": list(SCALE.values())}
    )
    return Table(
        scale,
        id="verdict-scale",
        caption="The scale of verdicts",
        columns={"verdict": "Verdict", "means": "What it means"},
        sources=SOURCES,
        tables=("claims", "findings"),
    )


def ledger_table(rows: pd.DataFrame) -> Table:
    """The whole ledger to search and filter; in print what is not supported or corrected. ``rows`` is :func:`frame`."""
    kept = [place for place, code in enumerate(rows["code"]) if code in AGAINST]
    return Table(
        rows.drop(columns="code"),
        id="ledger",
        caption=(
            "Every claim with its verdict. The id leads to the entry, with sources for and against. In print, the "
            "claims that are not supported or corrected; all stand on the pages that follow"
        ),
        columns={
            "claim": "Claim",
            "paraphrase": "What is said",
            "verdict": "Verdict",
            "confidence": "Confidence",
            "shows": "What the evidence shows",
            "chapter": "Chapter",
        },
        formats={"claim": "claim"},
        sources=SOURCES,
        tables=("claims", "findings"),
        print_rows=kept or 10,
        explore={
            "verdict": "Verdict",
            "article": "Article",
            "domain": "Domain",
            "kind": "Kind",
            "confidence": "Confidence",
            "by": "Decided by",
        },
    )
