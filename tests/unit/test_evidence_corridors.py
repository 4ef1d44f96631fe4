"""Routes are checked against the calendar and against themselves, as places are."""

from aleppo.evidence.verify import verify
from data_copy import DataCopy, Row


def cut_of_castello(row: Row) -> bool:
    return row["route_id"] == "R-CASTELLO" and row["state"] == "cut"


def said(data_copy: DataCopy) -> str:
    return "\n".join(str(fault) for fault in verify(data_copy.folder).faults)


def test_a_gap_between_two_states_of_a_route_is_named_with_its_days(data_copy: DataCopy) -> None:
    data_copy.change("corridor_states", cut_of_castello, start="2016-07-19")
    assert "a spell of R-CASTELLO for 2016-07-17 to 2016-07-18, found a gap" in said(data_copy)


def test_a_route_with_two_states_on_one_day_is_named(data_copy: DataCopy) -> None:
    data_copy.change("corridor_states", cut_of_castello, start="2016-07-16")
    assert "one spell of R-CASTELLO for 2016-07-16, found an overlap" in said(data_copy)


def test_a_first_day_outside_its_rival_dates_is_a_fault(data_copy: DataCopy) -> None:
    data_copy.change("corridor_states", cut_of_castello, start_earliest="2016-08-01")
    assert "start_earliest on or before start" in said(data_copy)


def test_a_route_has_one_name_side_and_reach(data_copy: DataCopy) -> None:
    data_copy.change("corridor_states", cut_of_castello, side="government")
    assert "one name, side and reach for each route" in said(data_copy)


def test_a_siege_date_without_a_source_is_a_fault(data_copy: DataCopy) -> None:
    data_copy.change("siege_dates", lambda row: True, source_ids="")
    assert "sources where verified is yes" in said(data_copy)
