"""The print edition: Sphinx builder ``typstpdf``, the whole book as one PDF composed by the Typst wheel.

    python -m sphinx -b typstpdf -d _build/.doctrees . _build/pdf

or, with a Jupyter Book configuration, :func:`jupyter_book.sphinx.build_sphinx` with ``builder="typstpdf"``. The
builder shares the document trees of the HTML build. It needs no TeX, no browser, no system fonts and no network;
with the same sources and the same ``SOURCE_DATE_EPOCH`` it writes the same bytes in any folder.

For the LaTeX builders the extension converts SVG figures to PDF, and defines the command for Arabic runs.
"""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pikepdf
import typst
from docutils import nodes
from sphinx.builders import Builder
from sphinx.errors import ConfigError, SphinxError
from sphinx.util import logging
from sphinx.util.display import progress_message

from aleppo.bookkit import assets
from aleppo.bookkit.printing.fonts import SANS, FontChoice, choose_fonts
from aleppo.bookkit.printing.labels import Placed, Shared, survey
from aleppo.bookkit.printing.latex import SvgForLatex, latex_preamble
from aleppo.bookkit.printing.markup import Raw, call, escape, literal
from aleppo.bookkit.printing.order import parts_of
from aleppo.bookkit.printing.settings import settings
from aleppo.bookkit.printing.writer import PageWriter
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

STANDARD: Literal["ua-1"] = "ua-1"
FEW_LINES = 190  # points from the upper edge of a page: six lines


class CompositionError(SphinxError):
    """Typst refused the document."""

    category = "Print edition"


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
            "imprint": self.app.emit_firstresult("print-imprint") or [],
            "cover": self.write_cover(),
        }
        return f'#import "book.typ": *\n#show: body => book({literal(about)}, body)\n\n'

    def write_cover(self) -> str | None:
        """Put the picture of the cover (SVG) where the template finds it; its path, or None without one."""
        drawn = self.app.emit_firstresult("print-cover")
        if drawn is None:
            return None
        path = "images/cover.svg"
        (self.project / path).write_text(drawn, encoding="utf-8", newline="\n")
        return path

    def copy_images(self) -> None:
        for source, path in self.paths.items():
            shutil.copyfile(Path(self.srcdir) / source, self.project / path)

    def copy_template(self) -> None:
        if not self.settings.template.is_file():
            raise ConfigError(f"print_book.template: no file {self.settings.template}")
        for part in self.settings.template.parent.glob("*.typ"):
            shutil.copyfile(part, self.project / part.name)
        shutil.copyfile(self.settings.template, self.project / "book.typ")

    # ---- composing ----

    def compose(self, fonts: FontChoice) -> bytes:
        """The PDF; composed a second time where chapters are to be set closer that the template does not list."""
        compiler = typst.Compiler(
            str(self.source),
            root=str(self.project),
            font_paths=fonts.folders,
            ignore_system_fonts=True,
            sys_inputs=fonts.inputs(),
        )
        composed = self.composed(compiler)
        ends = json.loads(compiler.query("<chapter-end>", field="value"))
        if further := chapters_to_set_closer(ends):
            logger.info("")
            logger.info("print edition: set closer beside those of closer.typ: %s", ", ".join(further))
            self.write_closer([end["name"] for end in ends if end["closer"]] + further)
            composed = self.composed(compiler)
        made, warnings = composed
        for warning in warnings:
            logger.warning("print edition: %s", self.explain(warning), type="typst")
        return packed(made)

    def composed(self, compiler: typst.Compiler) -> tuple[bytes, list[typst.TypstWarning]]:
        """One run of the compiler. Raises CompositionError with what it says, led back to pages and lines."""
        try:
            made, warnings = compiler.compile_with_warnings(
                timestamp=int(self.settings.moment.timestamp()), pdf_standards=[STANDARD]
            )
        except typst.TypstError as error:
            raise CompositionError(self.explain(error)) from error
        if not isinstance(made, bytes):
            raise CompositionError("Typst returned no PDF")
        return made, warnings

    def write_closer(self, names: list[str]) -> None:
        """Tell the template which chapters to set closer."""
        text = f"#let closer = {literal(names)}\n"
        (self.project / "closer.typ").write_text(text, encoding="utf-8", newline="\n")

    def explain(self, problem: typst.TypstError | typst.TypstWarning) -> str:
        """What Typst says, one line for each message, led back to the page and line it came from."""
        written = self.source.read_text(encoding="utf-8").splitlines()
        blocks = re.split(r"\n(?=(?:error|warning): )", problem.diagnostic.strip())
        # A table that fails takes its label with it: the cause comes first, the references to it after.
        blocks.sort(key=lambda block: "does not exist in the document" in block)
        return "\n".join(explained(block, written, self.source.name) for block in blocks)


def chapters_to_set_closer(ends: Sequence[Mapping[str, Any]]) -> list[str]:
    """Names of the chapters that leave a few lines for a last page and are not set closer yet.

    ``ends`` has for each chapter its ``name``, whether it is set ``closer``, its ``first`` and ``last`` page and
    ``y``, how far down its text goes there, in points from the upper edge.
    """
    return [
        end["name"]
        for end in ends
        if end["last"] > end["first"] and end["y"] < FEW_LINES and not end["closer"]
    ]


def packed(pdf: bytes) -> bytes:
    """The same document at a third of its size: its thousands of small objects put into compressed streams."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(
            out,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
            linearize=True,
            fix_metadata_version=False,
        )
    return out.getvalue()


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
    # the first handler that returns something gives the lines of the imprint, or the picture of the cover
    app.add_event("print-imprint")
    app.add_event("print-cover")
    app.add_post_transform(SvgForLatex)
    app.connect("config-inited", configure, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
