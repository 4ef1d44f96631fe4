"""The Sphinx builder of the EPUB edition: the pages of the book through Sphinx's own HTML writer, then the package."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.frontend import OptionParser
from docutils.io import StringOutput
from sphinx.builders import Builder
from sphinx.highlighting import PygmentsBridge
from sphinx.util.display import progress_message
from sphinx.util.osutil import relative_uri
from sphinx.writers.html import HTMLWriter
from sphinx.writers.html5 import HTML5Translator

from aleppo.bookkit.epub.cover import cover_picture
from aleppo.bookkit.epub.package import Chapter, packed
from aleppo.bookkit.mathml import NAME as MATHML
from aleppo.bookkit.pictures import Picture, pictures
from aleppo.bookkit.printing.blocks import ONLY_HTML
from aleppo.bookkit.printing.labels import classes_of
from aleppo.bookkit.printing.order import parts_of
from aleppo.bookkit.printing.settings import settings
from aleppo.bookkit.store import Store
from aleppo.evidence.files import write_atomic

if TYPE_CHECKING:
    from collections.abc import Iterator

DRAWING = ".svg"
SHEET = Path(__file__).parent / "book.css"


def _composed(source: str, name: str) -> str:
    """What the picture of the file ``source`` is called in the book."""
    return Path(name).with_suffix(".png").name if source.endswith(DRAWING) else name


def _left_out(node: nodes.Node) -> bool:
    """What print leaves out as well: code that is not for reading, warnings of libraries, what is for the web alone."""
    if not isinstance(node, nodes.container | nodes.literal_block):
        return False
    classes = classes_of(node)
    code = "cell_input" in classes and "tag_print-input" not in classes_of(node.parent)
    return code or bool({*ONLY_HTML, "stderr"} & classes)


class EpubBuilder(Builder):
    """Writes the whole book as ``<target>.epub``."""

    name = "bookepub"
    format = "epub"
    epilog = "The EPUB edition is in %(outdir)s."
    allow_parallel = False
    default_translator_class = HTML5Translator
    supported_image_types = ["image/svg+xml", "image/png", "image/jpeg", "image/gif"]  # noqa: RUF012
    # what Sphinx's HTML writer asks of its builder
    add_permalinks = False
    download_support = False
    math_renderer_name = MATHML
    current_docname = ""
    imgpath = dlpath = ""

    def init(self) -> None:
        self.settings = settings(self.config, Path(self.app.confdir))
        self.target = Path(self.outdir) / f"{self.settings.target}.epub"
        self.highlighter = PygmentsBridge("html", "bw")
        self.secnumbers: dict[str, tuple[int, ...]] = {}
        self.fignumbers: dict[str, dict[str, tuple[int, ...]]] = {}
        handlers = self.app.registry.translation_handlers
        handlers[self.name] = {**handlers.get("html", {}), **handlers.get(self.format, {})}

    def get_outdated_docs(self) -> str:
        return "all documents"

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        return f"{docname}.xhtml"

    def prepare_writing(self, docnames: set[str]) -> None:
        """Nothing is written page by page."""

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """Nothing is written page by page."""

    def write(self, build_docnames: Any, updated_docnames: Any, method: str = "update") -> None:
        with progress_message("writing the book as an EPUB"):
            write_atomic(self.target, self.made())

    def finish(self) -> None:
        """The file is written already."""

    def made(self) -> bytes:
        """The bytes of the book."""
        self.writer = HTMLWriter(self)  # type: ignore[arg-type]
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", category=DeprecationWarning)
            self.docsettings: Any = OptionParser(
                defaults=self.env.settings, components=(self.writer,), read_config_files=True
            ).get_default_values()
        chapters = list(self.chapters())
        cover = Path(self.srcdir) / self.config.aleppo_cover
        return packed(
            self.settings,
            chapters,
            self.pictures(),
            SHEET.read_text(encoding="utf-8"),
            cover_picture(self.settings, cover),
        )

    def pictures(self) -> dict[str, bytes | Path]:
        """Name in the book → picture. Drawings are composed: few devices have the letters that they are set in."""
        files = {f"images/{name}": Path(self.srcdir) / source for source, name in self.images.items()}
        drawn = {
            name: Picture(path.read_text(encoding="utf-8"))
            for name, path in files.items()
            if path.suffix == DRAWING
        }
        store = Store.of(self.app)
        made = pictures(drawn, store)
        store.tidy()
        return {**files, **made}

    def chapters(self) -> Iterator[Chapter]:
        """Every page in the order of the table of contents, the first page first."""
        root = self.config.root_doc
        yield self.chapter(root, part="", level=1)
        for part in parts_of(self.app, root):
            for docname, depth in part.pages:
                yield self.chapter(docname, part=part.caption or "", level=1 + depth)

    def chapter(self, docname: str, part: str, level: int) -> Chapter:
        doctree = self.env.get_doctree(docname)
        self.env.resolve_references(doctree, docname, self)
        for node in list(doctree.findall(_left_out)):
            node.parent.remove(node)
        self.post_process_images(doctree)
        self.images = {source: _composed(source, name) for source, name in self.images.items()}
        title, *sections = self.headings(docname, doctree)
        return Chapter(docname, title[1], part, level, self.body(docname, doctree), sections)

    def headings(self, docname: str, doctree: nodes.document) -> list[tuple[str, str]]:
        """Anchor and numbered title of the page, then of each section directly below its title."""
        numbers = self.env.toc_secnumbers.get(docname, {})
        page = next(iter(doctree.findall(nodes.section)))
        listed = [("", page), *((f"#{one['ids'][0]}", one) for one in page if isinstance(one, nodes.section))]
        told = []
        for anchor, section in listed:
            number = ".".join(map(str, numbers.get(anchor) or ()))
            told.append((anchor.removeprefix("#"), f"{number} {section[0].astext()}".strip()))
        return told

    def body(self, docname: str, doctree: nodes.document) -> str:
        """The page's content as HTML."""
        doctree.settings = self.docsettings
        self.secnumbers = self.env.toc_secnumbers.get(docname, {})
        self.fignumbers = self.env.toc_fignumbers.get(docname, {})
        self.imgpath = relative_uri(self.get_target_uri(docname), "images")
        self.current_docname = docname
        self.writer.write(doctree, StringOutput(encoding="utf-8"))
        self.writer.assemble_parts()
        return str(self.writer.parts["fragment"])
