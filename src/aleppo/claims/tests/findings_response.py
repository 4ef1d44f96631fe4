"""Tests of the book's findings on votes: the Security Council, the General Assembly, the Human Rights Council."""

from __future__ import annotations

import pandas as pd

from aleppo.claims.exhibits import Exhibits
from aleppo.claims.registry import computed
from aleppo.claims.tests._findings import BREAK, cited, counted, finding, some
from aleppo.claims.tests._rules import day
from aleppo.claims.verdict import Amount, Verdict
from aleppo.evidence import split_list
from aleppo.measure import assembly, clock
from aleppo.measure import votes as measure
from aleppo.model import lags

COUNCIL = "notebooks/security-council"
BODIES = "notebooks/assembly-and-rights-council"
CLOCK = "notebooks/one-clock"
ON_RECORD = "Votes are on record."


def _votes(exhibits: Exhibits) -> pd.DataFrame:
    return measure.council_votes(exhibits["unsc_votes"], "2011-01-01", "2017-12-31")


def _vetoed(exhibits: Exhibits) -> pd.DataFrame:
    votes = _votes(exhibits)
    return votes[votes["outcome"] == "vetoed"]


def _by(votes: pd.DataFrame, member: str) -> pd.Series:
    return votes["vetoed_by"].map(lambda cell: member in split_list(cell)).astype(bool)


@computed("F-02", chapter=COUNCIL, figure="fig-council-votes")
def vetoed_and_failed(exhibits: Exhibits) -> Verdict:
    """Vetoed drafts against those that fell short of nine votes."""
    outcomes = _votes(exhibits)["outcome"].value_counts()
    vetoed, failed = int(outcomes.get("vetoed", 0)), int(outcomes.get("failed", 0))
    return finding(
        vetoed > failed,
        "high",
        ON_RECORD,
        "Of {all} on texts on Syria from October 2011 to December 2017, {adopted} adopted a text, {vetoed} ended in a "
        "veto and {failed} fell short of nine votes.",
        {
            "all": counted(int(outcomes.sum()), "votes of the Council"),
            "adopted": counted(int(outcomes.get("adopted", 0))),
            "vetoed": counted(vetoed),
            "failed": counted(failed),
        },
        cited(_vetoed(exhibits)),
    )


@computed("F-47", chapter=COUNCIL, figure="fig-council-votes")
def who_vetoed(exhibits: Exhibits) -> Verdict:
    """Whether the Russian Federation voted against every vetoed text, and how many of them had nine votes."""
    vetoed = _vetoed(exhibits)
    russian, enough = int(_by(vetoed, "RUS").sum()), int((vetoed["yes"] >= 9).sum())
    return finding(
        [russian == len(vetoed), enough == len(vetoed)],
        "high",
        ON_RECORD,
        "The Russian Federation voted against {russian} of the {all}; {enough} of them had the nine votes that "
        "adoption needs.",
        {"russian": counted(russian), "all": counted(len(vetoed), "vetoed texts"), "enough": counted(enough)},
        cited(vetoed),
    )


@computed("F-48", chapter=COUNCIL, figure="fig-council-agreement")
def china_and_the_vetoes(exhibits: Exhibits) -> Verdict:
    """China's part in the vetoes before and from the break."""
    vetoed = _vetoed(exhibits)
    sides = [vetoed[vetoed["date"] < BREAK], vetoed[vetoed["date"] >= BREAK]]
    before, after = (int(_by(side, "CHN").sum()) for side in sides)
    return finding(
        after / max(len(sides[1]), 1) < before / max(len(sides[0]), 1),
        "medium",
        f"{ON_RECORD} The counts are small and the texts differ.",
        "China joined {before} of {early} before the break and {after} of {late} from it on.",
        {
            "before": counted(before),
            "early": counted(len(sides[0]), "vetoes"),
            "after": counted(after),
            "late": counted(len(sides[1])),
        },
        cited(vetoed),
    )


@computed("F-49", chapter=COUNCIL, figure="fig-council-votes")
def texts_during_the_last_offensive(exhibits: Exhibits) -> Verdict:
    """What became of texts on Aleppo from October 2016 to the agreement on the evacuation, and after it."""
    texts = measure.touching(_votes(exhibits), "aleppo")
    during = texts[texts["date"].between("2016-10-01", "2016-12-12")]
    after = texts[texts["date"].between("2016-12-13", "2016-12-31")]
    adopted = int((during["outcome"] == "adopted").sum())
    unanimous = int(((after["outcome"] == "adopted") & (after["no"] == 0)).sum())
    return finding(
        [len(during) > 0 and adopted == 0, len(after) > 0 and unanimous == len(after)],
        "high",
        f"{ON_RECORD} What a text touched is this book's reading.",
        "Of {during} on Aleppo put to the vote from October to 12 December 2016, {adopted} were adopted; of {after} in "
        "the rest of the month, {unanimous} were, without a vote against.",
        {
            "during": counted(len(during), "texts"),
            "adopted": some(adopted),
            "after": counted(len(after)),
            "unanimous": counted(unanimous),
        },
        cited(pd.concat([during, after])),
    )


@computed("F-50", chapter=BODIES, figure="fig-assembly-totals")
def assembly_adopted_every_text(exhibits: Exhibits) -> Verdict:
    """Outcomes of the General Assembly's recorded votes on Syria."""
    votes = assembly.body_votes(exhibits["un_body_votes"], assembly.ASSEMBLY)
    adopted = int((votes["outcome"] == "adopted").sum())
    unsure = int((votes["verified"] == "no").sum())
    return finding(
        adopted == len(votes),
        "high",
        "Most totals are on record; the texts bind no state.",
        "The General Assembly adopted {adopted} of {all} on Syria that it voted on from 2011 to 2017; the totals of "
        "{unsure} of them rest on no page that was read.",
        {"adopted": counted(adopted), "all": counted(len(votes), "texts"), "unsure": counted(unsure)},
        cited(votes),
    )


@computed("F-51", chapter=BODIES, figure="fig-assembly-totals")
def the_low_vote_of_2015(exhibits: Exhibits) -> Verdict:
    """Whether the lowest vote in favour is also the one with most members without a vote on record."""
    votes = assembly.body_votes(exhibits["un_body_votes"], assembly.ASSEMBLY)
    sure = votes[votes["verified"] == "yes"]
    low = sure.loc[sure["yes"].idxmin()]
    return finding(
        bool(low["others"] == sure["others"].max()),
        "high",
        "Totals of the rolls; a member without a vote on record may have been absent or have taken no part.",
        "The fewest votes in favour, {yes} on {day}, fall together with most members without a vote on record, "
        "{others}: how much is a change of mind the totals cannot tell.",
        {
            "yes": counted(low["yes"]),
            "day": Amount("date", day(low["date"])),
            "others": counted(low["others"]),
        },
        cited(votes[votes["vote_id"] == low["vote_id"]]),
    )


@computed("F-52", chapter=BODIES, figure="fig-assembly-changes")
def most_members_voted_the_same(exhibits: Exhibits) -> Verdict:
    """Members with a vote on record on the yearly text of 2011 and of 2016: the same, away from it, towards it."""
    yearly = assembly.annual(exhibits["un_body_votes"])
    first, last = yearly.iloc[0]["vote_id"], yearly[yearly["date"].dt.year == 2016].iloc[0]["vote_id"]
    positions = assembly.positions(exhibits["un_body_member_votes"], [first, last])
    moved = assembly.moved(positions, first, last)
    changes = assembly.changes(positions, first, last)
    both = int(
        changes.loc[
            ~changes[["before", "after"]].isin([assembly.NO_RECORD]).any(axis="columns"), "states"
        ].sum()
    )
    away, towards = int((moved["step"] < 0).sum()), int((moved["step"] > 0).sum())
    return finding(
        [both - len(moved) > both / 2, away > towards],
        "medium",
        "The text of 2016 was longer than that of 2011, and governments changed in between.",
        "Of {both} with a vote on record on the yearly text of 2011 and of 2016, {same} voted the same, {away} moved "
        "away from it and {towards} towards it.",
        {
            "both": counted(both, "members"),
            "same": counted(both - len(moved)),
            "away": counted(away),
            "towards": counted(towards),
        },
        cited(yearly[yearly["vote_id"].isin([first, last])]),
    )


@computed("F-53", chapter=BODIES, figure="fig-session-on-aleppo")
def an_open_roll(exhibits: Exhibits) -> Verdict:
    """How much of the roll of the special session on Aleppo of October 2016 is established."""
    roll = assembly.session_roll(exhibits["un_body_member_votes"], exhibits["session_requesters"], "HR22")
    unknown = int((roll["vote"] == measure.NOT_ESTABLISHED).sum())
    return finding(
        unknown > len(roll) / 2,
        "high",
        "The totals are on record; the pages that were read name only those that voted against.",
        "Of {all} of the Human Rights Council the vote of {unknown} in the special session on Aleppo is not "
        "established; having asked for the session is no vote.",
        {"all": counted(len(roll), "members"), "unknown": counted(unknown)},
        exhibits.sources("un_body_votes", "HR22"),
    )


@computed("F-54", chapter=CLOCK, figure="fig-toll-and-meetings")
def meetings_and_deaths(exhibits: Exhibits) -> Verdict:
    """Correlations of changes in deaths and in meetings, at lags of months either way, against the band of chance."""
    daily = exhibits["vdc_deaths_daily"]
    whole = daily[daily["region"] == "all"].set_index("day")["deaths"].astype(int)
    deaths = clock.monthly_deaths(whole).loc["2012-01":"2017-12"]
    meetings = clock.meetings_by_month(exhibits["unsc_meetings_monthly"])
    tables = [lags.lagged(deaths, meetings[counted_as], "change") for counted_as in meetings]
    beyond = sum(int((table["r"].abs() > table["bound"]).sum()) for table in tables)
    tried = sum(len(table) for table in tables)
    return finding(
        beyond <= 0.05 * tried,
        "medium",
        "A month is too long to see an answer to an attack, and a meeting is no measure.",
        "From month to month {beyond} of {tried} between changes in recorded deaths and in meetings of the Council "
        "leave the band that chance gives.",
        {"beyond": some(beyond), "tried": counted(tried, "correlations")},
        ("vdc-2018-deaths-by-province",),
    )


@computed("F-55", chapter=CLOCK, figure="fig-one-clock")
def meetings_left_open(exhibits: Exhibits) -> Verdict:
    """Meetings that the log names as on Syria, and those whose country it leaves open."""
    meetings = clock.meetings_by_month(exhibits["unsc_meetings_monthly"]).loc["2015-07":"2017-01"]
    certain, possible = int(meetings["certain"].sum()), int(meetings["possible"].sum())
    return finding(
        possible > 2 * certain,
        "high",
        "Counted over the log; closed consultations are in no log.",
        "From July 2015 to January 2017 the log of the Council names Syria for {certain}, and up to {possible} may "
        "have been on it.",
        {"certain": counted(certain, "meetings"), "possible": counted(possible)},
    )
