"""A link to a term carries its definition, for the pointer, the keyboard and the ear."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import small_pages

from aleppo.bookkit.setting import reasons_alone, setting, verdict_scale, worded
from aleppo.claims.verdict import SCALE
from aleppo.evidence.errors import AleppoError
from aleppo.show.numbers import ALONE

GLOSSARY = """# Glossary

:::{glossary}
firm, midpoint, upper
  Three answers to "how much" & more.

  A second paragraph.

spell
contest
  A stretch of days; see {term}`contest`.
:::
"""


def built(folder: Path, page: str) -> tuple[str, str]:
    """The HTML of a page beside a glossary, and what the build warned of."""
    source = folder / "source"
    source.mkdir()
    (source / "index.md").write_text(f"# Page\n\n{page}\n\n```{{toctree}}\nwords\n```\n")
    (source / "words.md").write_text(GLOSSARY)
    warned = small_pages.built(folder, "aleppo.bookkit.glossary", "aleppo.bookkit.setting")
    return (folder / "out" / "index.html").read_text(), warned


def test_a_term_is_a_link_that_its_definition_describes(tmp_path: Path) -> None:
    html, warned = built(tmp_path, "{term}`Firm and upper <firm, midpoint, upper>`, and {term}`spell`.")
    assert warned == ""
    links = re.findall(
        r'<a aria-describedby="(term-mark-\d)" class="[^"]*" href="words.html#(term-[\w-]+)"', html
    )
    assert links == [("term-mark-1", "term-firm-midpoint-upper"), ("term-mark-2", "term-spell")]
    tips = dict(
        re.findall(r'<span class="aleppo-definition" role="tooltip" id="([\w-]+)">([^<]*)</span>', html)
    )
    assert tips == {
        "term-mark-1": "Three answers to “how much” &amp; more.",
        "term-mark-2": "A stretch of days; see contest.",
    }


def test_a_page_without_terms_is_left_alone(tmp_path: Path) -> None:
    html, _ = built(tmp_path, "A [link](words.md) and {ref}`genindex`.")
    assert "aleppo-term" not in html
    assert "aleppo-glossary.js" not in html


def test_a_page_with_terms_asks_for_the_script_once(tmp_path: Path) -> None:
    html, _ = built(tmp_path, "{term}`spell` {term}`contest`")
    assert html.count("aleppo-glossary.js") == 1


def test_a_word_that_is_not_in_the_glossary_is_warned_of(tmp_path: Path) -> None:
    _, warned = built(tmp_path, "{term}`unknown`")
    assert "term not in glossary" in warned


def test_a_setting_is_printed_from_the_code(tmp_path: Path) -> None:
    html, warned = built(tmp_path, "{setting}`aleppo.model.truces:Design.placebos` draws.")
    assert "<p>1,000 draws.</p>" in html
    assert warned == ""


def test_a_setting_that_is_not_there_is_warned_of(tmp_path: Path) -> None:
    _, warned = built(tmp_path, "{setting}`aleppo.model.truces:Design.gone`")
    assert "expected a constant of the package, found no 'aleppo.model.truces:Design.gone'" in warned


def test_settings_are_attributes_keys_and_defaults() -> None:
    assert setting("aleppo.measure.control_simulation:REACH.week") == "7"
    assert setting("aleppo.measure.control_simulation:simulate_area.__kwdefaults__.draws") == "1,000"


@pytest.mark.parametrize(
    "name", ["os:sep", "aleppo.model.truces", "aleppo.nowhere:X", "aleppo.model.truces:Design"]
)
def test_nothing_but_constants_of_the_package_is_a_setting(name: str) -> None:
    with pytest.raises(AleppoError, match="a setting: expected"):
        setting(name)


def test_several_numbers_are_listed() -> None:
    assert worded((0.5, 1.0, 12000)) == "0.5, 1 and 12,000"
    assert worded("nearest") == "nearest"


def test_the_scale_has_every_verdict_with_its_meaning() -> None:
    assert verdict_scale().count("\n: ") == len(SCALE)
    assert "Forecast not borne out\n: What was foreseen did not come about." in verdict_scale()


def test_every_reason_for_a_figure_without_a_range_is_listed(tmp_path: Path) -> None:
    html, warned = built(tmp_path, "% figures-alone")
    assert not warned
    assert all(reason in html for reason in ALONE.values())
    assert reasons_alone().count("- ") == len(ALONE)
