"""The claims of the CNN article on the committed evidence: the verdicts, and what would turn each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import pytest

from aleppo.claims import ledger
from aleppo.claims.exhibits import Exhibits
from aleppo.claims.verdict import Verdict
from aleppo.evidence import load
from aleppo.evidence.load import declared

Change = Callable[[pd.DataFrame], pd.DataFrame]

VERDICTS = {
    "CNN-02": "corrected",
    "CNN-03": "partly",
    "CNN-04": "supported",
    "CNN-05": "supported",
    "CNN-06": "supported",
    "CNN-07": "supported",
    "CNN-08": "forecast_not_borne_out",
    "CNN-10": "supported",
    "CNN-11": "partly",
    "CNN-12": "partly",
    "CNN-14": "supported",
    "CNN-15": "partly",
    "CNN-16": "supported",
    "CNN-17": "supported",
    "CNN-18": "contested",
    "CNN-19": "partly",
    "CNN-20": "partly",
    "CNN-21": "partly",
    "CNN-22": "cannot_be_tested",
    "CNN-23": "partly",
    "CNN-24": "supported",
    "CNN-25": "supported",
    "CNN-26": "not_supported",
    "CNN-27": "supported",
    "CNN-28": "contested",
    "CNN-29": "supported",
    "CNN-30": "partly",
    "CNN-31": "partly",
    "CNN-32": "forecast_borne_out",
    "CNN-34": "corrected",
    "CNN-35": "partly",
    "CNN-36": "supported",
    "CNN-37": "cannot_be_tested",
    "CNN-38": "partly",
    "CNN-39": "contested",
    "CNN-40": "contested",
    "CNN-41": "partly",
    "CNN-42": "partly",
    "CNN-43": "supported",
    "CNN-44": "contested",
    "CNN-45": "supported",
    "CNN-46": "supported",
    "CNN-47": "supported",
    "CNN-48": "partly",
    "CNN-49": "partly",
    "CNN-50": "supported",
}


def decided(claim: str, changes: Mapping[str, Change] | None = None) -> Verdict:
    """The verdict on ``claim``, on the committed evidence with ``changes`` to some tables."""

    def reader(table: str) -> pd.DataFrame:
        frame = load(table)
        return changes[table](frame.copy()) if changes and table in changes else frame

    return ledger.all_tests()[claim].decide(Exhibits(reader))


def row(table: str, name: str, **cells: Any) -> dict[str, Change]:
    """Other ``cells`` in the row ``name`` of ``table``."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        chosen = frame[declared(table).key[0]] == name
        assert chosen.sum() == 1
        for column, value in cells.items():
            frame.loc[chosen, column] = value
        return frame

    return {table: change}


def where(table: str, column: str, value: Any, **match: str) -> dict[str, Change]:
    """Another value in a column of the rows of ``table`` that match."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        chosen = pd.Series(True, index=frame.index)
        for name, cell in match.items():
            chosen &= frame[name] == cell
        assert chosen.any()
        frame.loc[chosen, column] = value
        return frame

    return {table: change}


def no_incidents(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(incidents=0)


def sides_swapped(frame: pd.DataFrame) -> pd.DataFrame:
    other = {"government": "opposition", "opposition": "government"}
    return frame.assign(holder=frame["holder"].replace(other))


def no_fall(frame: pd.DataFrame) -> pd.DataFrame:
    """The city as on 15 November 2016 until the end."""
    late = (frame["start"] > "2016-11-15") & (frame["holder"] == "government")
    return frame.assign(holder=frame["holder"].where(~late, "opposition"))


def all_government(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(holder="government", contested_by=None)


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


OPEN_GATE = {"route_id": "R-CASTELLO", "state": "open"}
ROAD_CUT = {"route_id": "R-AZAZ", "state": "cut"}
ENCIRCLED = "A full encirclement of Aleppo would break opposition morale."
NO_HEZBOLLAH = "Syrian army, IRGC; rebels; Russian air force"

TURNED = [
    ("CNN-02", row("siege_dates", "SD-01", date=day("2016-02-01")), "contested"),
    ("CNN-02", where("corridor_states", "state", "cut", **OPEN_GATE), "supported"),
    ("CNN-03", row("control_published", "CP-085", value=40.0), "supported"),
    ("CNN-04", row("events", "FR-042", event_type="advance"), "partly"),
    ("CNN-05", where("corridor_states", "start_latest", day("2016-02-10"), **ROAD_CUT), "contested"),
    ("CNN-06", row("events", "FR-042", actors=NO_HEZBOLLAH), "partly"),
    ("CNN-08", row("siege_dates", "SD-01", date=day("2016-02-20")), "forecast_borne_out"),
    ("CNN-10", row("estimates", "DIS-002", best=5_000.0), "contested"),
    ("CNN-12", where("corridor_states", "state", "cut", **OPEN_GATE), "supported"),
    ("CNN-12", row("claims", "CNN-12", value="thousands"), "not_supported"),
    ("CNN-14", row("events", "FR-043", date_end=day("2016-02-05")), "not_supported"),
    ("CNN-15", {"airwars_monthly": no_incidents}, "not_supported"),
    ("CNN-16", {"airwars_monthly": no_incidents}, "partly"),
    ("CNN-17", {"control_spells": all_government}, "not_supported"),
    ("CNN-18", row("claims", "CNN-18", value="1000"), "not_supported"),
    ("CNN-19", {"airwars_monthly": no_incidents}, "contested"),
    ("CNN-23", {"town_spells": sides_swapped}, "not_supported"),
    ("CNN-24", row("control_published", "CP-004", value=18.0), "contested"),
    ("CNN-25", where("towns", "governorate", "SY05", governorate="SY07"), "not_supported"),
    ("CNN-26", where("towns", "governorate", "SY02", governorate="SY07"), "supported"),
    ("CNN-29", row("claims", "CNN-29", value="2015-09-01"), "partly"),
    ("CNN-30", {"town_spells": sides_swapped}, "not_supported"),
    ("CNN-32", {"control_spells": no_fall}, "forecast_not_borne_out"),
    ("CNN-34", row("claims", "CNN-34", paraphrase=ENCIRCLED), "supported"),
    ("CNN-39", row("events", "FR-030", value=30.0), "not_supported"),
    ("CNN-39", row("events", "FR-027", note=""), "partly"),
    ("CNN-41", where("town_spells", "holder", "islamic_state", town_id="T-SARAQIB"), "not_supported"),
    ("CNN-42", {"town_spells": sides_swapped}, "not_supported"),
    ("CNN-43", row("estimates", "DIS-002", best=500.0), "contested"),
    ("CNN-44", row("control_published", "CP-074", value=100_000.0), "supported"),
    ("CNN-45", row("commission_findings", "COI-F08", finding="Nothing was found."), "contested"),
    ("CNN-46", row("events", "FR-110", date_start=day("2016-12-14")), "not_supported"),
    ("CNN-47", row("events", "FR-109", date_start=day("2016-12-10")), "partly"),
    ("CNN-49", row("events", "TOLL-EV-060", date_start=day("2016-12-07")), "supported"),
]


@pytest.mark.parametrize(("claim", "verdict"), VERDICTS.items())
def test_the_verdicts_on_the_front_lines_and_on_people(claim, verdict):
    assert decided(claim).verdict == verdict


@pytest.mark.parametrize(
    ("claim", "changes", "verdict"), TURNED, ids=[f"{claim}-{end}" for claim, _, end in TURNED]
)
def test_other_evidence_gives_another_verdict(claim, changes, verdict):
    assert verdict != VERDICTS[claim]
    assert decided(claim, changes).verdict == verdict


def test_each_computed_verdict_can_be_turned():
    tests = ledger.all_tests()
    assert {claim for claim, _, _ in TURNED} == {claim for claim in VERDICTS if tests[claim].computed}


def test_at_least_twenty_eight_of_these_claims_are_computed():
    tests = ledger.all_tests()
    assert sum(tests[claim].computed for claim in VERDICTS) >= 28


def test_the_siege_is_dated_to_july_and_one_of_two_routes_was_cut_in_february():
    found = decided("CNN-02").figures
    assert (found["cut"].best, found["routes"].best) == (1, 2)
    assert (found["first"].best, found["last"].best) == ("2016-07-06", "2016-07-27")


def test_the_paper_of_the_institute_is_of_5_february_and_speaks_of_encirclement():
    found = decided("CNN-34")
    assert found.figures["published"].best == "2016-02-05"
    # quoted with another condition than its own, so against what is said of it
    assert found.opposes == ("isw-20160205-assad-gains",)


def test_figures_of_the_people_in_the_east_run_from_thirty_thousand_to_four_hundred_thousand():
    found = decided("CNN-18")
    assert (found.figures["all"].low, found.figures["all"].high) == (30_000, 400_000)
    assert (found.figures["un"].low, found.figures["un"].high) == (250_000, 275_000)
    assert (found.figures["after"].low, found.figures["after"].high) == (126_500, 147_000)
    assert found.supports
    assert found.opposes


@pytest.mark.parametrize("claim", VERDICTS)
def test_every_source_and_every_place_in_the_book_that_a_verdict_names_exists(claim):
    found, test = decided(claim), ledger.all_tests()[claim]
    known = set(load("sources")["source_id"])
    assert {*found.supports, *found.opposes} <= known
    assert not test.figure or test.chapter
