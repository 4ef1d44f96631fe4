"""Numbers, dates and ranges as the book prints them, and how they reach the prose."""

from __future__ import annotations

import datetime
import pickle
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from aleppo.evidence.errors import AleppoError
from aleppo.show import numbers
from aleppo.show.numbers import (
    area,
    change,
    count,
    count_range,
    date,
    quantity,
    quantity_range,
    ratio,
    ratio_range,
    say,
    share,
    share_range,
    span,
)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        (count(27618), "27,618"),
        (count(np.int64(27618)), "27,618"),
        (count(0), "0"),
        (count(12.0), "12"),
        (count(-1200), "−1,200"),
        (count(Decimal(1000)), "1,000"),
        (quantity(1234.56, 1), "1,234.6"),
        (quantity(2.5), "3"),
        (quantity(0.125, 2, "km"), "0.13\u00a0km"),
        (area(40.43), "40.4\u00a0km²"),
        (area(np.float64(0.05)), "0.1\u00a0km²"),
        (change(12), "+12"),
        (change(-3.46, 1), "−3.5"),
        (change(0), "0"),
        (change(-0.2), "0"),
        (share(0.534), "53\u00a0%"),
        (share(0.5345, 1), "53.5\u00a0%"),
        (share(0), "0\u00a0%"),
        (share(1), "100\u00a0%"),
        (share(0.0004), "<1\u00a0%"),
        (share(0.9996), ">99\u00a0%"),
        (share(0.9996, 1), ">99.9\u00a0%"),
        (share_range(0.48, 0.59), "48–59\u00a0%"),
        (share_range(0.48, 0.53, 0.59), "53\u00a0% [48–59\u00a0%]"),
        (share_range(0.501, 0.502), "50\u00a0%"),
        (count_range(34, 51), "34–51"),
        (count_range(34, 40, 51), "40 [34–51]"),
        (count_range(5, 5), "5"),
        (ratio(1.31, 0.75, 2.29), "×1.31 [0.75, 2.29]"),
        (ratio(0.5), "×0.50"),
        (ratio(999.994), "×999.99"),
        (ratio(392056, 16.34, 9404141657.92), "×392,000 [16.34, 9,400,000,000]"),
        (ratio_range(0.58, 1.784), "×0.58–1.78"),
        (quantity_range(23.4, 39), "23–39"),
        (quantity_range(8.16, 8.24, digits=1, unit="km²"), "8.2\u00a0km²"),
        (quantity_range(40.1, 43.26, 45, digits=1, unit="km²"), "43.3\u00a0km² [40.1–45.0\u00a0km²]"),
        (date("2016-11-28"), "28\u00a0November 2016"),
        (date("2016-11"), "November 2016"),
        (date("2016"), "2016"),
        (date(datetime.date(2015, 9, 30)), "30\u00a0September 2015"),
        (date(pd.Timestamp("2015-09-30")), "30\u00a0September 2015"),
        (span("2016-12-13", "2016-12-22"), "13–22\u00a0December 2016"),
        (span("2016-11-15", "2016-12-22"), "15\u00a0November – 22\u00a0December 2016"),
        (span("2015-09-30", "2016-12-22"), "30\u00a0September 2015 – 22\u00a0December 2016"),
        (span("2016-07", "2016-12"), "July–December 2016"),
        (span("2015-10", "2016-12"), "October 2015 – December 2016"),
        (span("2011", "2017"), "2011–2017"),
        (span("2016-12-13", "2016-12-13"), "13\u00a0December 2016"),
    ],
)
def test_a_value_is_printed_as_the_book_writes_it(printed: str, expected: str) -> None:
    assert printed == expected


@pytest.mark.parametrize(("value", "words"), [(27_618, "27,618"), (0, "none"), (np.int64(0), "none")])
def test_where_there_are_none_a_word_may_say_so(value: Any, words: str) -> None:
    assert numbers.count_or(value, "none") == words


@pytest.mark.parametrize("value", [float("nan"), float("inf"), None, pd.NA, "12", True])
@pytest.mark.parametrize("form", [count, quantity, area, change, share, ratio])
def test_what_is_not_a_finite_number_is_refused(form: Any, value: Any) -> None:
    with pytest.raises(AleppoError, match="expected a finite number"):
        form(value)


def test_a_count_with_a_fraction_is_refused() -> None:
    with pytest.raises(AleppoError, match="whole number"):
        count(2.5)


@pytest.mark.parametrize("value", [-0.1, 1.1, 53])
def test_a_share_outside_0_to_1_is_refused(value: float) -> None:
    with pytest.raises(AleppoError, match="from 0 to 1"):
        share(value)


@pytest.mark.parametrize(
    "printing",
    [
        lambda: share_range(0.6, 0.5),
        lambda: count_range(3, 2, 4),
        lambda: ratio(1, 2, 3),
        lambda: ratio_range(2, 1),
        lambda: quantity_range(2, 1, 3),
        lambda: span("2016-12-22", "2016-12-13"),
    ],
)
def test_a_range_from_high_to_low_is_refused(printing: Any) -> None:
    with pytest.raises(AleppoError):
        printing()


@pytest.mark.parametrize("value", ["28.11.2016", "2016-13", "2016-02-30", "2016-00", "", "2016-11-28T00:00"])
def test_a_date_that_is_not_one_is_refused(value: str) -> None:
    with pytest.raises(AleppoError, match="a date"):
        date(value)


def test_one_end_of_an_interval_is_refused() -> None:
    with pytest.raises(AleppoError, match="both ends"):
        ratio(1.3, 0.7)


@pytest.fixture
def displayed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, Any]]:
    """What is displayed in the test, as (data, metadata), with no key said before."""
    seen: list[tuple[Any, Any]] = []

    def display(data: Any, raw: bool, metadata: Any) -> None:
        assert raw
        seen.append((data, metadata))

    monkeypatch.setattr("IPython.display.display", display)
    monkeypatch.setattr("myst_nb.ext.glue.ipy_display", display)
    monkeypatch.setattr(numbers, "_said", {})
    return seen


@pytest.mark.parametrize("text", ["27,618", 'Dar\'a "quoted"', "93–100\u00a0% \\ حلب"])
def test_say_displays_what_myst_nb_glues(displayed: list[tuple[Any, Any]], text: str) -> None:
    from myst_nb import glue

    glue("deaths-total", text, display=False)
    say("deaths-total", text)
    assert displayed[0] == displayed[1]


LONE = [share(0.53), ratio(1.31), quantity(3.2, 1), quantity(26, unit="km"), area(40.4), change(-3)]
WHOLE = [
    *(count(12), count(-1200), date("2016-11-28"), span("2016-12-13", "2016-12-22"), "Aleppo Governorate"),
    *(share_range(0.48, 0.59), share_range(0.501, 0.502), share_range(0.4, 0.5, 0.6), count_range(34, 51)),
    *(quantity_range(2.5, 2.52, digits=1), ratio(1.31, 0.75, 2.29), ratio_range(0.5, 0.7)),
]


@pytest.mark.parametrize("text", LONE)
def test_an_estimate_without_its_range_is_refused_by_its_key(
    displayed: list[tuple[Any, Any]], text: str
) -> None:
    with pytest.raises(
        AleppoError, match=r"^say 'rate-at-break': expected a count, or an estimate with its low and high"
    ):
        say("rate-at-break", text)
    assert not displayed


@pytest.mark.parametrize("text", LONE)
@pytest.mark.parametrize("why", numbers.ALONE)
def test_an_estimate_may_stand_alone_for_a_reason_that_is_given(
    displayed: list[tuple[Any, Any]], text: str, why: str
) -> None:
    say("rate-at-break", text, alone=why)
    assert displayed[0][0] == {"application/papermill.record/text/plain": repr(str(text))}


@pytest.mark.parametrize("text", WHOLE)
def test_counts_dates_names_and_ranges_need_no_reason_and_take_none(
    displayed: list[tuple[Any, Any]], text: str
) -> None:
    say("rate-at-break", text)
    with pytest.raises(AleppoError, match="expected no alone="):
        say("rate-of-others", text, alone="whole")


def test_a_reason_that_is_not_of_the_list_is_refused(displayed: list[tuple[Any, Any]]) -> None:
    with pytest.raises(AleppoError, match=r"expected alone as one of whole, beside, .*found 'because'"):
        say("rate-at-break", share(0.5), alone="because")


@pytest.mark.parametrize(
    ("text", "lone"),
    [
        (f"{ratio(0.5)} to {ratio(0.7)}", True),
        (f"{quantity(0.1, 1)} to {quantity(1.3, 1)}", True),
        (f"from {share(0.5)}, in the west", True),
        (f"{quantity(5, unit='km')} away", True),
        (f"{count(42)} of {count(173)}", False),
        (f"{ratio(0.5, 0.4, 0.6)}, rank {count(3)}", False),
        (f"{ratio(0.5)} [placebos {ratio_range(0.6, 1.7)}]", False),
        (f"{date('2012-07-16')} and {date('2014-06-23')}", False),
        ("122 to 13 with 36 abstentions", False),
    ],
)
def test_words_put_together_are_read_for_an_estimate_without_a_range(text: str, lone: bool) -> None:
    assert numbers.is_lone_estimate(text) is lone


def test_a_printed_number_is_text_that_can_be_sent_to_another_process() -> None:
    sent = pickle.loads(pickle.dumps([share(0.5), count(3)]))
    assert sent == ["50\u00a0%", "3"]
    assert [text.lone for text in sent] == [True, False]


def test_a_key_is_said_once(displayed: list[tuple[Any, Any]]) -> None:
    say("deaths", "12")
    with pytest.raises(AleppoError, match="said before"):
        say("deaths", "13")
    assert len(displayed) == 1


def test_a_cell_that_is_run_again_says_its_keys_again(
    displayed: list[tuple[Any, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numbers, "_running_cell", lambda: ("cell", len(displayed)))
    say("deaths", "12")
    say("deaths", "13")
    assert len(displayed) == 2


def test_another_cell_may_not_say_the_same_key(
    displayed: list[tuple[Any, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numbers, "_running_cell", lambda: (f"cell {len(displayed)}", len(displayed)))
    say("deaths", "12")
    with pytest.raises(AleppoError, match="said before"):
        say("deaths", "13")


@pytest.mark.parametrize("text", [12, None, "", "two\nlines"])
def test_only_one_line_of_text_is_said(displayed: list[tuple[Any, Any]], text: Any) -> None:
    with pytest.raises(AleppoError, match="expected"):
        say("deaths", text)
    assert not displayed


@pytest.mark.parametrize("key", ["Deaths", "a::b", "a b", "", 3])
def test_a_key_that_prose_could_not_name_is_refused(displayed: list[tuple[Any, Any]], key: Any) -> None:
    with pytest.raises(AleppoError, match="expected a key"):
        say(key, "12")
