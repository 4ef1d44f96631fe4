"""Pieces of a page that no line breaks are marked, and nothing else of the page is changed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aleppo.bookkit.unbroken import MARK, unbroken

OPENING, CLOSING = MARK.split("{}")


@pytest.mark.parametrize(
    "piece",
    [
        "23–39",
        "23–39\u00a0km²",
        "1,234–5,678",
        "−5–+3",
        "[53–72\u00a0%]",
        "[53–72&#160;%]",
        "[0.64, 1.35]",
        "[×0.64, ×1.35]",
        "95 %",
        "30 September",
        "30 September 2015",
        "4 September 2016zd",
        "62 % [53–72 %]",
        "×0.74 [0.63, 0.87]",
        "1–4 May",
        "30 сентября",
        "2026-11-23",
        "2015-09",
        "2011–2017",
        "FR-078",
    ],
)
def test_a_piece_is_marked_as_a_whole(piece: str) -> None:
    assert unbroken(f"<p>Of them {piece}, as counted ({piece}).</p>") == (
        f"<p>Of them {MARK.format(piece)}, as counted ({MARK.format(piece)}).</p>"
    )


@pytest.mark.parametrize(
    "body",
    [
        "<p>In 2016 there were 27,618 of them, and 3 kinds; see 12.4 and A-b.</p>",
        '<p title="95 % of 23–39">plain</p>',
        "<!-- 95 % --><p>plain</p>",
        '<script type="application/json">{"a": "95 %", "b": "<p>23–39"}</script>',
        "<pre><span>2026-11-23</span></pre><code>FR-078</code>",
        "<svg><text>95 %</text></svg><math><mtext>95 %</mtext></math>",
        "<p>an id S-2016-11-23-x and a path /2016-11-23 stay</p>",
    ],
)
def test_what_is_no_such_piece_stays_as_it_is(body: str) -> None:
    assert unbroken(body) == body


def test_a_long_name_in_code_may_break_behind_its_signs_and_a_block_of_code_nowhere() -> None:
    name = "aleppo.claims.tests.itv_front_lines"
    broken = name.replace(".", ".<wbr/>").replace("_", "_<wbr/>")
    assert unbroken(f"<code>load({name})</code>") == f"<code>load({broken})</code>"
    for other in (f"<pre><code>{name}</code></pre>", "<code>aleppo.show.data</code>", f"<p>{name}</p>"):
        assert unbroken(other) == other


def test_text_behind_what_is_left_alone_is_marked_again() -> None:
    assert unbroken("<code>1–2</code> and <svg/>1–2") == f"<code>1–2</code> and <svg/>{MARK.format('1–2')}"


def test_an_interval_is_one_piece_and_not_three() -> None:
    found = re.findall(f"{OPENING}(.*?){CLOSING}", unbroken("1.2 [0.9, 1.4] from 3–4 May to 5 June 2016 (6)"))
    assert found == ["1.2 [0.9, 1.4]", "3–4 May", "5 June 2016"]


@given(st.text("0123456789,.–-% []<>&;/kmMay\"'", max_size=60))
def test_taking_the_marks_out_gives_the_page_again(body: str) -> None:
    assert unbroken(body).replace(OPENING, "").replace(CLOSING, "").replace("<wbr/>", "") == body
