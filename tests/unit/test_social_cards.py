"""What a page shows of itself where it is shared: a sentence, tags, and a card of the right size."""

from __future__ import annotations

import struct

import pytest
from docutils.core import publish_doctree

from aleppo.bookkit import social
from aleppo.bookkit.assets import font_dirs

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("One. Two.", "One. Two."),
        (f"{'a' * 150}. {'b' * 100}.", f"{'a' * 150}."),
        ("The ratio is ×0.74 [0.63, 0.87] here. It ends.", "The ratio is ×0.74 [0.63, 0.87] here. It ends."),
        ("Type `. .venv/bin/activate` first. Then run.", "Type `. .venv/bin/activate` first. Then run."),
        ("هل تغير شيء؟ لم يتغير كثيراً.", "هل تغير شيء؟ لم يتغير كثيراً."),
        ("word " * 80, f"{('word ' * 40).strip()} …"),
    ],
)
def test_a_description_is_whole_sentences_where_they_fit(words: str, expected: str) -> None:
    assert social.shortened(words.strip()) == expected
    assert len(social.shortened(words.strip())) <= social.LONGEST + 2


AFTER_LIMITS = """
.. caution::

   Limits come before the results.

Did it change? It did not change much.
"""
WITH_LINKS_AND_MARKUP = """
`A page in another language <a.html>`_ · `And another one <b.html>`_

The name :raw-html:`<span lang="ar" dir="rtl">حلب &amp; ريفها</span>` is :raw-html:`<br>` Arabic.
"""
OF_LISTS = """
.. admonition:: Limits first
   :class: caution

   It says what was recorded.

- One point.
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (AFTER_LIMITS, "Did it change? It did not change much."),
        (WITH_LINKS_AND_MARKUP, "The name حلب & ريفها is Arabic."),
        (OF_LISTS, "It says what was recorded."),
    ],
)
def test_a_description_is_the_text_after_the_limits_or_theirs_without_markup(
    text: str, expected: str
) -> None:
    page = publish_doctree(
        f".. role:: raw-html(raw)\n   :format: html\n\nTitle\n=====\n{text}",
        settings_overrides={"doctitle_xform": False},
    )
    assert social.description(page) == expected


def test_tags_are_properties_for_open_graph_and_names_for_the_rest() -> None:
    made = social.tags(
        {"og:title": 'A "quoted" title', "twitter:card": "summary_large_image", "description": ""}
    )
    assert made.splitlines() == [
        '<meta property="og:title" content="A &quot;quoted&quot; title">',
        '<meta name="twitter:card" content="summary_large_image">',
    ]


@pytest.mark.skipif(not font_dirs(), reason="the book's fonts were not fetched")
def test_cards_have_the_size_that_is_asked_for_and_the_same_bytes_twice() -> None:
    square = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    files = {
        "card.typ": social.TEMPLATE.read_bytes(),
        "strip.svg": square.encode(),
        "0.svg": square.encode(),
    }
    rows = [
        {
            "part": "A part",
            "number": "1",
            "title": "Longer than a line of the card: #what?",
            "still": "0.svg",
            "cover": False,
        },
        {"part": "", "number": "", "title": "Without a chart", "still": "", "cover": False},
        {"part": "A subtitle", "number": "", "title": "The book", "still": "", "cover": True},
    ]
    first, second = (social.typeset(files, {"book": "The book", "cards": rows}) for _ in range(2))
    assert first == second and len(first) == len(rows) and len(set(first)) == len(rows)
    for png in first:
        assert png.startswith(PNG) and struct.unpack(">II", png[16:24]) == (social.WIDTH, social.HEIGHT)
