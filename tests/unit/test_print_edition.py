"""A small rich book is built once, and its PDF is taken apart."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pikepdf
import pytest
import rich_book
import typst

from aleppo.bookkit.assets import font_dirs
from aleppo.bookkit.print import STANDARD
from aleppo.bookkit.printing.fonts import choose_fonts
from pdf_tree import structure

POPPLER = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler) is not installed")
FETCHED = pytest.mark.skipif(not font_dirs(), reason="the fonts of package-lock.json were not fetched")
EPOCH = "1600000000"


def sphinx(
    builder: str,
    source: Path,
    out: Path,
    doctrees: Path,
    *options: str,
    cwd: Path | None = None,
    **environ: str,
) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-W",
        "--keep-going",
        "-n",
        "-b",
        builder,
        "-d",
        doctrees,
        *options,
    ]
    return subprocess.run(
        [*map(str, command), str(source), str(out)],
        env=os.environ | {"SOURCE_DATE_EPOCH": EPOCH} | environ,
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
    )


@dataclass
class Built:
    source: Path
    doctrees: Path
    pdf: Path
    typst: str

    def pages(self) -> list[str]:
        """Text of every page, each on one line, as a reader would search it."""
        done = subprocess.run(
            ["pdftotext", "-raw", str(self.pdf), "-"], capture_output=True, text=True, check=True
        )
        return [" ".join(page.split()) for page in done.stdout.split("\f")[:-1]]

    def text(self) -> str:
        return " ".join(self.pages())


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The book, its document trees made by an HTML build before."""
    folder = tmp_path_factory.mktemp("book")
    source = rich_book.write(folder / "source")
    web = sphinx("html", source, folder / "html", folder / "doctrees")
    assert web.returncode == 0, web.stderr
    done = sphinx("typstpdf", source, folder / "pdf", folder / "doctrees")
    assert done.returncode == 0, done.stderr
    assert "0 added, 0 changed, 0 removed" in done.stdout, "the trees of the HTML build were not used again"
    return Built(
        source,
        folder / "doctrees",
        folder / "pdf" / "tests.pdf",
        (folder / "pdf" / "typst" / "tests.typ").read_text(encoding="utf-8"),
    )


@pytest.fixture(scope="module")
def pdf(built: Built) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(built.pdf) as opened:
        yield opened


def outline(pdf: pikepdf.Pdf) -> list[tuple[int, str]]:
    with pdf.open_outline() as tree:

        def walk(items: list[pikepdf.OutlineItem], depth: int) -> Iterator[tuple[int, str]]:
            for item in items:
                yield depth, item.title
                yield from walk(item.children, depth + 1)

        return list(walk(tree.root, 0))


# ---- the file ----


def test_the_title_the_author_and_the_language_are_in_the_file(pdf: pikepdf.Pdf) -> None:
    metadata = pdf.Root.Metadata.read_bytes().decode("utf-8")
    assert ">A Book of Tests</rdf:li>" in metadata
    assert ">First Author, Second Author</rdf:li>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert str(pdf.Root.Lang) == "en"
    assert pdf.Root.ViewerPreferences.DisplayDocTitle


def test_the_file_is_dated_by_the_epoch(pdf: pikepdf.Pdf) -> None:
    assert str(pdf.docinfo.CreationDate).startswith("D:20200913")


def test_the_bookmarks_follow_the_book(pdf: pikepdf.Pdf) -> None:
    assert outline(pdf) == [
        (0, "Contents"),
        (0, "Summary"),
        (1, "Key findings"),
        (0, "Before the results"),
        (1, "Limits first"),
        (0, "Results & findings"),
        (1, "1 The first chapter: who held what"),
        (2, "A section"),
        (3, "A subsection"),
        (1, "2 The second chapter, with tables and a notebook beside it"),
        (1, "3 The notebook chapter"),
        (0, "Back matter"),
        (1, rich_book.ARABIC_TITLE),
        (1, "Bibliography"),
    ]


def test_pages_before_the_text_are_numbered_in_roman(pdf: pikepdf.Pdf) -> None:
    labels = [page.label for page in pdf.pages]
    assert labels[:3] == ["", "", ""], "cover, title page and imprint have no number"
    assert labels[3] == "i"
    assert labels[4:7] == ["1", "2", "3"]


def test_the_file_is_packed(pdf: pikepdf.Pdf) -> None:
    kinds = {str(item.get("/Type", "")) for item in pdf.objects if isinstance(item, pikepdf.Stream)}
    assert "/ObjStm" in kinds or pdf.is_linearized


def test_every_picture_has_its_description_in_the_structure(pdf: pikepdf.Pdf) -> None:
    found = {str(node.Alt) for node in structure(pdf) if "/Alt" in node}
    assert {rich_book.ALT, "A drawing of two bars.", "Bars drawn by a notebook."} <= found


def test_formulas_are_described_by_their_source(pdf: pikepdf.Pdf) -> None:
    found = {str(node.Alt) for node in structure(pdf) if "/Alt" in node}
    assert r"\log \mu_t = \beta_0 + \beta_1 t + \beta_2 D_t" in found


def test_a_page_in_another_language_says_so(pdf: pikepdf.Pdf, built: Built) -> None:
    spoken = {(str(node.S), str(node.Lang)) for node in structure(pdf) if "/Lang" in node}
    assert {("/H2", "ar"), ("/P", "ar"), ("/L", "ar")} <= spoken
    assert '#text(lang: "en", dir: ltr)[Airwars];' in built.typst
    assert "30\u00a0أيلول" in built.typst


@POPPLER
def test_a_page_in_arabic_runs_from_right_to_left(built: Built) -> None:
    done = subprocess.run(
        ["pdftotext", "-bbox", str(built.pdf), "-"], capture_output=True, text=True, check=True
    )
    [page] = [page for page in done.stdout.split("<page ")[1:] if "Airwars" in page]
    words = re.findall(r'yMin="(.*?)" xMax="(.*?)" yMax=".*?">([\u0600-\u06ff]+)</word>', page)
    ends: dict[float, float] = {}
    for top, right, _ in words:
        ends[float(top)] = max(ends.get(float(top), 0), float(right))
    assert len(ends) >= 5
    # every line begins at the right margin, or at the indent of a box or a list from there
    assert min(ends.values()) > max(ends.values()) - 30


def test_tables_have_marked_header_cells(pdf: pikepdf.Pdf) -> None:
    kinds = [str(node.S) for node in structure(pdf)]
    assert kinds.count("/Table") == 6
    assert kinds.count("/TH") >= 3 * 5 + rich_book.WIDE_COLUMNS


def test_headings_notes_and_lists_are_marked(pdf: pikepdf.Pdf) -> None:
    kinds = {str(node.S) for node in structure(pdf)}
    assert {"/H1", "/H2", "/H3", "/Note", "/L", "/LI", "/Caption", "/Link", "/BlockQuote", "/TOC"} <= kinds


@FETCHED
def test_all_fonts_are_embedded_and_are_the_house_fonts(pdf: pikepdf.Pdf) -> None:
    names = set()
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
            assert any(key in item for key in ("/FontFile2", "/FontFile3")), item.FontName
            names.add(re.sub(r"^/[A-Z]{6}\+|-.*$", "", str(item.FontName)))
    assert {"LibertinusSerif", "SourceSans3", "Amiri"} <= names
    assert names <= {"LibertinusSerif", "SourceSans3", "Amiri", "DejaVuSansMono", "NewCMMath"}


def test_nothing_is_imported_from_elsewhere(built: Built) -> None:
    parts = {path.name: path.read_text(encoding="utf-8") for path in rich_book.TEMPLATE.parent.glob("*.typ")}
    for text in (built.typst, *parts.values()):
        wanted = re.findall(r'^\s*#?(?:import|include)\s+"([^"]*)"', text, re.MULTILINE)
        assert set(wanted) <= set(parts)
        assert "@preview" not in text


def test_the_same_sources_make_the_same_bytes_in_another_folder(built: Built, tmp_path: Path) -> None:
    source = rich_book.write(tmp_path / "elsewhere" / "deeper")
    done = sphinx("typstpdf", source, tmp_path / "out", tmp_path / "trees", PYTHONHASHSEED="7")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "tests.pdf").read_bytes() == built.pdf.read_bytes()


# ---- the text ----


@POPPLER
def test_numbers_are_those_of_the_web_edition(built: Built) -> None:
    text = built.text()
    for expected in (
        "Fig. 1 A figure in a chapter without a number",
        "Fig. 1.1 The second bar is higher",
        "Fig. 3.1 A figure made by a notebook",
        "Table 2.1 A small table",
        "Table 2.5 Cells that span",
        "See Fig. 1.1, Table 2.2 (p. 7), Figure 1.1 and The second chapter",
        "A figure from a stored output is Fig. 3.1.",
        "see (1.1)",
    ):
        assert expected in text


@POPPLER
def test_citations_lead_to_the_bibliography(built: Built) -> None:
    assert "A claim has its source [The Publisher, 2016], as Doe and Roe [2017] says" in built.text()
    assert "1 Jane Doe and Richard Roe. A paper. Journal, 2017." in built.pages()[-1]
    assert built.typst.count("#bibentry(id:") == 2


@POPPLER
def test_a_table_cites_by_the_numbers_of_the_bibliography(built: Built) -> None:
    assert "Another row [1]." in built.text()


@POPPLER
def test_a_long_address_of_a_source_is_cut_to_the_site_and_leads_on(built: Built) -> None:
    assert "2 The Publisher. A report on the siege. example.org/…, 2016." in built.text()
    assert '#weblink("https://example.org/a/very/long/address/' in built.typst


@POPPLER
def test_the_cover_and_the_imprint_come_from_whoever_has_them(built: Built) -> None:
    cover, _, imprint = built.pages()[:3]
    assert "label of the picture" in cover
    assert "A line of the imprint. Text under CC BY 4.0 https://example.org/book" in imprint


@POPPLER
def test_how_to_cite_stands_at_the_foot_of_a_chapters_first_page(built: Built) -> None:
    assert built.text().count("How to cite the limits.") == 1
    assert re.search(r"How to cite the limits\. \d+$", next(p for p in built.pages() if "How to cite" in p))


@POPPLER
def test_a_glossary_is_set_with_its_terms_and_links_lead_to_them(built: Built) -> None:
    text = built.text()
    assert "See firm and the range." in text
    assert "firm, upper Two terms of one meaning, which is long enough" in text
    assert "A second paragraph [The Publisher, 2016]." in text
    assert "besieged A term that nothing refers to." in text
    for term in ("firm", "range"):
        assert f'#xref("second#term-{term}")[{term if term == "firm" else "the range"}]' in built.typst
        assert f'#anchor("second#term-{term}");' in built.typst
    assert "term-besieged" not in built.typst


@POPPLER
def test_signs_with_a_meaning_for_typst_reach_the_page(built: Built) -> None:
    signs = "# $5 * under x <tag> @home [brackets] ~ a/b “quoted” it’s 100 % = equal + plus - minus – dash"
    assert signs.replace(" ", "") in built.text().replace(" ", ""), "wherever the lines break"


@POPPLER
def test_arabic_is_in_the_text(built: Built) -> None:
    done = subprocess.run(["pdftotext", str(built.pdf), "-"], capture_output=True, text=True, check=True)
    marks = dict.fromkeys([0x200E, 0x200F, *range(0x202A, 0x202F)])
    assert "حلب الشرقية" in done.stdout.translate(marks)


@POPPLER
def test_the_contents_list_chapters_with_their_pages(built: Built) -> None:
    contents = built.pages()[3]
    chapter = next(i for i, page in enumerate(built.pages()) if page.startswith("1 The first chapter")) - 3
    assert re.search(
        rf"1 The first chapter: who held what [. ]*{chapter}\b", re.sub(r"[\u2060\u200e]", "", contents)
    )


@POPPLER
def test_notes_stand_at_the_foot_of_the_page_that_refers_to_them(built: Built) -> None:
    page = next(page for page in built.pages() if "Special signs reach the page" in page)
    assert "1The note at the foot of the page, with emphasis" in page
    assert "2https://example.org/page" in page


@POPPLER
def test_what_is_for_the_web_alone_is_not_printed(built: Built) -> None:
    text = built.text()
    for absent in (
        "web edition alone",
        "raw web markup",
        "web only",
        "hidden_input",
        "a warning of a library",
    ):
        assert absent not in text
    assert "shown_input" in text
    assert "stream output" in text


@POPPLER
def test_a_long_table_repeats_its_head_on_the_next_page(built: Built) -> None:
    pages = [page for page in built.pages() if re.search(r"2016-\d\d place \d", page)]
    assert len(pages) == 2
    assert all("Month Place Deaths" in page for page in pages)


@POPPLER
def test_no_word_leaves_the_page(built: Built) -> None:
    done = subprocess.run(
        ["pdftotext", "-bbox", str(built.pdf), "-"], capture_output=True, text=True, check=True
    )
    seen = 0
    for width, height, body in re.findall(
        r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', done.stdout, re.DOTALL
    ):
        for *box, word in re.findall(
            r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>', body
        ):
            left, top, right, bottom = map(float, box)
            seen += 1
            assert left >= 36 and right <= float(width) - 36, unescape(word)
            assert top >= 36 and bottom <= float(height) - 36, unescape(word)
    assert seen > 1000


def test_a_table_wider_than_the_page_is_turned_and_others_are_not(pdf: pikepdf.Pdf) -> None:
    turned = [i for i, page in enumerate(pdf.pages) if page.mediabox[2] > page.mediabox[3]]
    assert len(turned) == 1


# ---- what stops the build ----


def small_book(folder: Path, page: str, conf: str = "") -> Path:
    """A book of two pages, the second with the given text."""
    source = rich_book.write(folder)
    for name in ("first.md", "second.md", "sources.md", "stored.ipynb"):
        (source / name).unlink()
    (source / "index.md").write_text("# Root\n", encoding="utf-8")
    (source / "limits.md").write_text(page, encoding="utf-8")
    (source / "_toc.yml").write_text(
        "format: jb-book\nroot: index\nchapters:\n  - file: limits\n", encoding="utf-8"
    )
    with (source / "conf.py").open("a", encoding="utf-8") as settings:
        settings.write(conf)
    return source


def test_a_node_without_translation_stops_the_build_with_file_and_line(tmp_path: Path) -> None:
    conf = "import sys\nsys.path.insert(0, '.')\nextensions.append('strange_extension')\n"
    source = small_book(tmp_path / "book", "# Page\n\nText.\n\n```{strange}\n```\n", conf)
    (source / "strange_extension.py").write_text(STRANGE, encoding="utf-8")
    done = sphinx("typstpdf", source, tmp_path / "out", tmp_path / "trees", cwd=source)
    assert done.returncode != 0
    assert "limits.md:5: <strange> has no translation for the print edition" in done.stderr
    assert not (tmp_path / "out" / "tests.pdf").exists()


STRANGE = """
from docutils import nodes
from docutils.parsers.rst import Directive


class strange(nodes.General, nodes.Element):
    pass


class Strange(Directive):
    def run(self):
        node = strange()
        node.source, node.line = self.state_machine.get_source_and_line(self.lineno)
        return [node]


def setup(app):
    app.add_directive("strange", Strange)
"""


def test_a_formula_that_typst_refuses_is_led_back_to_file_and_line(tmp_path: Path) -> None:
    source = small_book(tmp_path / "book", "# Page\n\nText.\n\n$$\n\\unheardof{x}\n$$\n")
    done = sphinx("typstpdf", source, tmp_path / "out", tmp_path / "trees")
    assert done.returncode != 0
    assert "limits.md:5: unknown variable: unheardof" in done.stderr
    assert not (tmp_path / "out" / "tests.pdf").exists()


# ---- LaTeX ----


def test_the_latex_builder_takes_the_same_sources(built: Built, tmp_path: Path) -> None:
    done = sphinx("latex", built.source, tmp_path / "latex", built.doctrees)
    assert done.returncode == 0, done.stderr
    tex = next((tmp_path / "latex").glob("*.tex")).read_text(encoding="utf-8")
    assert tex.count(r"\sphinxincludegraphics") == 3
    assert r"\bookarabic{حلب الشرقية}" in tex
    figure = tmp_path / "latex" / "bars.pdf"
    with pikepdf.open(figure) as drawn:
        assert [float(x) for x in drawn.pages[0].mediabox] == [0, 0, 480, 270]  # points


# ---- without the fetched fonts ----


def test_the_book_can_be_set_without_the_fetched_fonts(built: Built) -> None:
    project = built.pdf.parent / "typst" / "tests.typ"
    made, warnings = typst.compile_with_warnings(
        str(project),
        root=str(project.parent),
        ignore_system_fonts=True,
        sys_inputs=choose_fonts([]).inputs(),
        pdf_standards=[STANDARD],
    )
    assert made.startswith(b"%PDF-")
    assert not warnings
