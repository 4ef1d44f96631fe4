"""Words of somebody who means harm, from a table of the evidence to every edition: they are read, and do nothing."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import hostile_book
import pandas as pd
import pikepdf
import pytest
from hostile_book import ADDRESS, CONTROLS, LONG, WORDS

from aleppo.bookkit.content_policy import leads_to_the_web
from aleppo.evidence import EvidenceError, load
from aleppo.evidence.load import read_table
from aleppo.evidence.paths import DATA_VARIABLE, repository
from aleppo.evidence.signs import REPLACED, visible
from aleppo.evidence.sources import link
from aleppo.evidence.spreadsheets import computes, safe
from aleppo.evidence.tables import TABLES
from aleppo.show.plain import marked_cells
from aleppo.show.plain import printed as printed_in_chart
from aleppo.show.wording import escaped

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SETTLED = (
    "() => [...document.querySelectorAll('.aleppo-figure')].every((one) => one.dataset.state === 'drawn')"
)
LABELLED = """(words) => { const label = document.querySelector('.aleppo-plot .hovertext');
  return label && label.textContent.replace(/\\s+/g, '') === words; }"""
# What a page must not have, wherever its words come from.
ALIVE = """() => ({
  ran: window.pwned === undefined ? 'nothing' : 'a script',
  links: [...document.querySelectorAll('a[href]')].map((one) => one.protocol)
    .filter((name) => !['http:', 'https:', 'file:', 'mailto:'].includes(name)),
  handlers: [...document.querySelectorAll('*')].filter((one) =>
    one.getAttributeNames().some((name) => name.startsWith('on'))).map((one) => one.outerHTML.slice(0, 80)),
  pictures: [...document.querySelectorAll('main img')].map((one) => one.getAttribute('src'))
    .filter((name) => !name.startsWith('_static/')),
  drawn: document.querySelectorAll('.aleppo-plot svg a, .aleppo-plot tspan[style*=bold]').length,
})"""
NOTHING = {"ran": "nothing", "links": [], "handlers": [], "pictures": [], "drawn": 0}
SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def flat(text: str) -> str:
    """``text`` as one compares what was printed: without the breaks that an edition puts into it."""
    return re.sub(r"[\s\u200b\u00ad]+", "", text)


def printed(text: str) -> str:
    return flat(visible(text))


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The sources of the book, and for the tests of this module the data it is made of."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("hostile")
        patch.setenv(DATA_VARIABLE, str(hostile_book.write_data(folder / "data")))
        yield hostile_book.write(folder / "source", repository())


def built(sources: Path, builder: str) -> Path:
    """The folder of an edition, which has to be built without a warning."""
    out = sources.parent / builder
    doctrees = sources.parent / "doctrees"
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-n", "-b", builder, "-d", doctrees]
    done = subprocess.run(
        [*map(str, command), str(sources), str(out)],
        env=os.environ | {"SOURCE_DATE_EPOCH": "1600000000", "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr.strip()) == (0, "")
    return out


@pytest.fixture(scope="module")
def html(sources: Path) -> Path:
    return built(sources, "html")


@pytest.fixture(scope="module")
def page(chromium: Browser, html: Path) -> Iterator[Page]:
    """A page of a browser that says what went wrong in ``complaints``."""
    opened = chromium.new_page(viewport={"width": 1280, "height": 900})
    opened.complaints = []
    opened.on("dialog", lambda dialog: (opened.complaints.append(dialog.message), dialog.dismiss()))
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.on("request", lambda request: opened.complaints.extend(_elsewhere(request.url)))
    opened.on("console", lambda line: opened.complaints.extend([line.text] if line.type == "error" else []))
    yield opened
    opened.close()


def _elsewhere(address: str) -> list[str]:
    return [] if address.startswith(("file:", "data:", "blob:")) else [f"asked for {address}"]


def read(page: Page, html: Path, name: str) -> str:
    """The text of a page once everything on it is drawn, after it was searched for signs of life."""
    page.goto(f"{html.as_uri()}/{name}")
    page.wait_for_function(SETTLED, timeout=20_000)
    assert page.evaluate(ALIVE) == NOTHING
    assert page.complaints == []  # type: ignore[attr-defined]
    return flat(page.locator("main").inner_text())


@pytest.mark.browser
def test_tables_charts_and_captions_show_the_words_and_run_nothing(page: Page, html: Path) -> None:
    for mode in ("light", "dark"):
        page.emulate_media(color_scheme=mode)
        shown = read(page, html, "chapter.html")
        # a citation shortens titles and authors, the other columns do not
        assert [name for name, text in WORDS.items() if shown.count(printed(text)) < 3] == []
        assert printed(CONTROLS) in shown and printed(LONG) in shown
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
    plotted = page.locator(".aleppo-plot svg text").all_text_contents()
    assert {flat(text) for text in plotted} >= {printed(text) for text in (*WORDS.values(), CONTROLS)}


@pytest.mark.browser
def test_a_label_on_hover_shows_the_words_of_its_point(page: Page, html: Path) -> None:
    read(page, html, "chapter.html")
    page.locator(".aleppo-plot").scroll_into_view_if_needed()
    order = list(load("sources")["title"])
    for name in ("plotly", "script"):
        page.evaluate(
            "(pointNumber) => Plotly.Fx.hover(document.querySelector('.aleppo-plot'), [{curveNumber: 0, pointNumber}])",
            order.index(WORDS[name]),
        )
        page.wait_for_function(LABELLED, arg=printed(WORDS[name]), timeout=5_000)
        assert page.evaluate(ALIVE) == NOTHING


@pytest.mark.browser
def test_bibliography_catalogue_and_ledger_show_the_words_and_run_nothing(page: Page, html: Path) -> None:
    bibliography = read(page, html, "index.html")
    for text in WORDS.values():
        assert printed(text.replace("{", "(").replace("}", ")")) in bibliography
    addresses = page.locator("a.external").evaluate_all("(links) => links.map((one) => one.href)")
    assert set(addresses) == {link(ADDRESS)}
    catalogue = read(page, html, "data.html")
    assert [name for name, text in WORDS.items() if printed(text) not in catalogue] == []
    ledger = read(page, html, "claims.html")
    assert printed(str(hostile_book.claim()["paraphrase"])) in ledger


@pytest.mark.browser
def test_the_search_lists_the_words_as_text_in_its_dialog_and_on_its_page(page: Page, html: Path) -> None:
    read(page, html, "index.html")
    page.keyboard.press("Control+k")
    field = page.locator("#pst-search-dialog input")
    field.fill("nobody nowhere javascript alert")
    page.wait_for_selector("#pst-search-dialog .aleppo-finds li")
    assert page.evaluate(ALIVE) == NOTHING
    page.keyboard.press("Enter")
    page.wait_for_selector(".aleppo-search .aleppo-finds li")
    assert page.url.startswith(f"{html.as_uri()}/search.html?q=")
    assert page.evaluate(ALIVE) == NOTHING
    assert page.complaints == []  # type: ignore[attr-defined]
    assert flat("[z](javascript:alert(1))") in flat(page.locator(".aleppo-search .aleppo-finds").inner_text())


@pytest.mark.browser
def test_what_a_citation_stands_for_is_shown_beside_it_as_text(page: Page, html: Path) -> None:
    read(page, html, "chapter.html")
    page.locator(".bibtex-citation a.reference").first.focus()
    page.wait_for_selector("#aleppo-source:not([hidden])")
    assert printed(WORDS["script"]) in flat(page.locator("#aleppo-source").inner_text())
    assert page.evaluate(ALIVE) == NOTHING
    assert page.complaints == []  # type: ignore[attr-defined]


def test_no_word_becomes_markup_of_a_page(html: Path) -> None:
    for path in html.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "window.pwned=1</script>" not in re.sub(
            r'<script type="application/json">.*?</script>', "", text
        )
        assert not re.search(r"<(?:svg|img)[^>]*\s(?:onload|onerror)=", text)
        assert text.isprintable() or not re.search("[\x00-\x08\u202a-\u202e\u2066-\u2069]", text)


def test_the_csv_beside_a_table_holds_the_words_and_no_formula(html: Path) -> None:
    for name in ("tables/words.csv", "figures/words.csv"):
        with (html / "_static" / name).open(encoding="utf-8", newline="") as stream:
            found = list(csv.DictReader(stream))
        assert {row["title"] for row in found} == {safe(visible(text)) for text in (*WORDS.values(), LONG)}
        assert {row["computed"] for row in found} == {safe(visible(CONTROLS))}
        assert not any(computes(cell) for row in found for cell in row.values())


@pytest.mark.parametrize("name", ["tables/words.xlsx", "data/evidence/sources.xlsx"])
def test_a_workbook_holds_the_words_as_words(html: Path, name: str) -> None:
    with zipfile.ZipFile(html / "_static" / name) as archive:
        parts = {part: archive.read(part).decode() for part in archive.namelist() if part.endswith(".xml")}
        assert not [part for part in archive.namelist() if "vba" in part or "externalLink" in part]
        relations = [archive.read(part).decode() for part in archive.namelist() if part.endswith(".rels")]
    assert not any("TargetMode" in text for text in relations)
    sheets = "".join(text for part, text in parts.items() if "worksheets" in part)
    assert "<f>" not in sheets and "hyperlink" not in sheets and "<f " not in sheets
    held = {
        "".join(element.itertext())
        for element in ElementTree.fromstring(parts["xl/sharedStrings.xml"]).iter(f"{SPREADSHEET}si")
    }
    assert {visible(text) for text in (*WORDS.values(), LONG)} <= {visible(text) for text in held}


def test_the_book_as_epub_has_the_words_and_runs_nothing(sources: Path) -> None:
    (path,) = built(sources, "bookepub").glob("*.epub")
    shown = ""
    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            if not part.endswith((".xhtml", ".opf", ".ncx", ".svg")):
                continue
            # a page that is no sound XML would not be parsed
            tree = ElementTree.fromstring(archive.read(part))
            for element in tree.iter():
                assert str(element.tag).rpartition("}")[2] not in (
                    "script",
                    "iframe",
                    "object",
                    "form",
                    "foreignObject",
                )
                for attribute, value in element.attrib.items():
                    assert not attribute.startswith("on"), (part, attribute)
                    if attribute.rpartition("}")[2] in ("href", "src"):
                        assert leads_to_the_web(value), (part, value)
            shown += "".join(tree.itertext())
    assert [name for name, text in WORDS.items() if printed(text) not in flat(shown)] == []


def test_print_has_the_words_and_neither_a_script_nor_a_link_of_theirs(sources: Path) -> None:
    out = built(sources, "typstpdf")
    with pikepdf.open(out / "hostile.pdf") as pdf:
        assert "/JavaScript" not in pdf.Root.get("/Names", {}) and "/OpenAction" not in pdf.Root
        links = [
            str(note.A.URI)
            for sheet in pdf.pages
            for note in sheet.get("/Annots", [])
            if "/A" in note and "/URI" in note.A
        ]
        actions = {str(note.A.S) for sheet in pdf.pages for note in sheet.get("/Annots", []) if "/A" in note}
    assert set(links) == {link(ADDRESS)}
    assert actions <= {"/URI", "/GoTo"}
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler) is not installed")
    done = subprocess.run(
        ["pdftotext", "-raw", str(out / "hostile.pdf"), "-"], capture_output=True, text=True, check=True
    )
    text = flat(done.stdout)
    assert [name for name, words in WORDS.items() if printed(words) not in text] == []


# --- the parts ---


def test_signs_that_act_are_replaced_and_lines_become_one() -> None:
    assert visible("a\tb\r\nc\u2028d\x85e") == "a b c d e"
    assert visible("\x00\x1b[2J\u202e\u2066\ud800\ufffe") == f"{REPLACED}{REPLACED}[2J{REPLACED * 4}"
    assert visible("حلب\u200f — Алеппо 😀") == "حلب\u200f — Алеппо 😀"


@pytest.mark.parametrize(
    "text", [*WORDS.values(), CONTROLS, "% comment", "(a)=", "1. one", "- one", "+++", ": a"]
)
def test_escaped_text_is_one_paragraph_of_text(text: str) -> None:
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").parse(escaped(text))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    children = tokens[1].children or []
    assert {child.type for child in children} <= {"text", "text_special"}
    assert "".join(child.content for child in children) == visible(text).strip()


def test_a_chart_keeps_its_own_lines_and_weight_and_prints_every_other_tag() -> None:
    own = "<b>Aleppo</b><br>week %{x}<extra></extra>, <1 %"
    assert printed_in_chart([{"text": own}]) == [{"text": own}]
    for tag in ('<a href="x">', "<span style='x'>", "<sub>", "<BR>", "<br >", "<b class=x>", "</a>"):
        assert printed_in_chart(f"x{tag}y") == f"x&lt;{tag[1:]}y"
    cell = "R&amp;D <b>"
    assert marked_cells(pd.DataFrame({"a": [cell, "plain", None], "b": [1, 2, 3]})) == [cell]
    assert printed_in_chart(f"<b>week</b><br>{cell}", [cell]) == "<b>week</b><br>R&amp;amp;D &lt;b>"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://doi.org/10.1000/182", "https://doi.org/10.1000/182"),
        ("http://un.org/a?b=c#d", "http://un.org/a?b=c#d"),
        ("javascript:alert(1)", ""),
        ("JaVaScRiPt:alert(1)", ""),
        ("data:text/html,x", ""),
        ("file:///etc/passwd", ""),
        ("//evil.example", ""),
        ("https:evil.example", ""),
        (" https://un.org", ""),
        ('https://un.org/"<>\\{}', "https://un.org/%22%3C%3E%5C%7B%7D"),
        ("https://un.org/\u202e\n", "https://un.org/%E2%80%AE%0A"),
    ],
)
def test_only_an_address_of_the_web_becomes_a_link(address: str, expected: str) -> None:
    assert link(address) == expected


def test_a_table_of_the_evidence_holds_no_control_character(tmp_path: Path) -> None:
    path = tmp_path / "sources.csv"
    table = TABLES["sources"]
    first = hostile_book.rows()[0]
    signs = ("\x00", "\x1b", "\t", "\x7f", "\x9f")
    # a zero in the first bytes says that the file is no text; the note lies before it
    rows = [first | {"note": "x" * 5000}, *(first | {"title": f"a{sign}b"} for sign in signs)]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, table.column_names, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(row | {"source_id": f"source-{number}"} for number, row in enumerate(rows))
    faults = [fault for fault in read_table(table, path).faults if fault.column == "title"]
    assert [fault.row for fault in faults] == [3, 4, 5, 6, 7]
    assert all("without control characters" in fault.expected for fault in faults)
    assert all(str(fault).isprintable() for fault in faults)


def test_a_message_quotes_a_file_without_obeying_it(tmp_path: Path, capsys: Any) -> None:
    from aleppo.cli import main

    path = tmp_path / "log.csv"
    path.write_text("record,date,topic,outcome\n\x1b[2J\u202eS/PV.1,2016-01-01,a,b\n", encoding="utf-8")
    assert main(["ingest", "unsc", str(path), "--out", str(tmp_path / "out")]) == 1
    said = capsys.readouterr().err
    assert "\x1b" not in said and "\u202e" not in said and REPLACED in said


def test_a_sidecar_is_put_into_pages_only_if_it_is_of_its_form(sources: Path, tmp_path: Path) -> None:
    import yaml

    from aleppo.evidence.forms import read_described

    good = yaml.safe_load((sources.parent / "data" / "evidence" / "sources.yml").read_text(encoding="utf-8"))
    path = tmp_path / "sources.yml"
    for name, value in {
        "chapters": ["truces`{x}"],
        "sha256": "0`x",
        "rows": "many",
        "licence": good["licence"] | {"url": "javascript:alert(1)"},
        "columns": [{"name": "a b", "type": "text", "unit": "", "meaning": ""}],
        "retrieved": "2016-01-01](javascript:x)",
        "title": ["a"],
    }.items():
        path.write_text(yaml.safe_dump(good | {name: value}), encoding="utf-8")
        with pytest.raises(EvidenceError, match=name):
            read_described(path)
    path.write_text(yaml.safe_dump({"title": json.dumps(WORDS)}), encoding="utf-8")
    with pytest.raises(EvidenceError, match="publisher: expected text, found none"):
        read_described(path)
