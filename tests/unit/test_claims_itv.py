"""Claims of the ITV article on the front lines and the civilian toll: another row gives another verdict."""

from __future__ import annotations

import pandas as pd
import pytest

from aleppo.claims.exhibits import Exhibits
from aleppo.claims.tests import _rules as rules
from aleppo.claims.tests import itv_civilian_toll as toll
from aleppo.claims.tests import itv_civilian_toll_accounts as accounts
from aleppo.claims.tests import itv_forecasts as forecasts
from aleppo.claims.tests import itv_front_lines as front
from aleppo.claims.tests import itv_front_lines_parties as parties
from aleppo.claims.verdict import Amount
from aleppo.evidence.errors import AleppoError

ARTICLE = pd.DataFrame({"source_id": ["itv-20161213-syrias-stalingrad"], "published": ["2016-12-13"]})


def exhibits(**frames: pd.DataFrame) -> Exhibits:
    return Exhibits(frames.__getitem__)


def claim(name: str, value: object = None, **cells: object) -> pd.DataFrame:
    row = {"claim_id": name, "value": value, "check_note": None, "source_ids": "a", **cells}
    return pd.DataFrame([row])


def event(name: str, start: str, end: str = "", **cells: object) -> dict[str, object]:
    """A row of the table of events, on the front line at Aleppo unless told otherwise."""
    dates = {"date_start": pd.Timestamp(start), "date_end": pd.Timestamp(end or start)}
    row = {"event_id": name, **dates, "domain": "front_lines", "place": "Aleppo", "governorate": "SY02"}
    words = {
        "actors": "",
        "event_type": "capture",
        "summary": "",
        "value": 0.0,
        "note": "",
        "source_ids": "b",
    }
    return {**row, **words, **cells}


def events(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(rows)


def estimate(name: str, best: float | None, **cells: object) -> dict[str, object]:
    row = {"estimate_id": name, "quantity": "deaths", "population": "civilians", "area": "Aleppo city (east)"}
    more = {"governorate": "SY02", "period_start": "2016-11-15", "period_end": "2016-12-12", "low": None}
    last = {"high": None, "attributed_to": "SOHR", "perpetrator": "", "published": "2016", "source_ids": name}
    return {**row, **more, "best": best, **last, **cells}


def estimates(*rows: dict[str, object]) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    return frame.astype({"low": float, "best": float, "high": float})


def spells(*rows: tuple[str, str, str, str], key: str = "place_id") -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=[key, "holder", "start", "end"])
    dates = {name: pd.to_datetime(frame[name]) for name in ("start", "end")}
    more = {"contested_by": None, "confidence": "high", "start_precision": "day", "source_ids": "s"}
    return frame.assign(**dates, **more).astype({"contested_by": "string"})


# --- the rules ---


@pytest.mark.parametrize(
    ("parts", "verdict"),
    [((True, True), "supported"), ((True, False), "partly"), ((False, False), "not_supported")],
)
def test_a_claim_of_parts_is_borne_out_in_whole_in_part_or_not_at_all(parts, verdict):
    assert rules.by_parts(*parts) == verdict


@pytest.mark.parametrize(
    ("parts", "verdict"),
    [
        ((True, True), "forecast_borne_out"),
        ((True, False), "partly"),
        ((False, False), "forecast_not_borne_out"),
    ],
)
def test_a_forecast_of_parts_comes_about_in_whole_in_part_or_not_at_all(parts, verdict):
    assert rules.forecast_by_parts(*parts) == verdict


@pytest.mark.parametrize(
    ("published", "verdict"),
    [
        ([Amount("count", 100), Amount("count", low=120, high=150)], "supported"),
        ([Amount("count", 100), Amount("count", 90)], "contested"),
        ([Amount("count", low=90, high=110)], "contested"),
        ([Amount("count", 99), Amount("count", high=80)], "not_supported"),
        ([], "cannot_be_tested"),
    ],
)
def test_more_than_a_figure_is_held_against_the_lowest_and_the_highest_of_each_publisher(published, verdict):
    assert rules.of_at_least(100, published) == verdict


@pytest.mark.parametrize(
    ("text", "of", "found"),
    [
        ("eight wounded fighters and seven civilians", "wounded fighters|civilians", [8, 7]),
        ("1,200 people, nine of them children", "people", [1200]),
        ("about 900 ex-Nusra", "ex", [900]),
        ("Four largest plus the coast", "largest", [4]),
        ("nobody", "people", []),
    ],
)
def test_numbers_are_read_from_text_by_what_they_count(text, of, found):
    assert rules.numbers_in(text, of) == found


def test_sources_of_several_frames_are_named_once():
    one, two = (pd.DataFrame({"source_ids": cells}) for cells in (["a;b", "b"], ["c"]))
    assert rules.cited_by(one, two) == ("a", "b", "c")


# --- the battle in the city ---


@pytest.mark.parametrize(
    ("end", "verdict"),
    [("2016-12-22", "supported"), ("2015-12-22", "partly"), ("2014-12-22", "not_supported")],
)
def test_the_battle_lasted_as_many_whole_years_as_its_dates_say(end, verdict):
    seen = exhibits(
        claims=claim("ITV-05", "4"),
        events=events(event("FR-002", "2012-07-19"), event("FR-114", end)),
    )
    assert front.four_years(seen).verdict == verdict


@pytest.mark.parametrize(
    ("fought", "announced", "verdict"),
    [
        ("2012-07-19", "2012-07-22", "supported"),
        ("2012-07-19", "2012-08-22", "contested"),
        ("2012-06-19", "2012-08-22", "not_supported"),
    ],
)
def test_the_attack_is_of_the_month_that_its_events_have(fought, announced, verdict):
    seen = exhibits(
        claims=claim("ITV-11", "2012-07"), events=events(event("FR-002", fought), event("FR-003", announced))
    )
    assert front.attack_of_july(seen).verdict == verdict


@pytest.mark.parametrize(
    ("east", "west", "verdict"),
    [
        ("opposition", "government", "supported"),
        ("government", "opposition", "not_supported"),
    ],
)
def test_each_side_held_its_half_if_its_places_lie_on_that_side_of_the_citadel(east, west, verdict):
    places = pd.DataFrame(
        {
            "place_id": ["E", "W", "X-CITADEL"],
            "lon": [37.2, 37.1, 37.16],
            "area_km2": [5.0, 5.0, None],
        }
    )
    held = [("E", east, "2012-07-19", "2016-12-22"), ("W", west, "2012-07-19", "2016-12-22")]
    seen = exhibits(
        claims=claim("ITV-13"),
        events=events(event("FR-005", "2012-08-01", "2012-09-30")),
        places=places,
        control_spells=spells(*held, ("X-CITADEL", "contested", "2012-07-19", "2016-12-22")),
    )
    assert front.east_and_west(seen).verdict == verdict


def roads(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["route_id", "state", "start", "end"])
    dates = {name: pd.to_datetime(frame[name]) for name in ("start", "end")}
    dates |= {"start_earliest": dates["start"], "start_latest": dates["start"]}
    return frame.assign(side="opposition", source_ids="r", **dates)


@pytest.mark.parametrize(
    ("late", "state", "verdict"),
    [
        ("opposition", "open", "supported"),
        ("opposition", "cut", "partly"),
        ("government", "open", "not_supported"),
    ],
)
def test_nobody_gained_decisively_if_neither_the_city_nor_a_road_changed_hands(late, state, verdict):
    held = [("A", "opposition", "2012-07-19", "2014-12-31"), ("A", late, "2015-01-01", "2016-12-22")]
    seen = exhibits(
        claims=claim("ITV-14"),
        events=events(event("FR-005", "2012-08-01", "2012-09-30"), event("FR-091", "2016-11-15")),
        places=pd.DataFrame({"place_id": ["A"], "area_km2": [10.0]}),
        control_spells=spells(*held),
        corridor_states=roads(
            ("R", "open", "2012-07-19", "2014-05-21"), ("R", state, "2014-05-22", "2016-12-22")
        ),
    )
    assert front.no_decisive_gain(seen).verdict == verdict


@pytest.mark.parametrize(
    ("actors", "verdict"),
    [
        (("Russian forces (alleged)",), "supported"),
        (("Russian forces (alleged)", "Syrian or Russian aircraft (contested)"), "contested"),
        (("Syrian air force",), "not_supported"),
    ],
)
def test_strikes_on_a_district_are_russian_only_if_no_row_leaves_it_open(actors, verdict):
    struck = [
        event(f"E{n}", "2016-09-07", place="Sukkari", event_type="air_strike", actors=who)
        for n, who in enumerate(actors)
    ]
    seen = exhibits(
        events=events(*struck, event("FR-104", "2016-12-09")),
        commission_findings=pd.DataFrame({"finding_id": ["COI-F23"], "source_ids": ["c"]}),
    )
    assert front.strikes_on_sukkari(seen).verdict == verdict


def incidents(each: int, last: int) -> pd.DataFrame:
    months = pd.period_range("2015-10", "2016-12", freq="M").strftime("%Y-%m")
    rows = pd.DataFrame({"month": months, "incidents": [each] * 14 + [last]})
    return rows.assign(governorate="SY02", belligerent="Russian Military", grading="Fair")


@pytest.mark.parametrize(
    ("each", "last", "verdict"), [(31, 31, "supported"), (31, 5, "partly"), (5, 5, "not_supported")]
)
def test_strikes_were_daily_if_every_month_has_an_incident_a_day(each, last, verdict):
    found = ["COI-F03", "COI-F29", "COI-F30"]
    seen = exhibits(
        airwars_monthly=incidents(each, last),
        commission_findings=pd.DataFrame({"finding_id": found, "source_ids": "c"}),
        ceasefires=pd.DataFrame({"ceasefire_id": ["CF08", "CF16", "CF17"], "source_ids": "d"}),
    )
    assert front.daily_strikes(seen).verdict == verdict


def siege_dates(*days: str) -> pd.DataFrame:
    rows = [(f"SD-0{n}", "first", "start", day, "s") for n, day in enumerate(days, 1)]
    rows.append(("SD-07", "first", "end", "2016-08-06", "l"))
    rows.append(("SD-10", "second", "start", "2016-09-08", "m"))
    frame = pd.DataFrame(rows, columns=["siege_date_id", "siege", "boundary", "date", "source_ids"])
    return frame.assign(date=pd.to_datetime(frame["date"]))


@pytest.mark.parametrize(
    ("days", "verdict"),
    [
        (("2016-07-06", "2016-07-17"), "supported"),
        (("2016-07-06", "2016-08-01"), "contested"),
        (("2016-02-03",), "not_supported"),
    ],
)
def test_the_siege_began_in_the_month_that_all_its_publishers_name(days, verdict):
    seen = exhibits(claims=claim("ITV-28", "2016-07"), siege_dates=siege_dates(*days))
    assert front.route_cut_in_july(seen).verdict == verdict


def ramouseh(state: str, closed: str, after: str = "cut") -> Exhibits:
    rows = [
        ("R-RAMOUSEH-EAST", "cut", "2012-07-19", "2016-08-05"),
        ("R-RAMOUSEH-EAST", state, "2016-08-06", "2016-09-03"),
        ("R-RAMOUSEH-EAST", after, closed, "2016-12-22"),
    ]
    told = events(*(event(name, "2016-08-06") for name in ("FR-067", "FR-073", "FR-074")))
    return exhibits(corridor_states=roads(*rows), siege_dates=siege_dates("2016-07-06"), events=told)


@pytest.mark.parametrize(
    ("state", "verdict"), [("open", "supported"), ("under_fire", "partly"), ("cut", "not_supported")]
)
def test_a_new_corridor_is_one_if_the_road_was_open(state, verdict):
    assert front.new_corridor(ramouseh(state, "2016-09-04")).verdict == verdict


@pytest.mark.parametrize(
    ("closed", "after", "verdict"),
    [
        ("2016-09-04", "cut", "supported"),
        ("2016-11-04", "cut", "partly"),
        ("2016-09-04", "open", "not_supported"),
    ],
)
def test_a_corridor_was_soon_closed_if_it_was_cut_within_weeks(closed, after, verdict):
    assert front.corridor_closed(ramouseh("under_fire", closed, after)).verdict == verdict


@pytest.mark.parametrize(
    ("shares", "offensive", "verdict"),
    [
        ((33, 60, 90), False, "supported"),
        ((33, 60, 90), True, "partly"),
        ((60, 33, 90), False, "not_supported"),
    ],
)
def test_gains_came_step_by_step_from_the_siege_if_they_rose_and_nothing_else_was_begun(
    shares, offensive, verdict
):
    published = pd.DataFrame(
        {
            "published_id": ["T", "1", "2", "3"],
            "date_end": pd.to_datetime(["2016-11-27", "2016-11-28", "2016-12-03", "2016-12-12"]),
            "area_name": "East Aleppo (rebel-held)",
            "measure": ["total_area", *["share_retaken"] * 3],
            "value": [45.0, *map(float, shares)],
            "attributed_to": "SOHR",
            "source_ids": "o",
        }
    )
    kind = "air_offensive" if offensive else "capture"
    seen = exhibits(
        control_published=published,
        siege_dates=siege_dates("2016-07-06"),
        events=events(event("FR-091", "2016-11-15", event_type=kind)),
    )
    assert front.step_by_step(seen).verdict == verdict


@pytest.mark.parametrize(
    ("note", "summary", "verdict"),
    [
        ("eight wounded fighters and seven civilians", "no UN medical evacuation took place", "corrected"),
        ("50,000 civilians", "no UN medical evacuation took place", "partly"),
        ("eight wounded fighters", "The UN brought out the sick", "partly"),
        ("200,000 civilians", "no UN medical evacuation took place", "not_supported"),
    ],
)
def test_the_pause_of_october_let_nobody_out_if_hardly_anybody_was_counted(note, summary, verdict):
    seen = exhibits(
        events=events(event("FR-088", "2016-10-20", note=note, summary=summary, value=8.0)),
        ceasefires=pd.DataFrame(
            {"ceasefire_id": ["CF17"], "start": ["2016-10-18"], "end": ["2016-10-22"], "source_ids": ["c"]}
        ),
        control_published=pd.DataFrame({"published_id": ["CP-036"], "value": [275000.0]}),
    )
    assert front.october_pause(seen).verdict == verdict


@pytest.mark.parametrize(
    ("resumed", "verdict"),
    [("2016-11-15", "supported"), ("2016-11-18", "partly"), ("2016-10-28", "corrected")],
)
def test_the_assault_is_of_the_day_on_which_bombing_resumed(resumed, verdict):
    counts = estimates(*(estimate(f"ALP-04{n}", 1) for n in (5, 6, 7)))
    seen = exhibits(
        claims=claim("ITV-53", "2016-11-15"), events=events(event("FR-091", resumed)), estimates=counts
    )
    assert front.assault_of_november(seen).verdict == verdict


# --- the parties ---


@pytest.mark.parametrize(
    ("actors", "verdict"),
    [
        (("Russian air force", "Iranian forces"), "supported"),
        (("Russian air force", "Russian navy; Iranian and Iraqi fighters"), "partly"),
        (("Iraqi militia", "Iraqi and Afghan militia"), "not_supported"),
    ],
)
def test_russia_and_iran_gave_most_if_no_third_state_is_named_as_often(actors, verdict):
    rows = [event(f"E{n}", "2016-02-01", actors=who) for n, who in enumerate(actors)]
    assert parties.most_support(exhibits(claims=claim("ITV-17"), events=events(*rows))).verdict == verdict


@pytest.mark.parametrize(
    ("actors", "verdict"),
    [
        ("Hezbollah, Iraqi and Afghan militia", "supported"),
        ("Hezbollah", "partly"),
        ("Syrian army", "not_supported"),
    ],
)
def test_foreign_fighters_took_part_if_two_events_name_each_of_them(actors, verdict):
    rows = [event(f"E{n}", "2016-02-01", actors=actors) for n in (1, 2)]
    seen = exhibits(claims=claim("ITV-18"), events=events(*rows))
    assert parties.hezbollah_iraqis_afghans(seen).verdict == verdict


@pytest.mark.parametrize(
    ("actors", "verdict"),
    [
        (("FSA commander", "rebels"), "supported"),
        (("FSA commander", "Jaish al-Fatah", "al-Nusra"), "contested"),
        (("Jaish al-Fatah", "rebels"), "not_supported"),
    ],
)
def test_the_free_army_led_if_it_is_named_most_often(actors, verdict):
    rows = [event(f"E{n}", "2016-02-01", actors=who) for n, who in enumerate(actors)]
    assert parties.led_by_the_free_army(exhibits(events=events(*rows))).verdict == verdict


@pytest.mark.parametrize(
    ("actors", "summary", "verdict"),
    [
        ("al-Nusra, rebels", "about 900 ex-Nusra", "supported"),
        ("al-Nusra, rebels", "nobody counted", "partly"),
        ("rebels", "about 900 ex-Nusra", "partly"),
    ],
)
def test_the_former_nusra_fought_beside_rebels_if_events_name_it_and_somebody_counted(
    actors, summary, verdict
):
    rows = [event(f"E{n}", "2016-04-02", actors=actors) for n in (1, 2)]
    rows.append(event("FR-066", "2016-07-28", domain="background"))
    rows.append(event("FR-084", "2016-10-06", domain="international_response", summary=summary, value=8000.0))
    assert parties.former_nusra(exhibits(events=events(*rows))).verdict == verdict


@pytest.mark.parametrize(
    ("note", "verdict", "supports"),
    [
        ("AFP says five major cities; another four largest.", "contested", ("a",)),
        ("AFP says five major cities; another five largest.", "supported", ("a", "b")),
        ("AFP says four major cities; another four largest.", "not_supported", ()),
    ],
)
def test_the_number_of_cities_is_contested_while_agencies_count_differently(note, verdict, supports):
    found = parties.five_cities(exhibits(claims=claim("ITV-57", "5", check_note=note, source_ids="a;b")))
    assert (found.verdict, found.supports) == (verdict, supports)


def test_a_number_of_cities_without_its_source_is_refused():
    with pytest.raises(AleppoError, match="ITV-57: expected a number of cities for each source, found 1"):
        parties.five_cities(
            exhibits(claims=claim("ITV-57", "5", check_note="five major cities", source_ids="a;b"))
        )


@pytest.mark.parametrize(
    ("rebel", "kurdish", "verdict"),
    [(12.4, 22.1, "supported"), (12.4, 2.0, "partly"), (1.0, 2.0, "not_supported")],
)
def test_parts_are_large_from_a_tenth_of_the_country_on(rebel, kurdish, verdict):
    published = pd.DataFrame(
        {
            "published_id": ["CP-084", "CP-092", "CP-085"],
            "value": [rebel, kurdish, 17.0],
            "date_end": pd.to_datetime(["2017-01-01", "2017-05-01", "2017-01-01"]),
            "source_ids": "s",
        }
    )
    assert parties.large_parts(exhibits(control_published=published)).verdict == verdict


# --- what would come ---


@pytest.mark.parametrize(
    ("rows", "verdict"),
    [
        ([("SYR", "a victory shared"), ("IRN;RUS", "welcomed the outcome")], "forecast_borne_out"),
        ([("IRN", "congratulated on a victory")], "partly"),
        ([("SYR", "said nothing of it")], "forecast_not_borne_out"),
    ],
)
def test_a_win_was_celebrated_if_damascus_and_its_allies_hailed_it(rows, verdict):
    measures = pd.DataFrame(rows, columns=["iso3", "summary"])
    measures = measures.assign(date_start=pd.Timestamp("2016-12-22"), source_ids="m")
    seen = exhibits(
        measures=measures,
        sources=ARTICLE,
        claims=claim("ITV-58"),
        events=events(event("FR-114", "2016-12-22")),
    )
    assert forecasts.symbolic_win(seen).verdict == verdict


def weekly(**values: int) -> pd.DataFrame:
    """Deaths of each week of the battle's years: ``battle`` to the evacuation and ``after`` it."""
    weeks = pd.date_range("2012-07-16", "2017-12-25", freq="7D")
    before = weeks < "2016-12-26"
    deaths = [values["battle"] if early else values["after"] for early in before]
    return pd.DataFrame({"week": weeks, "governorate": "SY02", "deaths": deaths})


@pytest.mark.parametrize(
    ("days", "verdict"),
    [
        (("2016-12-08", "2016-12-08"), "supported"),
        (("2016-12-08", "2016-12-09"), "contested"),
        (("2016-12-07", "2016-12-09"), "not_supported"),
    ],
)
def test_words_are_of_the_day_on_which_pages_carry_them(days, verdict):
    seen = exhibits(
        claims=claim("ITV-60", "2016-12-08", source_ids="a;b"),
        sources=pd.DataFrame({"source_id": ["a", "b"], "published": days}),
        vdc_deaths_weekly=weekly(battle=5, after=5),
    )
    assert forecasts.huge_step(seen).verdict == verdict


@pytest.mark.parametrize(
    ("after", "governorate", "verdict"),
    [
        (5, "SY07", "forecast_borne_out"),
        (5, "SY04", "partly"),
        (0, "SY04", "forecast_not_borne_out"),
    ],
)
def test_idlib_was_next_if_the_war_went_on_and_the_army_went_there(after, governorate, verdict):
    source = pd.DataFrame({"source_id": ["daily-star-20161223-army-retaken"]})
    truce = pd.DataFrame({"ceasefire_id": ["CF21"], "start": ["2016-12-30"], "source_ids": ["t"]})
    seen = exhibits(
        vdc_deaths_weekly=weekly(battle=5, after=after),
        events=events(event("E", "2017-03-02", governorate=governorate, actors="Syrian army")),
        ceasefires=truce,
        sources=source,
    )
    assert forecasts.idlib_next(seen).verdict == verdict


def towns(day: str, taken_by: str = "islamic_state") -> pd.DataFrame:
    eve = str((pd.Timestamp(day) - pd.Timedelta(days=1)).date())
    rows = [("T-PALMYRA", "government", "2015-01-01", eve), ("T-PALMYRA", taken_by, day, "2016-12-31")]
    return spells(*rows, key="town_id")


@pytest.mark.parametrize(
    ("day", "actors", "verdict"),
    [
        ("2016-12-11", "Syrian army; rebels", "supported"),
        ("2016-12-11", "Syrian army; Islamic State", "partly"),
        ("2016-03-11", "Syrian army; Islamic State", "not_supported"),
    ],
)
def test_the_government_guards_and_attacks_if_it_loses_a_town_and_goes_on_against_rebels(
    day, actors, verdict
):
    seen = exhibits(
        town_spells=towns(day), events=events(event("E", "2017-03-02", actors=actors)), claims=claim("ITV-62")
    )
    assert forecasts.guard_and_attack(seen).verdict == verdict


@pytest.mark.parametrize(
    ("days", "verdict"),
    [
        (("2016-12-11", "2016-12-20"), "forecast_borne_out"),
        (("2016-12-11",), "partly"),
        (("2016-05-11",), "forecast_not_borne_out"),
    ],
)
def test_islamic_state_exploited_weaknesses_if_it_took_towns_before_and_after_the_article(days, verdict):
    taken = pd.concat([towns(day).assign(town_id=f"T{n}") for n, day in enumerate(days)], ignore_index=True)
    told = events(event("FR-105", "2016-12-11"), event("FR-121", "2017-03-02"))
    seen = exhibits(sources=ARTICLE, town_spells=taken, events=told)
    assert forecasts.poised_to_exploit(seen).verdict == verdict


@pytest.mark.parametrize(
    ("day", "taken_by", "verdict"),
    [
        ("2016-12-11", "islamic_state", "supported"),
        ("2016-06-11", "islamic_state", "partly"),
        ("2016-12-11", "opposition", "not_supported"),
    ],
)
def test_palmyra_fell_shortly_before_if_islamic_state_took_it_within_two_weeks(day, taken_by, verdict):
    seen = exhibits(
        sources=ARTICLE, town_spells=towns(day, taken_by), events=events(event("FR-105", "2016-12-11"))
    )
    assert forecasts.palmyra_shortly_before(seen).verdict == verdict


@pytest.mark.parametrize(
    ("battle", "after", "verdict"),
    [(5, 6, "forecast_borne_out"), (50, 5, "partly"), (50, 0, "forecast_not_borne_out")],
)
def test_peace_did_not_come_if_as_many_deaths_were_recorded_as_before(battle, after, verdict):
    seen = exhibits(vdc_deaths_weekly=weekly(battle=battle, after=after))
    assert forecasts.no_peace_in_the_city(seen).verdict == verdict


# --- the toll ---


@pytest.mark.parametrize(
    ("totals", "verdict"),
    [
        ((312001, 290000), "supported"),
        ((312001, 143630), "contested"),
        ((470000, 143630), "not_supported"),
    ],
)
def test_a_total_of_the_war_is_held_against_every_other_total_of_its_time(totals, verdict):
    cells = {"population": "all persons", "area": "Syria", "period_start": "2011-03", "period_end": "2016-12"}
    rows = [estimate(f"S{n}", best, **cells) for n, best in enumerate(totals)]
    rows.append(estimate("OWN", 300000, **{**cells, "attributed_to": "ITV News"}))
    seen = exhibits(claims=claim("ITV-03", "300000"), estimates=estimates(*rows))
    assert toll.dead_of_the_war(seen).verdict == verdict


@pytest.mark.parametrize(
    ("refugees", "within", "verdict"),
    [(4.8e6, 6.1e6, "supported"), (4.8e6, 1.0e6, "partly"), (1e6, 1e6, "not_supported")],
)
def test_millions_were_displaced_if_refugees_and_displaced_were_two_million_each(refugees, within, verdict):
    cells = {"area": "Syria (country of origin)", "period_end": "2016-09-19"}
    rows = [
        estimate("R", refugees, quantity="registered refugees", **cells),
        estimate("I", within, quantity="internally displaced persons", **cells),
    ]
    assert toll.displaced(exhibits(estimates=estimates(*rows))).verdict == verdict


def people(*values: float, counted: float) -> Exhibits:
    published = pd.DataFrame({"value": values}).assign(
        published_id=[f"CP-{n}" for n in range(len(values))],
        measure="population_estimate",
        area_name="East Aleppo city",
        date_start=pd.Timestamp("2016-07-12"),
        value_low=None,
        value_high=None,
        attributed_to="x",
        source_ids="p",
        verified="yes",
    )
    after = estimate("POP-009", counted, quantity="population", period_start="2016-12-31", verified="yes")
    return exhibits(claims=claim("ITV-29", "250000"), control_published=published, estimates=estimates(after))


@pytest.mark.parametrize(
    ("published", "counted", "verdict"),
    [
        ((275000, 300000), 260000, "supported"),
        ((275000, 300000), 147000, "contested"),
        ((200000,), 147000, "not_supported"),
    ],
)
def test_people_trapped_are_held_against_estimates_and_later_counts(published, counted, verdict):
    assert toll.trapped(people(*published, counted=counted)).verdict == verdict


@pytest.mark.parametrize(
    ("fighters", "verdict"), [(8000, "partly"), (100000, "contested"), (250000, "not_supported")]
)
def test_the_trapped_were_mostly_civilians_if_fighters_were_fewer_than_half_in_any_case(fighters, verdict):
    published = pd.DataFrame(
        {
            "published_id": ["CP-035", "CP-036", "CP-038"],
            "value": [fighters, 275000.0, None],
            "value_low": [None, None, float(fighters)],
            "source_ids": "p",
        }
    )
    seen = exhibits(
        control_published=published,
        estimates=estimates(estimate("POP-009", 147000)),
        commission_findings=pd.DataFrame({"finding_id": ["COI-F06", "COI-F26"], "source_ids": "c"}),
    )
    assert toll.mostly_civilians(seen).verdict == verdict


@pytest.mark.parametrize(("empty", "verdict"), [(0, "supported"), (30, "partly"), (200, "not_supported")])
def test_there_was_almost_no_pause_if_hardly_a_week_is_without_recorded_deaths(empty, verdict):
    weeks = weekly(battle=5, after=5)
    weeks.loc[: empty - 1, "deaths"] = 0
    seen = exhibits(vdc_deaths_weekly=weeks, claims=claim("ITV-44"))
    assert toll.almost_without_pause(seen).verdict == verdict


@pytest.mark.parametrize(
    ("area", "start", "best", "verdict"),
    [
        ("Aleppo Governorate", "2011-03", 21452, "corrected"),
        ("Aleppo city", "2011-03", 21452, "corrected"),
        ("Aleppo city", "2012-07-19", 21452, "supported"),
        ("Aleppo city", "2012-07-19", 31000, "not_supported"),
    ],
)
def test_a_count_of_another_area_or_period_corrects_the_figure_rounded_from_it(area, start, best, verdict):
    cells = {"area": area, "period_start": start, "period_end": "2016-12-21"}
    own = estimate("ALP-001", best, **cells)
    press = estimate("ALP-002", 20000, **cells | {"attributed_to": "SOHR via ITV News"})
    rival = estimate("ALP-005", 23604, attributed_to="VDC")
    seen = exhibits(claims=claim("ITV-50", "20000"), estimates=estimates(own, press, rival))
    assert toll.dead_of_the_battle(seen).verdict == verdict


@pytest.mark.parametrize(
    ("first", "last", "verdict"),
    [(384, 442, "supported"), (430, 442, "partly"), (300, 400, "not_supported")],
)
def test_the_dead_of_the_assault_lie_between_two_counts_of_the_week(first, last, verdict):
    rows = [
        estimate("E1", first, period_end="2016-12-08"),
        estimate("E2", last),
        estimate("W1", 130, area="Aleppo city (west)"),
        estimate("ALP-055", 508, attributed_to="x"),
        estimate("ALP-069", 500, attributed_to="y"),
    ]
    seen = exhibits(claims=claim("ITV-52", "415"), estimates=estimates(*rows))
    assert toll.dead_of_the_assault(seen).verdict == verdict


@pytest.mark.parametrize(
    ("least", "most", "verdict"),
    [(31500, 87000, "supported"), (500, 87000, "partly"), (500, 900, "not_supported")],
)
def test_thousands_fled_if_every_publisher_gives_thousands(least, most, verdict):
    rows = estimates(estimate("D", least, quantity="displaced", period_start="2016-11-24"))
    published = pd.DataFrame({"published_id": ["CP-055", "CP-068"], "value": float(most), "source_ids": "p"})
    assert toll.thousands_fled(exhibits(estimates=rows, control_published=published)).verdict == verdict


# --- what was done, and who said so ---


@pytest.mark.parametrize(
    ("damaged", "made_by", "verdict"),
    [
        (60, "mostly artillery", "supported"),
        (60, "mostly air-delivered munitions", "partly"),
        (20, "mostly air-delivered munitions", "not_supported"),
    ],
)
def test_the_old_city_was_wrecked_by_shelling_if_half_is_damaged_and_not_from_the_air(
    damaged, made_by, verdict
):
    seen = exhibits(
        events=events(event("FR-118", "2017-01-16", "2017-01-19", value=float(damaged))),
        estimates=estimates(estimate("DMG-005", 3364, perpetrator=made_by)),
    )
    assert accounts.old_city(seen).verdict == verdict


@pytest.mark.parametrize(
    ("summary", "party", "verdict"),
    [
        ("spoke of war crimes", "Syrian and Russian forces", "contested"),
        ("spoke of war crimes", "Russian forces", "supported"),
        ("spoke of aid", "Syrian and Russian forces", "not_supported"),
    ],
)
def test_an_accusation_is_contested_while_the_inquiry_lays_the_strikes_to_both(summary, party, verdict):
    measures = pd.DataFrame(
        {
            "measure_id": ["M1", "M24", "M29"],
            "actor": ["United States", "Russian Federation", "Russian Federation"],
            "summary": [summary, "denied", "denied"],
            "source_ids": "m",
        }
    )
    findings = pd.DataFrame(
        {
            "finding_id": ["COI-F22", "COI-F30", "COI-F23"],
            "attributed_party": [party, "pro-government forces", "not separated"],
            "source_ids": "c",
        }
    )
    seen = exhibits(measures=measures, commission_findings=findings)
    assert accounts.western_accusations(seen).verdict == verdict


@pytest.mark.parametrize(("day", "verdict"), [("2016-08-17", "corrected"), ("2016-09-17", "supported")])
def test_the_picture_is_of_the_month_of_the_strike(day, verdict):
    seen = exhibits(claims=claim("ITV-41", "2016-09"), events=events(event("FR-071", day)))
    assert accounts.month_of_the_picture(seen).verdict == verdict


@pytest.mark.parametrize(
    ("perpetrators", "verdict"),
    [
        (("Syrian government", "armed opposition groups"), "supported"),
        (("Syrian government",), "partly"),
        (("not stated",), "not_supported"),
    ],
)
def test_amnesty_spoke_of_both_if_its_figures_are_laid_to_both(perpetrators, verdict):
    rows = [
        estimate(f"A{n}", 1, attributed_to="Amnesty International", perpetrator=who, published="2015-05-05")
        for n, who in enumerate(perpetrators)
    ]
    seen = exhibits(claims=claim("ITV-42"), estimates=estimates(*rows))
    assert accounts.amnesty_on_both(seen).verdict == verdict


@pytest.mark.parametrize(
    ("price", "last", "verdict"),
    [
        (232000, "2016-07-07", "supported"),
        (40000, "2016-07-07", "partly"),
        (40000, "2016-12-07", "not_supported"),
    ],
)
def test_food_was_short_if_it_cost_twice_as_much_and_nothing_had_been_delivered(price, last, verdict):
    prices = {"period_start": "2016-11", "quantity": "price"}
    rows = [estimate("PRC-001", price, **prices), estimate("PRC-005", 35920), estimate("PRC-008", 7000)]
    seen = exhibits(
        estimates=estimates(*rows),
        access=pd.DataFrame({"access_id": ["AC-110"], "date": [last], "source_ids": ["d"]}),
        commission_findings=pd.DataFrame({"finding_id": ["COI-F02"], "source_ids": ["c"]}),
    )
    assert accounts.food_and_fuel(seen).verdict == verdict


@pytest.mark.parametrize(
    ("days", "verdict"),
    [(("2016-10-06", "2016-10-22"), "supported"), (("2016-10-06", "2016-10-06"), "partly")],
)
def test_appeals_were_repeated_if_pages_of_several_days_report_them(days, verdict):
    seen = exhibits(
        claims=claim("ITV-47", source_ids="a;b"),
        sources=pd.DataFrame({"source_id": ["a", "b"], "published": days}),
        events=events(event("FR-088", "2016-10-20")),
    )
    assert accounts.medical_cases(seen).verdict == verdict


@pytest.mark.parametrize(
    ("findings", "verdict"),
    [
        (("used force to stop people leaving and used them as shields",), "supported"),
        (("used them as shields",), "partly"),
        (("shelled the west",), "not_supported"),
    ],
)
def test_groups_were_rightly_accused_if_the_inquiry_found_shields_and_people_kept(findings, verdict):
    found = pd.DataFrame({"finding_id": ["F"], "finding": findings, "source_ids": ["c"]})
    seen = exhibits(commission_findings=found, events=events(event("FR-103", "2016-12-09")))
    assert accounts.human_shields(seen).verdict == verdict


@pytest.mark.parametrize(
    ("summary", "verdict"),
    [("allegations that hundreds of men went missing", "supported"), ("a few men", "not_supported")],
)
def test_the_un_said_hundreds_if_its_briefing_says_so(summary, verdict):
    seen = exhibits(
        claims=claim("ITV-55", "hundreds"),
        events=events(event("FR-103", "2016-12-09", summary=summary)),
        commission_findings=pd.DataFrame({"finding_id": ["COI-F08"], "source_ids": ["c"]}),
    )
    assert accounts.men_missing(seen).verdict == verdict
