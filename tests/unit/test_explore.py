"""The search and filters above a table, as they are written into the page."""

from __future__ import annotations

import re

from aleppo.bookkit.explore import bar

FACETS = [{"label": "Kind & side", "choices": ["a <b>", "c"], "rows": [[0], [0, 1], []]}]


def test_each_choice_says_how_many_rows_it_leaves() -> None:
    made = bar("rows-x", FACETS, 3, "Votes")
    assert re.findall(r"<option[^>]*>([^<]*)</option>", made) == ["all", "a &lt;b&gt; (2)", "c (1)"]


def test_every_control_has_a_label_and_the_form_a_name() -> None:
    made = bar("rows-x", FACETS, 1084, 'The "map"')
    labels = re.findall(r'<label for="([^"]+)">', made)
    assert labels == ["rows-x-words", "rows-x-filter-0"]
    assert all(f'id="{label}"' in made for label in labels)
    assert 'role="search" aria-label="Find rows: The &quot;map&quot;"' in made
    assert "Kind &amp; side" in made and '<output aria-live="polite">1,084 rows</output>' in made


def test_without_scripts_there_is_nothing_to_press() -> None:
    assert 'class="aleppo-explore pst-js-only"' in bar("rows-x", [], 1, "Votes")
