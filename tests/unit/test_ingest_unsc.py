"""From the Council's meeting log to the series by month; the list of vetoes against the table of votes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aleppo.evidence import EvidenceError, load, verify
from aleppo.ingest import ingest, unsc
from data_copy import DataCopy
from publisher_files import csv_text, put, refused, series

ITEM = "The situation in the Middle East"


def log(*rows: tuple[str, str, str, str]) -> str:
    names = ("record", "date", "topic", "outcome")
    return csv_text([dict(zip(names, row, strict=True)) for row in rows], [*names, "press", "year"])


def test_meetings_are_counted_by_month_and_certainty(data_copy: DataCopy, tmp_path: Path) -> None:
    file = put(
        tmp_path,
        log(
            ("S/PV.1", "2016-01-04", "The situation in Mali", "--"),
            ("S/PV.2", "2016-01-05", ITEM, "--"),
            ("S/PV.3", "2016-01-06", ITEM, "S/RES/2254 (2015) 15-0-0"),
            ("S/PV.4", "2016-01-07", ITEM, "S/RES/2266 (2016) 15-0-0"),
            ("S/PV.5", "2016-03-01", "Middle East situation - Syria", "--"),
            ("S/PV.6", "2016-03-02", f"{ITEM}, including the Palestinian question", "--"),
        ),
    )
    result = ingest("unsc", file)
    assert series(result).to_csv(index=False, lineterminator="\n") == (
        "month,meetings,syria,middle_east_unclear,middle_east_other\n"
        "2016-01,4,1,1,1\n2016-02,0,0,0,0\n2016-03,2,1,0,0\n"
    )
    assert verify(data_copy.folder).faults == ()


@pytest.mark.parametrize(
    "record", ["S/PV.8228 (Resumption 1)", "S/PV.8228(Resumption1)", "S/PV.8228", "S/PV.8228 (closed)"]
)
def test_a_meeting_that_was_resumed_counts_once(data_copy: DataCopy, tmp_path: Path, record: str) -> None:
    file = put(
        tmp_path,
        log(
            (record, "2018-04-11", ITEM, "--"),
            (
                "S/PV.8228",
                "2018-04-10",
                ITEM,
                "Draft resolution S/2018/321 \tvetoed by Russian Federation 12-2-1",
            ),
        ),
    )
    result = ingest("unsc", file)
    assert result.totals["meetings"] == result.totals["syria"] == 1
    assert sum(result.dropped.values()) == 1


@pytest.mark.parametrize(
    ("topic", "outcome", "subject"),
    [
        (ITEM, "--", "middle_east_unclear"),
        ("Middle East", "S/PRST/2012/6", "middle_east_unclear"),
        ("The situation the Middle East", "", "middle_east_unclear"),
        (ITEM, "S/RES/2139(2014) 15-0-0", "syria"),
        (ITEM, "S/RES/2042 (2012)  15-0-0", "syria"),
        (ITEM, "Draft resolution S/2016/846 vetoed by Russian Federation11-2-2", "syria"),
        (ITEM, "S/RES/2052 (2012)  15-0-0", "middle_east_other"),
        (ITEM, "S/RES/2140(2014) 15-0-0", "middle_east_other"),
        ("The situation in the Middle East (Syria)", "--", "syria"),
        (f"{ITEM}, including the Palestinian question", "S/RES/2334 (2016) 14-0-1", ""),
        ("Threats to international peace and security", "S/RES/2249 (2015) 15-0-0", ""),
    ],
)
def test_what_a_meeting_was_on_is_told_only_where_it_can_be(topic: str, outcome: str, subject: str) -> None:
    assert unsc.subject(topic, outcome) == subject


def test_texts_on_syria_are_those_of_the_votes_table(data_copy: DataCopy) -> None:
    votes = load("unsc_votes")
    named = {
        str(row.number) if row.kind == "resolution" else row.symbol
        for row in votes.itertuples()
        if "counter_terrorism" not in str(row.touches)
    }
    assert named <= unsc.SYRIA_TEXTS
    assert not unsc.SYRIA_TEXTS & unsc.OTHER_TEXTS
    later = unsc.SYRIA_TEXTS - named
    assert later == {"2401", "2449", "S/2018/175", "S/2018/321", "S/2018/322"}, "after the table's last vote"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            ("PV 7785", "2016-10-08", ITEM, ""),
            "column record: expected a meeting record, as S/PV.7785 (closed)",
        ),
        (("S/PV.7785", "8/10/2016", ITEM, ""), "column date: expected a date written YYYY-MM-DD"),
        (("S/PV.1", "2017-10-08", ITEM, ""), "column record: expected a meeting of about 2016-01-04"),
    ],
)
def test_a_wrong_cell_is_refused(
    data_copy: DataCopy, tmp_path: Path, row: tuple[str, str, str, str], message: str
) -> None:
    text = log(("S/PV.1", "2016-01-04", ITEM, "--"), row)
    assert refused("unsc", put(tmp_path, text), data_copy).startswith(f"row 3, {message}")


# --- vetoes ---------------------------------------------------------------------------------------------


def vetoes(*rows: tuple[str, ...], end: str = "") -> str:
    names = ("date", "draft", "crisis_topic", "member_veto1", "member_veto2", "member_veto3")
    text = csv_text([dict(zip(names, row, strict=False)) for row in rows], names)
    # the publisher's file has no line break at its end
    return text.rstrip("\n") + end


VOTES = pd.DataFrame(
    {
        "symbol": ["S/2016/846", "S/2016/1026", "S/2016/847"],
        "date": pd.to_datetime(["2016-10-08", "2016-12-05", "2016-10-08"]),
        "outcome": ["vetoed", "vetoed", "failed"],
        "vetoed_by": ["RUS", "CHN;RUS", None],
    }
)
FIRST = ("10/8/2016", "S/2016/846", "Syria", "Russia")
SECOND = ("12/5/2016", "S/2016/1026", "Syria", "Russia", "China")


def test_vetoes_that_agree_make_no_difference(tmp_path: Path) -> None:
    other = ("2/16/1946", "S/PV.23", "Lebanon", "USSR")
    listed = unsc.read_vetoes(put(tmp_path, vetoes(FIRST, SECOND, other)))
    assert listed["vetoed_by"].tolist() == ["RUS", "CHN;RUS"]
    assert unsc.compare_vetoes(listed, VOTES) == []


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([FIRST], "S/2016/1026: in the table of votes, not in the list of vetoes"),
        (
            [FIRST, SECOND, ("11/1/2016", "S/2016/900", "Syria", "China")],
            "S/2016/900: in the list of vetoes, not in",
        ),
        (
            [FIRST, ("12/5/2016", "S/2016/1026", "Syria", "Russia")],
            "S/2016/1026: vetoed by RUS in the list, by CHN;RUS",
        ),
        (
            [("10/9/2016", *FIRST[1:]), SECOND],
            "S/2016/846: on 2016-10-09 in the list, on 2016-10-08 in the table",
        ),
    ],
)
def test_vetoes_that_differ_are_told_one_by_one(
    tmp_path: Path, rows: list[tuple[str, ...]], told: str
) -> None:
    (line,) = unsc.compare_vetoes(unsc.read_vetoes(put(tmp_path, vetoes(*rows))), VOTES)
    assert line.startswith(told)


def test_vetoes_outside_the_span_of_the_table_are_left_alone(tmp_path: Path) -> None:
    listed = unsc.read_vetoes(
        put(tmp_path, vetoes(FIRST, SECOND, ("7/8/2022", "S/2022/538", "Syria", "Russia")))
    )
    assert unsc.compare_vetoes(listed, VOTES) == []


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            ("2016-10-08", "S/2016/846", "Syria", "Russia"),
            "row 2, column date: expected a date written M/D/YYYY",
        ),
        (
            ("10/8/2016", "S/2016/846", "Syria", "Sparta"),
            "row 2, column member_veto1: expected one of China,",
        ),
    ],
)
def test_a_wrong_veto_is_refused(tmp_path: Path, row: tuple[str, ...], message: str) -> None:
    with pytest.raises(EvidenceError, match=message):
        unsc.read_vetoes(put(tmp_path, vetoes(row, end="\n")))


@given(
    topic=st.text(max_size=40) | st.sampled_from([ITEM, "Middle East", f"{ITEM} (Syria)", "Mali"]),
    outcome=st.text(max_size=40) | st.sampled_from(["S/RES/2254 (2015) 15-0-0", "S/RES/2140(2014) 15-0-0"]),
)
def test_no_meeting_is_on_syria_unless_its_topic_or_a_known_text_says_so(topic: str, outcome: str) -> None:
    found = unsc.subject(topic, outcome)
    assert found in {"syria", "middle_east_unclear", "middle_east_other", ""}
    if found == "syria":
        named = any(number in outcome for number in unsc.SYRIA_TEXTS)
        assert "syria" in topic.casefold() or named
