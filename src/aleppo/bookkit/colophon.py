"""The colophon: what edition this is, what type it is set in, what of others it carries, and whose data.

Comments of ``book/colophon.md`` are replaced when the book is made. The edition is named by its version, its date and
a hash of its data, none of which depends on the commit it was made from: two checkouts with the same files make the
same page. The print edition takes its imprint and its cover from here as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from aleppo.bookkit import assets, citation, current, markers, shipped
from aleppo.bookkit.catalogue import text
from aleppo.bookkit.plural import counted
from aleppo.bookkit.printing.fonts import FORMULAS, MONO, FontChoice, choose_fonts
from aleppo.bookkit.shipped import Component
from aleppo.bookkit.vintages import list_table
from aleppo.bookkit.web_fonts import FACES, faces
from aleppo.evidence import data_dir, load
from aleppo.evidence.errors import MissingTable
from aleppo.evidence.manifest import present_tables, read_sidecar, sidecar_path
from aleppo.show.cover import cover
from aleppo.show.numbers import date

EDITION, TYPE, SHIPPED, DATA = (
    "% colophon-edition",
    "% colophon-type",
    "% colophon-shipped",
    "% colophon-data",
)
SHORT = 12  # digits of a hash that tell two states of the data apart
COVER = "On the cover: the neighbourhoods of Aleppo, a line each, coloured by who held them from day to day."


def edition_lines(root: Path, data: Path) -> str:
    """MyST definition list of what names the edition."""
    book = citation.book_of(root)
    facts = [
        ("Version", text(book.version)),
        ("Released", date(book.released)),
        ("Data", f"`{current.digest_data(data)}` (SHA-256 over all tables)"),
        ("Cite as", text(cited(root))),
    ]
    return "\n\n".join(f"{term}\n: {said}" for term, said in facts) + "\n"


def cited(root: Path) -> str:
    """The citation of the book by version and date alone."""
    book = replace(citation.book_of(root), commit="")
    return citation.apa(citation.Part("book", "book", book.title), book)


def type_sentences(fonts: FontChoice, served: Iterable[str]) -> str:
    """Which typefaces the two editions are set in; ``served`` are the families of the web edition."""
    families = " and ".join(dict.fromkeys((fonts.serif, fonts.sans)))
    web = " and ".join(served) or "the reader's own type"
    return (
        f"The print edition is set in {families}, Arabic in {fonts.arabic}, formulas in {FORMULAS}, code in {MONO}. "
        f"The web edition is set in {web}, code in the reader's own type of one width.\n"
    )


def served_families() -> list[str]:
    """Families of the fonts that the web edition serves, in their order."""
    there = faces(assets.assets_dir())
    return list(dict.fromkeys(FACES[sheet][0] for sheet in FACES) if there else ())


def shipped_table(components: Sequence[Component]) -> str:
    """MyST table of what of others the book carries."""
    rows = [
        (
            text(each.name),
            text(each.purpose or f"part of {each.inside}"),
            text(each.licence),
        )
        for each in components
    ]
    caption = "Software and typefaces of others that the book carries, with the licences that they state"
    return list_table(caption, "tab-colophon-shipped", (44, 32, 24), ("What", "For", "Licence"), rows)


def terms_table(data: Path) -> str:
    """MyST table of the terms of every publisher whose data the book has, as their sidecars tell."""
    tables: dict[tuple[str, str, str], list[str]] = {}
    for table in present_tables(data):
        sidecar = read_sidecar(sidecar_path(data, table))
        licence = sidecar["licence"]
        name = text(licence["name"])
        terms = f"[{name}]({licence['url']})" if licence["url"] else name
        key = (sidecar["publisher"], terms, date(str(licence["checked"])))
        tables.setdefault(key, []).append(licence["basis"])
    rows = [
        (
            f"{text(publisher)}: {counted(len(bases), 'table')}",
            f"{terms}: {text('; '.join(_whole(bases)))}",
            checked,
        )
        for (publisher, terms, checked), bases in tables.items()
    ]
    caption = "Publishers of the data and their terms"
    head = ("Publisher", "Licence and where it is said", "Looked up")
    return list_table(caption, "tab-colophon-data", (34, 46, 20), head, rows)


def _whole(reasons: Iterable[str]) -> list[str]:
    """``reasons`` once each, without those that another one contains."""
    once = list(dict.fromkeys(reasons))
    return [reason for reason in once if not any(reason in other for other in once if other != reason)]


def parts(root: Path, data: Path) -> dict[str, Callable[[], str]]:
    """Comment → what writes the text in its place, for the book at ``root`` made of ``data``."""
    return {
        EDITION: lambda: edition_lines(root, data),
        TYPE: lambda: type_sentences(choose_fonts(assets.font_dirs()), served_families()),
        SHIPPED: lambda: shipped_table(shipped.components()),
        DATA: lambda: terms_table(data),
    }


def _write_into(app: Sphinx, docname: str, source: list[str]) -> None:
    markers.fill(source, parts(Path(app.srcdir), data_dir()))


def imprint(app: Sphinx) -> list[str]:
    """The lines of the back of the title page: how to cite, which data, where the rest is said, and the cover."""
    data = current.digest_data(data_dir())[:SHORT]
    return [
        f"Cite as: {cited(Path(app.srcdir))}",
        f"Made from data with the SHA-256 {data}…; the colophon has it in full, with typefaces, software and terms.",
        COVER,
    ]


def drawn_cover(app: Sphinx) -> str | None:
    """The picture of the cover; None with data that say nothing of who held the city."""
    try:
        return cover(load("control_spells"))
    except MissingTable:
        return None


def setup(app: Sphinx) -> dict[str, Any]:
    """Write the page where it asks for it, and give the print edition its imprint and its cover."""
    app.setup_extension("aleppo.bookkit.print")
    app.connect("source-read", _write_into)
    app.connect("print-imprint", imprint)
    app.connect("print-cover", drawn_cover)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
