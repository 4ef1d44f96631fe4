"""The figure a notebook shows: one object, and every face of it made from that one.

The mime bundle carries ``application/vnd.plotly.v1+json`` (data, layout, config; no template, no title) with
all the rest under ``layout.meta.aleppo``: id, title, caption, alt, sources, vintage, rows and csv. The book
makes of it the numbered HTML figure, the still's check, the print image and the CSV file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from aleppo.evidence.errors import AleppoError
from aleppo.show import axes, theme
from aleppo.show.plain import compact, csv_text, marked_cells, plain, printed, tidy
from aleppo.show.vintage import vintage
from aleppo.show.wording import (
    checked_id,
    checked_names,
    checked_text,
    escaped,
    sentence,
    sources_words,
)

MIME = "application/vnd.plotly.v1+json"
# What the small bundle draws (scripts/bundle_plotly.mjs); the whole one draws these too.
TRACE_TYPES = frozenset({"bar", "heatmap", "scatter"})
# Parts of a layout that the small bundle does not have.
NOT_BUNDLED = ("images", "selections", "sliders", "updatemenus")
LARGEST = 400_000
# Part of the still's hash: raise it when the way stills are drawn changes.
DRAWING = 1

CONFIG: dict[str, Any] = {
    "responsive": True,
    "displaylogo": False,
    "displayModeBar": False,
    "plotlyServerURL": "",
    "showTips": False,
}


class Figure:
    """A chart with everything a reader needs to cite, read and check it. Display it as a cell's last line.

    fig      plotly figure; no title, no template, colours of ``aleppo.show.theme`` only
    id       kebab-case; the book's label is ``fig-<id>`` and the files are ``<id>.svg`` and ``<id>.csv``
    title    the finding, one sentence; caption: what is drawn and how to read it; alt: the chart in words
    sources  ids of the table ``sources``; tables: names of the tables the data came from
    data     the tidy frame that was drawn, for the download
    narrow   layout to lay over the figure's own on a narrow screen
    still    another plotly figure to print and to show before scripts run; without one, ``fig`` itself
    steps    states that a slider walks through (``aleppo.show.map_steps``); needs a ``still``, since the page
             before scripts and the print have no slider

    Raises AleppoError when the figure could not be drawn the same everywhere: see `checked`.
    """

    def __init__(
        self,
        fig: go.Figure,
        *,
        id: str,
        title: str,
        caption: str,
        alt: str,
        sources: Sequence[str],
        tables: Sequence[str],
        data: pd.DataFrame,
        narrow: Mapping[str, Any] | None = None,
        still: go.Figure | None = None,
        steps: Mapping[str, Any] | None = None,
    ) -> None:
        self.id = checked_id("figure", id)
        what = f"figure {id}"
        if not isinstance(fig, go.Figure):
            raise AleppoError(f"{what}: expected a plotly Figure, found {type(fig).__name__}")
        frame = tidy(data, what)
        cells = marked_cells(frame)
        title, self.alt = _named_and_described(title, alt, what)
        if steps and still is None:
            raise AleppoError(f"{what}: expected a still beside its steps (print has no slider), found none")
        about: dict[str, Any] = {
            "id": self.id,
            "title": title,
            "caption": checked_text(f"{what}: caption", caption),
            "alt": self.alt,
            "sources": checked_names(f"{what}: sources", sources),
            "tables": checked_names(f"{what}: tables", tables),
            "vintage": vintage(tables),
            "rows": len(frame),
            "csv": csv_text(frame),
        }
        if still is not None:
            shown = _payload(still, f"{what}: still", {}, {}, cells)
            about["still"] = {"data": shown["data"], "layout": _without_meta(shown["layout"])}
        if steps:
            about["steps"] = _walked(steps, what, cells)
        self.payload = checked(_payload(fig, what, about, narrow or {}, cells), what)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {MIME: self.payload, "text/plain": self.alt}


def _named_and_described(title: str, alt: str, what: str) -> tuple[str, str]:
    """Title and alt text, if both say something and not the same."""
    title = checked_text(f"{what}: title", title)
    alt = sentence(checked_text(f"{what}: alt", alt))
    if alt.rstrip(".") == title.rstrip("."):
        raise AleppoError(f"{what}: expected an alt text that describes the chart, found the title again")
    return title, alt


def _walked(steps: Mapping[str, Any], what: str, cells: Sequence[str]) -> dict[str, Any]:
    """The steps of a slider as they are stored; of its words, names and texts are drawn by plotly."""
    walked = plain(steps, f"{what}: steps")
    return walked | {name: printed(walked[name], cells) for name in ("names", "texts") if name in walked}


def about(payload: Mapping[str, Any]) -> dict[str, Any] | None:
    """What ``layout.meta.aleppo`` of a stored figure says, or None if it is not one of this module."""
    meta = payload.get("layout", {}).get("meta")
    found = meta.get("aleppo") if isinstance(meta, Mapping) else None
    return dict(found) if isinstance(found, Mapping) and "id" in found else None


def cell_metadata(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Metadata of the cell that shows the figure: its label and caption, which make the book number it."""
    facts = about(payload)
    if facts is None:
        raise AleppoError(
            "a stored figure: expected one made by aleppo.show.Figure, found another plotly figure"
        )
    caption = (
        f"**{escaped(sentence(facts['title']))}** {escaped(sentence(facts['caption']))} "
        f"{sources_words(facts['sources'], facts['vintage'], 'chart')}"
    )
    return {"mystnb": {"figure": {"name": f"fig-{facts['id']}", "caption": caption}}}


def _without_meta(layout: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in layout.items() if key != "meta"}


def still_drawing(payload: Mapping[str, Any]) -> dict[str, Any]:
    """What the still shows, as plotly draws it: the figure, or the other one that it was given to print."""
    return drawing((about(payload) or {}).get("still") or payload)


def drawing(payload: Mapping[str, Any], *, narrow: bool = False) -> dict[str, Any]:
    """The figure as plotly draws it in light colours: data, layout with the house template, and frames."""
    layout = _without_meta(payload["layout"])
    house = theme.template()
    if narrow:
        house = theme.merged(house, theme.narrow_template())
        layout = theme.merged(layout, (about(payload) or {}).get("narrow", {}))
    drawn = {"data": payload["data"], "layout": {**layout, "template": house}}
    if payload.get("frames"):
        drawn["frames"] = payload["frames"]
    return drawn


def drawing_hash(payload: Mapping[str, Any]) -> str:
    """Hash of all that decides how the still looks: data, layout, template, colours, size."""
    parts = {"drawing": still_drawing(payload), "width": theme.STILL_WIDTH, "version": DRAWING}
    return hashlib.sha256(compact(parts).encode()).hexdigest()


def for_the_page(payload: Mapping[str, Any]) -> dict[str, Any]:
    """What the page's script needs of the payload: without the words and the CSV, which the page has."""
    facts = about(payload) or {}
    meta = {key: facts[key] for key in ("id", "narrow", "steps") if key in facts}
    return {**payload, "layout": {**payload["layout"], "meta": meta}}


def checked(payload: dict[str, Any], what: str) -> dict[str, Any]:
    """``payload``, if it draws the same in every edition of the book.

    Raises AleppoError for a title inside the chart, a fixed width, a trace that the small plotly bundle
    cannot draw (WebGL and maps among them), a colour outside the theme, and more data than a page can carry.
    """
    _check_drawing(payload, what)
    if still := (about(payload) or {}).get("still"):
        _check_drawing(still, f"{what}: still")
    size = len(compact(for_the_page(payload)))
    if size > LARGEST:
        raise AleppoError(
            f"{what}: expected at most {LARGEST:,} characters of data on the page, found {size:,} (aggregate it)"
        )
    return payload


def _check_drawing(payload: Mapping[str, Any], what: str) -> None:
    layout = _without_meta(payload["layout"])
    if layout.get("title"):
        raise AleppoError(f"{what}: expected no title inside the chart (the caption carries it), found one")
    if layout.get("width"):
        raise AleppoError(f"{what}: expected the width of the page, found a fixed one")
    for key in layout:
        if key.startswith(("geo", "map", "scene", "polar")):
            raise AleppoError(
                f"{what}: expected flat axes, found {key!r} "
                '(a map is drawn as scatter(fill="toself"), so that nothing is fetched)'
            )
    if left_out := [key for key in NOT_BUNDLED if layout.get(key)]:
        raise AleppoError(
            f"{what}: expected what the small plotly bundle has (scripts/bundle_plotly.mjs), found {left_out[0]!r}"
        )
    for number, trace in enumerate(payload["data"]):
        kind = trace.get("type", "scatter")
        if kind not in TRACE_TYPES:
            hint = ' (plotly.express: render_mode="svg")' if kind == "scattergl" else ""
            raise AleppoError(
                f"{what}: trace {number}: expected one of {', '.join(sorted(TRACE_TYPES))}, found {kind!r}{hint}"
            )
    foreign = theme.foreign_colours([*_colours(payload["data"], "data"), *_colours(layout, "layout")])
    if foreign:
        place, value = foreign[0]
        raise AleppoError(f"{what}: {place}: expected a colour of aleppo.show.theme, found {value!r}")


def _payload(
    fig: go.Figure, what: str, facts: dict[str, Any], narrow: Mapping[str, Any], cells: Sequence[str]
) -> dict[str, Any]:
    source = fig.to_plotly_json()
    data = [
        printed(plain(trace, f"{what}: trace {place}", gaps="connectgaps" in trace), cells)
        for place, trace in enumerate(source["data"])
    ]
    own = {key: value for key, value in source["layout"].items() if key != "template"}
    layout = printed(plain(own, f"{what}: layout"), cells)
    layout.setdefault("height", theme.HEIGHT)
    window = (layout.pop("meta", None) or {}).get("window")
    _default_legend(data, layout)
    axes.word_the_days(data, layout)
    chosen = theme.merged(
        axes.narrow_window(layout, window), printed(plain(narrow, f"{what}: narrow"), cells)
    )
    small = theme.merged(axes.place_marks(data, layout, chosen, what, window), chosen)
    small = axes.titles_in_words(layout, small, window)
    axes.check_break(layout, what)
    told = {"window": window["name"]} if window and facts else {}
    layout["meta"] = {"aleppo": {**facts, **told, **({"narrow": small} if small else {})}}
    payload = {"data": data, "layout": layout, "config": dict(CONFIG)}
    frames = [
        printed(plain(dict(frame.to_plotly_json()), f"{what}: frame {place}", gaps=True), cells)
        for place, frame in enumerate(fig.frames)
    ]
    if frames:
        payload["frames"] = frames
    return payload


def _default_legend(data: list[dict[str, Any]], layout: dict[str, Any]) -> None:
    """A legend only for traces that were given a name, and only where there are two to tell apart."""
    named = [trace for trace in data if trace.get("name") and trace.get("showlegend", True)]
    layout.setdefault("showlegend", len(named) > 1)
    for trace in data:
        if not trace.get("name"):
            trace.setdefault("showlegend", False)


def _colours(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """(place, colour) of every colour written in ``value``: what stands under a key named for one."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            here = f"{place}.{key}"
            if key.lower().endswith(("color", "colors", "colorway", "colorscale")):
                yield from _named_colours(item, here)
            else:
                yield from _colours(item, here)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, Mapping | list):
                yield from _colours(item, f"{place}[{index}]")


def _named_colours(item: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(item, str):
        yield place, item
    elif isinstance(item, Mapping):
        yield from _colours(item, place)
    elif isinstance(item, list):
        for part in item:
            yield from _named_colours(part, place)
