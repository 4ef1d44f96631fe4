"""The print edition: Sphinx builder ``typstpdf``, the whole book as one PDF composed by the Typst wheel.

    python -m sphinx -b typstpdf -d _build/.doctrees . _build/pdf

or, with a Jupyter Book configuration, :func:`jupyter_book.sphinx.build_sphinx` with ``builder="typstpdf"``. The
builder shares the document trees of the HTML build. It needs no TeX, no browser, no system fonts and no network;
with the same sources and the same ``SOURCE_DATE_EPOCH`` it writes the same bytes in any folder.

For the LaTeX builders the extension converts SVG figures to PDF, and defines the command for Arabic runs.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import typst
from docutils import nodes
from sphinx import addnodes
from sphinx.builders import Builder
from sphinx.errors import ConfigError, SphinxError
from sphinx.transforms.post_transforms.images import ImageConverter
from sphinx.util import logging
from sphinx.util.display import progress_message

from aleppo.bookkit import assets
from aleppo.bookkit.typst_writer import PageWriter, Placed, Raw, Shared, call, escape, literal, survey
from aleppo.evidence.files import write_atomic

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

logger = logging.getLogger(__name__)

MIME_TYPES = (
    "application/pdf",
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "text/latex",
    "text/markdown",
    "text/plain",
)
"""Notebook outputs that can be printed, best first; the project's own types come from its renderers."""

DEFAULTS: dict[str, Any] = {
    "target": "book",
    "title": None,
    "subtitle": None,
    "version": None,
    "date": None,
    "licence": None,
    "address": None,
    "opening": "Summary",
    "keywords": [],
    "notes": [],
    "show_urls": "footnote",
    "template": "book/print/book.typ",
}
SERIF, SANS, ARABIC, ARABIC_FALLBACK = "Libertinus Serif", "Source Sans 3", "Amiri", "DejaVu Sans Mono"
STANDARD: Literal["ua-1"] = "ua-1"


class CompositionError(SphinxError):
    """Typst refused the document."""

    category = "Print edition"


# ---- settings ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Settings:
    """``print_book`` of the configuration, completed."""

    target: str
    title: str
    subtitle: str | None
    authors: list[str]
    version: str
    moment: datetime
    licence: str | None
    address: str | None
    opening: str
    keywords: list[str]
    notes: list[str]
    show_urls: str
    template: Path
    language: str


def settings(config: Config, confdir: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of the print edition.

    Raises :class:`sphinx.errors.ConfigError` on an unknown key, a date that cannot be read, or no date at all.
    """
    unknown = sorted(set(config.print_book) - set(DEFAULTS))
    if unknown:
        raise ConfigError(f"print_book: unknown key {unknown[0]!r}; known are {', '.join(sorted(DEFAULTS))}")
    given = DEFAULTS | config.print_book
    if given["show_urls"] not in ("footnote", "no"):
        raise ConfigError(f"print_book.show_urls: expected 'footnote' or 'no', found {given['show_urls']!r}")
    unnamed = config.project in ("", "Python", "Project name not set")
    return Settings(
        target=given["target"],
        title=given["title"] or str(config.html_title if unnamed else config.project),
        subtitle=given["subtitle"],
        authors=[name.strip() for name in re.split(r",| and ", config.author) if name.strip()],
        version=str(given["version"] or config.release or own_version()),
        moment=moment(given["date"], confdir, environ),
        licence=given["licence"],
        address=given["address"],
        opening=given["opening"],
        keywords=list(given["keywords"]),
        notes=list(given["notes"]),
        show_urls=given["show_urls"],
        template=confdir / given["template"],
        language=config.language or "en",
    )


def own_version() -> str:
    try:
        return version("aleppo")
    except PackageNotFoundError:  # the module is used without being installed
        return "0"


def moment(given: str | date | None, confdir: Path, environ: Mapping[str, str]) -> datetime:
    """The book's date: SOURCE_DATE_EPOCH, else the configured one, else that of the newest entry of CHANGELOG.md."""
    epoch = environ.get("SOURCE_DATE_EPOCH")
    if epoch:
        if not epoch.isdigit():
            raise ConfigError(f"SOURCE_DATE_EPOCH: expected seconds since 1970, found {epoch!r}")
        return datetime.fromtimestamp(int(epoch), UTC)
    if given is None:
        changes = confdir / "CHANGELOG.md"
        text = changes.read_text(encoding="utf-8") if changes.is_file() else ""
        found = re.search(r"^## .*\((\d{4}-\d{2}-\d{2})\)", text, re.MULTILINE)
        if found is None:
            raise ConfigError(
                "print_book.date: set a date, or SOURCE_DATE_EPOCH, or date an entry of CHANGELOG.md"
            )
        given = found.group(1)
    try:
        day = given if isinstance(given, date) else date.fromisoformat(given)
    except ValueError:
        raise ConfigError(f"print_book.date: expected YYYY-MM-DD, found {given!r}") from None
    return datetime.combine(day, time(), UTC)


# ---- fonts ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FontChoice:
    folders: list[str]
    serif: str
    sans: str
    arabic: str
    missing: tuple[str, ...]

    def inputs(self) -> dict[str, str]:
        """What the template reads as ``sys.inputs``."""
        return {"serif": self.serif, "sans": self.sans, "arabic": self.arabic}


def choose_fonts(folders: list[Path]) -> FontChoice:
    """The families to set the book in, out of those in ``folders`` and those that the Typst wheel brings."""
    paths = [str(folder) for folder in folders]
    there = set(typst.Fonts(font_paths=paths, include_system_fonts=False).families())
    return FontChoice(
        folders=paths,
        serif=SERIF,
        sans=SANS if SANS in there else SERIF,
        arabic=ARABIC if ARABIC in there else ARABIC_FALLBACK,
        missing=tuple(name for name in (SANS, ARABIC) if name not in there),
    )


# ---- the order of the book --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """A captioned part of the table of contents with its pages (docname, depth) in order."""

    caption: str | None
    numbered: bool
    pages: list[tuple[str, int]]


def parts_of(app: Sphinx, root: str) -> list[Part]:
    """The parts below the root page, in the order of the table of contents."""
    return [
        Part(tree.get("caption"), bool(tree.get("numbered")), list(_pages_below(app, tree, 0)))
        for tree in app.env.get_doctree(root).findall(addnodes.toctree)
    ]


def _pages_below(app: Sphinx, tree: nodes.Element, depth: int) -> Iterator[tuple[str, int]]:
    for _, docname in tree["entries"]:
        if docname in app.env.all_docs:
            yield docname, depth
            for below in app.env.get_doctree(docname).findall(addnodes.toctree):
                yield from _pages_below(app, below, depth + 1)


# ---- the builder ------------------------------------------------------------------------------------------------


class TypstPdfBuilder(Builder):
    """Writes the whole book as ``<target>.pdf``; the Typst project it was made from stays in ``typst/``."""

    name = "typstpdf"
    format = "typst"
    epilog = "The print edition is in %(outdir)s."
    allow_parallel = False
    supported_image_types = [  # noqa: RUF012  (a plain list in the class it comes from)
        "image/svg+xml",
        "application/pdf",
        "image/png",
        "image/jpeg",
        "image/gif",
    ]

    def init(self) -> None:
        self.settings = settings(self.config, Path(self.app.confdir))
        self.project = Path(self.outdir) / "typst"
        self.source = self.project / f"{self.settings.target}.typ"
        self.pdf = Path(self.outdir) / f"{self.settings.target}.pdf"

    def get_outdated_docs(self) -> str:
        return "all documents"

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        return f"%{docname}"

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        return self.get_target_uri(to, typ)

    def prepare_writing(self, docnames: set[str]) -> None:
        """Nothing is written page by page."""

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """Nothing is written page by page."""

    def write(self, build_docnames: Any, updated_docnames: Any, method: str = "update") -> None:
        with progress_message("writing the book as one Typst document"):
            if self.project.exists():
                shutil.rmtree(self.project)
            (self.project / "images").mkdir(parents=True)
            body = self.assemble()
            self.copy_images()
            self.copy_template()
            self.source.write_text(self.opening_lines() + body, encoding="utf-8", newline="\n")

    def finish(self) -> None:
        with progress_message("composing the PDF"):
            fonts = choose_fonts(assets.font_dirs())
            for family in fonts.missing:
                logger.info("")
                logger.info(
                    "print edition: %s is not installed, its place is taken by %s; 'make env' fetches the fonts",
                    family,
                    fonts.sans if family == SANS else fonts.arabic,
                )
            made = self.compose(fonts)
            write_atomic(self.pdf, made)

    # ---- writing ----

    def resolved(self, docname: str) -> nodes.document:
        """A page's tree with references, glue and outputs settled, exactly as for an HTML page."""
        doctree = self.env.get_doctree(docname)
        self.env.resolve_references(doctree, docname, self)
        return doctree

    def assemble(self) -> str:
        """The body of the book in Typst markup."""
        root = self.config.root_doc
        parts = parts_of(self.app, root)
        has_parts = any(part.caption for part in parts)
        opening = Placed(root, self.resolved(root), level=1)
        title = next(iter(opening.doctree.findall(nodes.title)), None)
        if title is not None and title.astext() == self.settings.title:
            opening = replace(opening, title=self.settings.opening)  # the title page has said it

        order: list[str | Placed] = [opening]
        for part in parts:
            own_page = part.numbered and sum(depth == 0 for _, depth in part.pages) > 1
            if part.caption:
                order.append(call("part", escape(part.caption), level=1, own_page=own_page))
            for i, (docname, depth) in enumerate(part.pages):
                order.append(
                    Placed(
                        docname,
                        self.resolved(docname),
                        level=1 + bool(has_parts and part.caption) + depth,
                        depth=depth,
                        fresh_page=bool(i or own_page or not part.caption),
                    )
                )
        pages = [page for page in order if isinstance(page, Placed)]
        self.images = {}
        for page in pages:
            self.post_process_images(page.doctree)
        self.paths = {source: f"images/{name}" for source, name in self.images.items()}
        shared = Shared(self.config, self.env, self.paths, self.settings.show_urls)
        survey(shared, pages)
        body = "\n\n".join(
            PageWriter(shared, item).write() if isinstance(item, Placed) else item for item in order
        )
        if dangling := shared.dangling():
            raise CompositionError("\n".join(dangling))
        return body

    def opening_lines(self) -> str:
        s = self.settings
        day = s.moment
        about = {
            "title": s.title,
            "subtitle": s.subtitle,
            "authors": s.authors,
            "version": s.version,
            "date": Raw(f"datetime(year: {day.year}, month: {day.month}, day: {day.day})"),
            "licence": s.licence,
            "address": s.address,
            "language": s.language,
            "keywords": s.keywords,
            "notes": s.notes,
        }
        return f'#import "book.typ": *\n#show: body => book({literal(about)}, body)\n\n'

    def copy_images(self) -> None:
        for source, path in self.paths.items():
            shutil.copyfile(Path(self.srcdir) / source, self.project / path)

    def copy_template(self) -> None:
        if not self.settings.template.is_file():
            raise ConfigError(f"print_book.template: no file {self.settings.template}")
        shutil.copyfile(self.settings.template, self.project / "book.typ")

    # ---- composing ----

    def compose(self, fonts: FontChoice) -> bytes:
        try:
            made, warnings = typst.compile_with_warnings(
                str(self.source),
                root=str(self.project),
                font_paths=fonts.folders,
                ignore_system_fonts=True,
                sys_inputs=fonts.inputs(),
                timestamp=int(self.settings.moment.timestamp()),
                pdf_standards=[STANDARD],
            )
        except typst.TypstError as error:
            raise CompositionError(self.explain(error)) from error
        for warning in warnings:
            logger.warning("print edition: %s", self.explain(warning), type="typst")
        if not isinstance(made, bytes):
            raise CompositionError("Typst returned no PDF")
        return made

    def explain(self, problem: typst.TypstError | typst.TypstWarning) -> str:
        """What Typst says, one line for each message, led back to the page and line it came from."""
        written = self.source.read_text(encoding="utf-8").splitlines()
        blocks = re.split(r"\n(?=(?:error|warning): )", problem.diagnostic.strip())
        # A table that fails takes its label with it: the cause comes first, the references to it after.
        blocks.sort(key=lambda block: "does not exist in the document" in block)
        return "\n".join(explained(block, written, self.source.name) for block in blocks)


def explained(block: str, written: list[str], name: str) -> str:
    """One message of Typst: the source line that the comment before the markup names, then the message and hints.

    ``written`` holds the lines of the Typst file called ``name``.
    """
    message = block.splitlines()[0].split(": ", 1)[-1]
    hints = "".join(f" ({hint.strip()})" for hint in re.findall(r"^\s*= hint: (.*)", block, re.MULTILINE))
    found = re.search(rf"{re.escape(name)}:(\d+):\d+", block)
    if found is None:
        return message + hints
    above = reversed(written[: int(found.group(1))])
    origin = next((line[3:] for line in above if re.fullmatch(r"// \S+:\d+", line)), name)
    return f"{origin}: {message}{hints}"


# ---- LaTeX ------------------------------------------------------------------------------------------------------


class SvgForLatex(ImageConverter):
    """SVG figures as PDF for builders that cannot take SVG, drawn by Typst: no Inkscape, no browser."""

    conversion_rules = [  # noqa: RUF012
        ("image/svg+xml", "application/pdf")
    ]

    def is_available(self) -> bool:
        return True

    def convert(self, _from: str, _to: str) -> bool:
        source = Path(_from)
        page = f"#set page(width: auto, height: auto, margin: 0pt)\n#image({literal(source.name)})\n"
        fonts = choose_fonts(assets.font_dirs())
        day = moment(self.config.print_book.get("date"), Path(self.app.confdir), os.environ)
        target = Path(_to)
        target.parent.mkdir(parents=True, exist_ok=True)
        holder = target.with_suffix(".typ")
        copy = holder.with_name(source.name)
        if copy != source:
            shutil.copyfile(source, copy)
        holder.write_text(page, encoding="utf-8")
        typst.compile(
            str(holder),
            output=str(target),
            root=str(holder.parent),
            font_paths=fonts.folders,
            ignore_system_fonts=True,
            timestamp=int(day.timestamp()),
        )
        return True


def latex_preamble(fonts: list[Path]) -> tuple[str, list[str]]:
    """LaTeX lines that define ``\\bookarabic``, and the font files they need beside the ``.tex``."""
    # TeXXeT sets a run from right to left; citations in captions need a robust \hyperlink.
    lines = ["\\AtBeginDocument{\\MakeRobust\\hyperlink}", "\\TeXXeTstate=1"]
    regular, bold = "Amiri_400Regular.ttf", "Amiri_700Bold.ttf"
    files = [str(folder / name) for folder in fonts for name in (regular, bold) if (folder / name).is_file()]
    if len(files) == 2:
        lines.append(f"\\newfontfamily\\bookarabicfont{{{regular}}}[Script=Arabic,BoldFont={bold}]")
    else:
        lines.append("\\newcommand{\\bookarabicfont}{}")
        files = []
    lines.append("\\newcommand{\\bookarabic}[1]{{\\bookarabicfont\\beginR #1\\endR}}")
    return "\n".join(lines) + "\n", files


# ---- setup ------------------------------------------------------------------------------------------------------


def configure(app: Sphinx, config: Config) -> None:
    """Order the notebook outputs for print, for every builder alike so that document trees can be shared."""
    overrides = [tuple(entry) for entry in config.nb_mime_priority_overrides or ()]
    decided = {entry[1] for entry in overrides if entry[0] == TypstPdfBuilder.name}
    config.nb_mime_priority_overrides = [
        *overrides,
        *(
            (TypstPdfBuilder.name, mime, 10 * (i + 1))
            for i, mime in enumerate(MIME_TYPES)
            if mime not in decided
        ),
        ("latex", "image/svg+xml", 15),  # of which SvgForLatex makes a PDF
    ]
    preamble, files = latex_preamble(assets.font_dirs())
    config.latex_elements = config.latex_elements | {
        "preamble": preamble + config.latex_elements.get("preamble", "")
    }
    config.latex_additional_files = [*config.latex_additional_files, *files]


def setup(app: Sphinx) -> dict[str, Any]:
    app.setup_extension("myst_nb")
    app.add_config_value("print_book", {}, "", (dict,))
    app.add_builder(TypstPdfBuilder)
    app.add_post_transform(SvgForLatex)
    app.connect("config-inited", configure, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
