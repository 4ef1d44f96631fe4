"""Tests of the book's findings on the tempo of the front, before and after the break."""

from __future__ import annotations

import pandas as pd

from aleppo.claims.exhibits import Exhibits
from aleppo.claims.registry import computed
from aleppo.claims.tests._findings import BREAK, cited, counted, finding, low_high, some
from aleppo.claims.tests._rules import day
from aleppo.claims.verdict import Amount, Verdict
from aleppo.measure import tempo, toll
from aleppo.model import changes

CHAPTER = "notebooks/did-the-tempo-change"
FIRST, LAST = "2015-01-05", "2016-12-25"
CHOSEN = "The towns were listed looking back, because the fighting of these two years made them known."


def _fallen(exhibits: Exhibits) -> pd.DataFrame:
    return tempo.captures(exhibits["town_spells"])


def _rate(value: float) -> Amount:
    return Amount("quantity", round(float(value), 2), unit="a month")


@computed("F-16", chapter=CHAPTER, figure="fig-monthly-balance")
def government_captures(exhibits: Exhibits) -> Verdict:
    """Captures of listed towns by the government a month, before and from the break."""
    rates = tempo.rates(_fallen(exhibits), BREAK, FIRST, LAST, ["taken_by"]).set_index("taken_by")
    row = rates.loc["government"]
    return finding(
        [row["rate_after"] > row["rate_before"], row["after_firm"] > row["before"]],
        "medium",
        f"{CHOSEN} A change after a date is not a change because of it.",
        "The government took {before} of the listed towns in the {weeks} up to the break and {after} in the {later} "
        "from it: {slow}, then {fast}.",
        {
            "before": counted(row["before"]),
            "weeks": counted(row["weeks_before"], "weeks"),
            "after": Amount(
                "count", low=float(row["after_firm"]), best=float(row["after"]), high=float(row["after"])
            ),
            "later": counted(row["weeks_after"], "weeks"),
            "slow": _rate(row["rate_before"]),
            "fast": _rate(row["rate_after"]),
        },
    )


@computed("F-17", chapter=CHAPTER, figure="fig-monthly-balance")
def government_losses(exhibits: Exhibits) -> Verdict:
    """Captures of listed towns from the government a month, before and from the break."""
    rates = tempo.rates(_fallen(exhibits), BREAK, FIRST, LAST, ["taken_from"]).set_index("taken_from")
    row = rates.loc["government"]
    return finding(
        bool(row["rate_after"] >= row["rate_before"]),
        "low",
        f"{CHOSEN} The counts are small.",
        "The government lost {before} of the listed towns before the break and {after} from it: {slow}, then {fast}.",
        {
            "before": counted(row["before"]),
            "after": counted(row["after"]),
            "slow": _rate(row["rate_before"]),
            "fast": _rate(row["rate_after"]),
        },
    )


@computed("F-18", chapter=CHAPTER, figure="fig-tempo-breaks")
def search_without_the_date(exhibits: Exhibits) -> Verdict:
    """Whether a search for change points in the government's captures finds one within four weeks of the break."""
    weeks = tempo.both_ways(_fallen(exhibits), "government", FIRST, LAST)
    _, found = changes.across(weeks[["taken by"]], toll.week_of(BREAK), (4, 8))
    row = found.iloc[0]
    return finding(
        [row["found_4"] <= row["settings"] * row["chance_4"], row["breaks"] > 0],
        "medium",
        "The settings of a search are not independent of each other; captures are few and come in clusters.",
        "Of {settings} that were not told the date, {near} put a break in the government's weekly captures within four "
        "weeks of it; the nearest is in the week of {nearest}.",
        {
            "settings": counted(row["settings"], "settings"),
            "near": some(row["found_4"]),
            "nearest": Amount("date", day(row["nearest"])),
        },
    )


@computed("F-19", chapter=CHAPTER, figure="fig-monthly-balance")
def no_steady_advance(exhibits: Exhibits) -> Verdict:
    """Months from October 2015 on by the sign of the government's net gain of listed towns."""
    balance = tempo.monthly_balance(_fallen(exhibits), "government", "2015-10", "2016-12")
    gain, loss = int((balance["net"] > 0).sum()), int((balance["net"] < 0).sum())
    return finding(
        [loss >= len(balance) / 4, gain > loss],
        "medium",
        f"{CHOSEN} One capture is not as large as another.",
        "Of the {all} from October 2015 to December 2016, {gain} brought the government a net gain of listed towns and "
        "{loss} a net loss; in October 2015 it gained {first}.",
        {
            "all": counted(len(balance), "months"),
            "gain": counted(gain),
            "loss": counted(loss),
            "first": some(balance["gained"].iloc[0]),
        },
    )


@computed("F-20", chapter=CHAPTER, figure="fig-monthly-balance")
def palmyra_was_lost_again(exhibits: Exhibits) -> Verdict:
    """Who took Palmyra when: a gain of the government after the break, and a loss after that."""
    towns = exhibits["towns"]
    place = towns.loc[towns["name_en"] == "Palmyra", "town_id"].iloc[0]
    fallen = _fallen(exhibits)
    hands = fallen[(fallen["place"] == place) & (fallen["date"] >= BREAK)].sort_values("date")
    taken = hands[hands["taken_by"] == "government"]
    lost = hands[hands["taken_from"] == "government"]
    again = len(taken) > 0 and len(lost) > 0 and lost["date"].max() > taken["date"].min()
    spells = exhibits["town_spells"]
    return finding(
        bool(again),
        "high",
        "Both days are told by agencies and by the parties.",
        "From 30 September 2015 to the end of 2016 the government took Palmyra ({taken}) and lost it ({lost}).",
        {"taken": _on(taken["date"].min()), "lost": _on(lost["date"].max())},
        cited(spells[(spells["town_id"] == place) & (spells["start"] >= BREAK)]),
    )


def _on(date: pd.Timestamp) -> Amount:
    return Amount("text", "on no day") if pd.isna(date) else Amount("date", day(date))


@computed("F-21", chapter="notebooks/before-the-intervention", figure="fig-advances-before")
def advances_before_the_break(exhibits: Exhibits) -> Verdict:
    """Recorded advances around the city by side, to the break and in 2015 alone."""
    advances = tempo.advances(exhibits["events"], "2012-07-01", "2015-09-29")
    whole = advances["side"].value_counts()
    year = advances.loc[advances["date_start"] >= "2015-01-01", "side"].value_counts()
    sides = {side: int(whole.get(side, 0)) for side in ("opposition", "government")}
    late = {side: int(year.get(side, 0)) for side in sides}
    return finding(
        [min(sides.values()) > 0, late["opposition"] > late["government"]],
        "low",
        "The events were chosen and not sampled; an absent one is no sign of quiet.",
        "Until the break {opposition} by the opposition and {government} by the government are recorded in and "
        "around the city and in Idlib; in 2015 there were {late} by the opposition and {none} by the government.",
        {
            "opposition": counted(sides["opposition"], "advances"),
            "government": counted(sides["government"]),
            "late": counted(late["opposition"]),
            "none": some(late["government"]),
        },
        cited(advances[advances["date_start"] >= "2015-01-01"]),
    )


@computed("F-22", chapter=CHAPTER, figure="fig-share-of-syria")
def shares_of_the_country(exhibits: Exhibits) -> Verdict:
    """The share of Syria in the government's hands in the autumn of 2015, by two publishers."""
    rows = exhibits.rows("control_published", "CP-009", "CP-015")
    shares = rows["value"].astype(float) / 100
    return finding(
        bool(shares.max() > 1.2 * shares.min()),
        "medium",
        "One counts what is held with desert, the other what is fully controlled; neither publishes its map as data.",
        "In the autumn of 2015 the published share of Syria held by the government runs over {share}.",
        {"share": low_high("share", shares)},
        exhibits.sources("control_published", "CP-009", "CP-015"),
    )


@computed("F-23", chapter="notebooks/events-timeline", figure="fig-events-timeline")
def events_with_one_source(exhibits: Exhibits) -> Verdict:
    """How many events of the chronology a single source tells."""
    events = exhibits["events"]
    told = events["source_ids"].fillna("").map(lambda cell: len(set(filter(None, cell.split(";")))))
    alone = int((told == 1).sum())
    return finding(
        alone > len(events) / 2,
        "high",
        "Counted over the table itself.",
        "Of the {all} of the chronology {alone} rest on a single source. What nobody wrote down is not in it, so that "
        "the number of events in a month measures nothing.",
        {"all": counted(len(events), "events"), "alone": counted(alone)},
    )
