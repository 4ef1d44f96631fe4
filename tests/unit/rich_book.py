"""A small book with everything that the print edition must be able to set, written to a folder by :func:`write`."""

from __future__ import annotations

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "book" / "print" / "book.typ"
ALT = "Two bars; the second is twice as high as the first."
TABLE_ROWS = 70
WIDE_COLUMNS = 13
LONG_WORD = "an-identifier-of-a-row/that-is-much-longer-than-a-line-of-the-page-can-hold/and-goes-on-and-on"

CONF = """
project = "A Book of Tests"
author = "First Author, Second Author"
release = "1.2.3"
language = "en"
root_doc = "index"
extensions = ["myst_nb", "sphinx_external_toc", "sphinx_design", "sphinxcontrib.bibtex", "sphinx_multitoc_numbering",
              "aleppo.bookkit.foreign_words", "aleppo.bookkit.page_language", "aleppo.bookkit.glossary",
              "aleppo.bookkit.print"]
external_toc_path = "_toc.yml"
use_multitoc_numbering = True
myst_enable_extensions = ["amsmath", "attrs_inline", "colon_fence", "deflist", "dollarmath", "smartquotes", "tasklist"]
myst_footnote_transition = False
nb_execution_mode = "off"
nb_render_markdown_format = "myst"
bibtex_bibfiles = ["references.bib"]
bibtex_reference_style = "author_year"
numfig = True
numfig_secnum_depth = 1
exclude_patterns = ["_build"]
suppress_warnings = ["myst.domains"]
print_book = {
    "target": "tests", "subtitle": "Everything that must reach the page", "date": "2020-02-03",
    "licence": "Text under CC BY 4.0", "template": %(template)r, "address": "https://example.org/book",
}


def setup(app):
    # what another extension would say and draw
    app.connect("print-imprint", lambda app: ["A line of the imprint."])
    app.connect("print-cover", lambda app: %(cover)r)
"""

TOC = """\
format: jb-book
root: index
parts:
  - caption: Before the results
    chapters:
      - file: limits
  - caption: "Results & findings"
    numbered: 1
    chapters:
      - file: first
      - file: second
      - file: stored
  - caption: Back matter
    chapters:
      - file: arabic
      - file: sources
"""

INDEX = """\
# A Book of Tests

The opening page says what the book is about, and points at [the first chapter](first.md) and {ref}`the table
<tab-long>`.

## Key findings

Front lines
: A term with a definition that is long enough to reach the second line of the page, so that the hanging indent can be
  seen and judged.

  A second paragraph of the same definition.

Response
: Another term.
"""

LIMITS = """\
# Limits first

Nothing in this chapter has a number.

```{figure} figures/bars.svg
:name: fig-front
:alt: A drawing of two bars.

A figure in a chapter without a number.
```

```{container} cite-this
How to cite the limits.
```
"""

FIRST = r"""
(first-chapter)=
# The first chapter: who held what

Special signs reach the page as they are: # \$5 * _under_ `x` \<tag\> @home [brackets] ~ a/b "quoted" it's 100 % =
equal + plus - minus -- dash ... dots; back\\slash. See {numref}`fig-bars`, {numref}`tab-long`, {numref}`Figure %s
<fig-bars>` and {ref}`second-chapter`, or {doc}`second`. A claim has its source {cite:p}`one-2016-report`, as
{cite:t}`two-2017-paper` says.[^note] The name حلب الشرقية (eastern Aleppo) is Arabic. A link to [an
example](https://example.org/page) and to <https://example.org/shown>.[^more] Formula $\hat\beta_1 = 0.5$ stands in the
line. Long words break: `{LONG_WORD}`.

{FILLER}

[^note]: The note at the foot of the page, with *emphasis* and a source {cite:p}`one-2016-report`.
[^more]: A second note.

```{figure} figures/bars.svg
:name: fig-bars
:alt: {ALT}

**The second bar is higher.** A caption that explains what is drawn, with its source {cite:p}`one-2016-report` and the
name حلب.
```

{FILLER}

## A section

Text before the figure again, see {eq}`model`.[^note]

$$
\log \mu_t = \beta_0 + \beta_1 t + \beta_2 D_t
$$ (model)

\begin{align}
a &= b + c \\
d &= \frac{e}{f}
\end{align}

{FILLER}

### A subsection

- one
- two
  - inner
- three

1. first
2. second

   with a second paragraph

```{epigraph}
A quotation of somebody's words that runs over more than one line of the page so that its indent can be seen.

-- Somebody
```

```{note}
A note with a list:

- one
- two
```

```{warning}
Read this first.
```

```{admonition} A title of its own
:class: tip
Body of the admonition with {ref}`a link <first-chapter>`.
```

```python
def code(block):
    return block
```

```
aleppo verify
```

:::{only} html
This is for the web edition alone.
:::

```{raw} html
<p>raw web markup</p>
```

{FILLER}
"""

SECOND = r"""
(second-chapter)=
# The second chapter, with tables and a notebook beside it

```{table} A small table with a caption
:name: tab-small

| Side | Share | Note |
|:--|--:|:-:|
| Government | 53 % | a |
| Opposition | 47 % | b |
```

Text between the tables refers to {numref}`tab-small` and {numref}`tab-wide`.

{LONG_TABLE}

{FILLER}

{WIDE_TABLE}

After the wide table.

See {term}`firm` and {term}`the range <range>`.

:::{glossary}
firm
upper
  Two terms of one meaning, which is long enough to reach the second line of the page, so that the hanging indent of a
  glossary can be seen.

  A second paragraph {cite:p}`one-2016-report`.

range
  From the lowest to the highest.

besieged
  A term that nothing refers to.
:::

```{list-table} Cells with more than one paragraph
:name: tab-paragraphs
:header-rows: 1
:widths: 20 50 30

* - Vote
  - What was decided
  - Remark
* - S/2016/846
  - A first paragraph that is long enough to wrap in its column.

    A second paragraph, with a list:

    - one
    - two
  - vetoed
* - S/2016/1026
  - Another row {cite:p}`two-2017-paper`.
  - [a link](https://example.org/cell)
```

```{eval-rst}
.. table:: Cells that span
   :name: tab-spans

   +--------+-------------------+
   |        | Deaths            |
   | Month  +---------+---------+
   |        | low     | high    |
   +========+=========+=========+
   | Jan    | 10      | 20      |
   +--------+---------+---------+
   | Feb    | not recorded      |
   +--------+-------------------+

:Field: value
:Other: value

| A line
| of verse
```
"""

ARABIC_TITLE = "صفحة بالعربية"
ARABIC = f"""\
---
language: ar
---

# {ARABIC_TITLE}

```{{admonition}} تنبيه
:class: caution
يبدأ كل سطر هنا من اليمين، في {{date}}`2015-09-30`، ويرد اسم Airwars في وسطه.
```

- نقطة أولى.
- نقطة ثانية.
"""

SOURCES = """\
# Bibliography

% print: two columns

```{bibliography}
:style: plain
```
"""

BIB = """\
@misc{one-2016-report, author = {{The Publisher}}, title = {A report on the siege}, year = {2016},
  howpublished = {\\url{https://example.org/a/very/long/address/that/must/break/over/lines/report-2016.html}}}
@article{two-2017-paper, author = {Doe, Jane and Roe, Richard}, title = {A paper}, journal = {Journal}, year = {2017}}
"""

SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360" viewBox="0 0 640 360">
<rect x="80" y="180" width="160" height="140" fill="#24405c"/>
<rect x="340" y="40" width="160" height="280" fill="#9a2a20"/>
<text x="80" y="345" style="font-family: 'Source Sans 3', sans-serif; font-size: 14px">label of the picture</text>
</svg>
"""

FILLER = (
    "The quick brown fox jumps over the lazy dog, and the report says so on 12 December 2016, when 27,618 records had "
    "been counted between two dates that the publishers give. " * 5
)


def notebook() -> dict[str, object]:
    """Stored outputs of several kinds: a table in markdown, a figure, a stream, an output for the web."""

    def code(source: str, outputs: list[dict[str, object]], **metadata: object) -> dict[str, object]:
        return {
            "cell_type": "code",
            "execution_count": 1,
            "id": f"c{len(source)}",
            "metadata": metadata,
            "outputs": outputs,
            "source": source,
        }

    picture = {"image/svg+xml": SVG, "text/plain": "picture"}
    return {
        "cells": [
            {
                "cell_type": "markdown",
                "id": "m1",
                "metadata": {},
                "source": "# The notebook chapter\n\nA figure from a stored output is {numref}`fig-stored`.",
            },
            code(
                "hidden_input = 'never printed'",
                [{"output_type": "stream", "name": "stdout", "text": "stream output\n"}],
            ),
            code(
                "shown_input = 'printed'",
                [{"output_type": "stream", "name": "stderr", "text": "a warning of a library\n"}],
                tags=["print-input"],
            ),
            code(
                "show(figure_object)",
                [{"output_type": "display_data", "metadata": {}, "data": picture}],
                mystnb={
                    "figure": {"name": "fig-stored", "caption": "A figure made by a notebook."},
                    "image": {"alt": "Bars drawn by a notebook."},
                },
            ),
            code(
                "show(table_object, 1)",
                [
                    {
                        "output_type": "display_data",
                        "metadata": {},
                        "data": {
                            "text/html": "<b>web only</b>",
                            "text/markdown": "| a | b |\n|--|--|\n| 1 | 2 |",
                        },
                    }
                ],
            ),
        ],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def long_table() -> str:
    rows = "\n".join(f"| 2016-{i % 12 + 1:02d} | place {i} | {i * 137:,} |" for i in range(1, TABLE_ROWS + 1))
    head = "| Month | Place | Deaths |\n|--|--|--|"
    return f"```{{table}} A table longer than a page\n:name: tab-long\n\n{head}\n{rows}\n```"


def wide_table() -> str:
    head = "| Row | " + " | ".join(f"Measurement {i}" for i in range(1, WIDE_COLUMNS)) + " |"
    rule = "|--" * WIDE_COLUMNS + "|"
    rows = "\n".join(
        f"| row-{r} | " + " | ".join(f"{r * i * 1234567:,}" for i in range(1, WIDE_COLUMNS)) + " |"
        for r in range(1, 6)
    )
    return f"```{{table}} A table wider than a page\n:name: tab-wide\n\n{head}\n{rule}\n{rows}\n```"


def write(folder: Path) -> Path:
    """Write the book's sources into ``folder``."""
    (folder / "figures").mkdir(parents=True)
    pages = {
        "index.md": INDEX,
        "limits.md": LIMITS,
        "first.md": FIRST,
        "second.md": SECOND,
        "arabic.md": ARABIC,
        "sources.md": SOURCES,
    }
    for name, text in pages.items():
        for key, value in {
            "{LONG_WORD}": LONG_WORD,
            "{FILLER}": FILLER,
            "{ALT}": ALT,
            "{LONG_TABLE}": long_table(),
            "{WIDE_TABLE}": wide_table(),
        }.items():
            text = text.replace(key, value)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "stored.ipynb").write_text(json.dumps(notebook()), encoding="utf-8")
    (folder / "figures" / "bars.svg").write_text(SVG, encoding="utf-8")
    (folder / "references.bib").write_text(BIB, encoding="utf-8")
    (folder / "conf.py").write_text(CONF % {"template": str(TEMPLATE), "cover": SVG}, encoding="utf-8")
    (folder / "_toc.yml").write_text(TOC, encoding="utf-8")
    return folder
