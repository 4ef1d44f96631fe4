"""What a reader can take away of a figure or table: its files, its citation and its address, in one fold under it.

The fold is the browser's own (``details``), so that it opens by keyboard and without scripts and moves nothing before
it is opened. The files are written where the links lead; pictures, which take longest, together at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any, cast

from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri

from aleppo.bookkit import citation, exports
from aleppo.bookkit.cite import LABELS, citation_path, known
from aleppo.bookkit.pictures import Picture, pictures
from aleppo.bookkit.store import Store
from aleppo.show.theme import darkened
from aleppo.show.wording import vintage_words

SUMMARY = "Download and cite"


def put(builder: Any, path: str, content: str | bytes) -> str:
    """Write a file of the edition at ``path`` below its first page; its address as seen from the page in hand."""
    target = Path(builder.outdir) / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return address(builder, path)


def address(builder: Any, path: str) -> str:
    """The address of a file of the edition as seen from the page that is being written, for an attribute."""
    return escape(relative_uri(builder.get_target_uri(builder.current_docname), path), quote=True)


def stills(builder: Any, still: Path, facts: Mapping[str, Any]) -> dict[str, str]:
    """Write the still of a figure in light and dark colours, if it has one: mode → address."""
    if not still.is_file():
        return {}
    base, picture = f"_static/figures/{facts['id']}", still.read_text(encoding="utf-8")
    return {
        "light": put(builder, f"{base}.svg", picture),
        "dark": put(builder, f"{base}-dark.svg", darkened(picture)),
    }


def of_figure(builder: Any, facts: Mapping[str, Any], still: Path) -> str:
    """The fold of a figure: its data, its picture in two formats, its citation."""
    base = f"_static/figures/{facts['id']}"
    links = [_link(put(builder, f"{base}.csv", facts["csv"]), "Data (CSV)", _extent(facts["rows"], facts))]
    if still.is_file():
        links.append(_link(address(builder, f"{base}.svg"), "Picture (SVG)"))
        links.append(
            _link(address(builder, f"{base}.png"), "Picture (PNG)", "with its title and where it comes from")
        )
        text = still.read_text(encoding="utf-8")
        _ordered(builder.app)[f"{base}.png"] = Picture(text, facts["title"], _credit(builder.app, facts))
    return _fold(builder, f"fig-{facts['id']}", links)


def of_table(builder: Any, payload: Mapping[str, Any]) -> str:
    """The fold of a table: all of its rows in three formats, its citation."""
    base, name = f"_static/tables/{payload['id']}", f"tab-{payload['id']}"
    book, part = _cited(builder.app, name)
    about = exports.about_table(payload, part, book)
    links = [
        _link(put(builder, f"{base}.csv", payload["csv"]), "CSV", _extent(len(payload["rows"]), payload)),
        _link(put(builder, f"{base}.xlsx", exports.table_workbook(payload, about)), "Excel workbook (XLSX)"),
        _link(put(builder, f"{base}.parquet", exports.table_parquet(payload, about)), "Parquet"),
    ]
    return _fold(builder, name, links)


def _extent(rows: int, facts: Mapping[str, Any]) -> str:
    noun = "row" if rows == 1 else "rows"
    return f"{rows:,}\u00a0{noun}, data as of {vintage_words(facts['vintage'])}"


def _link(where: str, words: str, said: str = "") -> str:
    return f'<li><a href="{where}" download>{words}</a>{f" ({escape(said)})" if said else ""}</li>'


def _fold(builder: Any, name: str, links: list[str]) -> str:
    return (
        f'<details class="aleppo-more aleppo-take"><summary>{SUMMARY}</summary>'
        f"<ul>{''.join(links)}</ul>{_citation(builder, name)}</details>"
    )


def _citation(builder: Any, name: str) -> str:
    """The citation in words, to copy, with its files; and the address that stays."""
    book, part = _cited(builder.app, name)
    if book is None or part is None:
        return ""
    files = " · ".join(
        f'<a href="{address(builder, citation_path(part, ending))}" download>{label}</a>'
        for label, ending in LABELS.values()
    )
    return (
        f'<div class="highlight"><pre class="aleppo-apa">{escape(citation.apa(part, book))}</pre></div>'
        f'<p>{files} · <a href="#{escape(part.place)}">Link to this {part.kind}</a></p>'
    )


def _cited(app: Sphinx, name: str) -> tuple[citation.Book | None, citation.Part | None]:
    """The book, and the part that is cited by ``name``; nothing where no book says how it is cited."""
    if not (Path(app.srcdir) / citation.FILE).is_file():
        return None, None
    book, parts = known(app)
    return book, parts.get(name)


def _credit(app: Sphinx, facts: Mapping[str, Any]) -> str:
    book, part = _cited(app, f"fig-{facts['id']}")
    return exports.credit(facts, part, book)


# --- pictures, all of them at the end ------------------------------------------------------------------------


def _ordered(app: Sphinx) -> dict[str, Picture]:
    """The pictures that the pages of this build lead to: path → what to compose."""
    if not hasattr(app, "_aleppo_pictures"):
        app._aleppo_pictures = {}  # type: ignore[attr-defined]
    return cast("dict[str, Picture]", app._aleppo_pictures)  # type: ignore[attr-defined]


def write_pictures(app: Sphinx, error: Exception | None) -> None:
    """Once every page is written: the pictures that they lead to."""
    if error is not None or app.builder.format != "html":
        return
    for path, content in pictures(_ordered(app), Store.of(app)).items():
        (Path(app.outdir) / path).write_bytes(content)
    Store.of(app).tidy()


def setup(app: Sphinx) -> None:
    """Connect the pictures."""
    app.connect("build-finished", write_pictures)
