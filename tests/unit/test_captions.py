"""How the web edition parts captions, puts code after what it shows, and leaves other editions alone."""

from __future__ import annotations

import re

import pytest
from docutils import nodes

from aleppo.bookkit import captions
from aleppo.show.wording import on_the_page, sources_words


def caption(*children: nodes.Node) -> nodes.caption:
    return nodes.caption("", "", *children)


def test_sources_and_the_date_of_the_data_leave_the_caption_with_their_links() -> None:
    link = nodes.reference("", "SOHR, 2016")
    whole = caption(
        nodes.strong("", "Deaths rise."),
        nodes.Text(" By week. Source: "),
        link,
        nodes.Text(". Data as of May."),
    )
    note = captions.split_off_sources(whole, "chart")
    assert whole.astext() == "Deaths rise. By week."
    assert (
        note is not None and note.astext() == "Source: SOHR, 2016. Data as of May." and link in note.children
    )


def test_a_caption_that_names_no_source_stays_whole() -> None:
    whole = caption(nodes.Text("Sources differ, and nobody cites them."))
    assert captions.split_off_sources(whole, "chart") is None
    assert whole.astext() == "Sources differ, and nobody cites them."


@pytest.mark.parametrize("what", ["chart", "table"])
def test_a_long_list_is_said_to_be_under_the_chart_on_the_page_alone(what: str) -> None:
    written = sources_words([f"source-{number}" for number in range(20)], "2026-11-23", what)
    assert f"the web edition lists them under the {what}" in written
    assert on_the_page(written, what).startswith(
        f"Sources: 20 publications, listed under the {what}. Data as of"
    )


def test_only_a_sentence_in_bold_becomes_the_heading() -> None:
    bold = caption(nodes.Text(" "), nodes.strong("", "Finding."), nodes.Text(" Reading."))
    finding, rest = captions._finding(bold)
    assert [node.astext() for node in finding] == ["Finding."] and rest[0].astext() == " Reading."
    finding, rest = captions._finding(caption(nodes.Text("Plain words.")))
    assert finding == [] and rest[0].astext() == "Plain words."


def test_no_words_of_a_caption_are_lost() -> None:
    parts = (nodes.strong("", "A."), nodes.Text(" B. Sources: "), nodes.Text("C"), nodes.Text(". D."))
    whole = caption(*parts)
    before = re.sub(r"\s+", " ", whole.astext())
    note = captions.split_off_sources(whole, "chart")
    assert note is not None
    assert f"{whole.astext()} {note.astext()}" == before
