"""What the chapters rest on, on the committed evidence: figures that anybody can recount by hand."""

import pytest

from aleppo.evidence import load
from aleppo.measure import control, toll


@pytest.fixture(scope="module")
def east():
    spells = load("control_spells")
    lost = control.lost_between(spells, "opposition", "2016-11-15", "2016-12-22")
    pocket = spells[spells["place_id"].isin(lost)]
    area = control.held_area(pocket, load("places"), "opposition", "2016-11-01", "2016-12-22")
    return control.held_share(area, "2016-11-15")


@pytest.mark.parametrize(
    ("day", "firm", "midpoint", "upper"),
    [("2016-11-28", 53, 62.5, 71.5), ("2016-12-12", 6, 11, 16), ("2016-12-22", 0, 0, 0)],
)
def test_the_share_of_eastern_aleppo_held_follows_from_the_spells(east, day, firm, midpoint, upper):
    assert (100 * east.loc[day]).to_list() == pytest.approx([firm, midpoint, upper], abs=0.5)


def test_the_opposition_only_loses_area_from_the_reference_day_on(east):
    assert (east.loc["2016-11-15":, "midpoint"].diff().dropna() <= 1e-9).all()


def test_every_published_share_is_a_share(east):
    shares = control.published_shares(load("control_published"), "2016-11-15", "2016-12-22")
    assert shares["share"].between(0, 1).all()
    assert len(shares) > 20


def test_recorded_deaths_of_aleppo_add_up_to_the_publishers_total():
    weeks = toll.weekly_deaths(load("vdc_deaths_weekly"), "SY02", "2011-01-01", "2018-12-31")
    assert weeks.sum() == 27_618


def test_every_week_of_the_series_begins_on_a_monday_without_a_gap():
    weeks = toll.weekly_deaths(load("vdc_deaths_weekly"), "SY02", "2011-01-01", "2018-12-31")
    assert set(weeks.index.day_of_week) == {0}
    assert set(weeks.index.to_series().diff().dropna().dt.days) == {7}
