"""Tests of the book's findings on truces, aid, and measures of states."""

from __future__ import annotations

import pandas as pd

from aleppo.claims.exhibits import Exhibits
from aleppo.claims.registry import computed
from aleppo.claims.tests._findings import cited, counted, finding, low_high
from aleppo.claims.verdict import Amount, Verdict
from aleppo.measure import aid
from aleppo.measure import truces as measure
from aleppo.model import truces as model

TRUCES = "notebooks/truces"
AID = "notebooks/aid-and-measures"
VDC = ("vdc-2018-deaths-by-province",)
PLACEBOS = (
    "Placebo starts take out season and level only; deaths are by origin of the dead, fighters included."
)


def _rows(exhibits: Exhibits) -> pd.DataFrame:
    return measure.coded(exhibits["ceasefires"], exhibits["truce_coding"])


def _study(exhibits: Exhibits) -> model.Study:
    """The study of the chapter, so that its figures are those of the chapter."""
    daily = measure.daily_deaths(exhibits["vdc_deaths_daily"])
    return model.event_study(daily, _rows(exhibits))


@computed("F-56", chapter=TRUCES, figure="fig-truce-pooled")
def deaths_after_truces(exhibits: Exhibits) -> Verdict:
    """The pooled change at the start of halts, and whether each choice of one episode less is a fall as well."""
    row = model.pooled(_study(exhibits), {"all halts": measure.HALTS}).iloc[0]
    return finding(
        [row["high"] < 1, row["leave_high"] < 1],
        "medium",
        f"{PLACEBOS} An association, not what truces saved.",
        "Over {episodes} recorded deaths in the two weeks from the start of a halt on come to {change} of what placebo "
        "starts lead to expect.",
        {
            "episodes": counted(row["episodes"], "episodes"),
            "change": Amount("ratio", low=row["low"], best=row["estimate"], high=row["high"]),
        },
        VDC,
    )


@computed("F-57", chapter=TRUCES, figure="fig-truce-pooled")
def talks_without_a_halt(exhibits: Exhibits) -> Verdict:
    """The pooled change at the start of talks and offers, where nothing was to stop."""
    row = model.pooled(_study(exhibits), {"talks": ("talks", "not_in_force")}).iloc[0]
    return finding(
        bool(row["low"] <= 1 <= row["high"]),
        "medium",
        PLACEBOS,
        "Over {episodes} recorded deaths after the start of talks or offers come to {change} of what placebo starts "
        "lead to expect.",
        {
            "episodes": counted(row["episodes"], "episodes"),
            "change": Amount("ratio", low=row["low"], best=row["estimate"], high=row["high"]),
        },
        VDC,
    )


@computed("F-58", chapter=TRUCES, figure="fig-truce-changes")
def most_single_truces_lie_within_chance(exhibits: Exhibits) -> Verdict:
    """How many single halts lie outside the band of their own placebos."""
    each = _study(exhibits).each
    halts = each[each["kind"].isin(measure.HALTS)]
    outside = int(halts["outside"].sum())
    return finding(
        outside < len(halts) / 2,
        "medium",
        PLACEBOS,
        "Of {all} taken one by one, {outside} lie outside the band of their own placebos; of the others the data "
        "cannot tell that anything changed.",
        {"all": counted(len(halts), "halts"), "outside": counted(outside)},
        VDC,
    )


@computed("F-59", chapter=TRUCES, figure="fig-truce-changes")
def the_last_truce_and_the_end_of_battle(exhibits: Exhibits) -> Verdict:
    """Whether the largest fall is that of the agreement with which the battle for the east ended."""
    each = _study(exhibits).each
    halts = each[each["kind"].isin(measure.HALTS)]
    largest = halts.loc[halts["ratio"].idxmin()]
    rows = exhibits.rows("ceasefires", "CF20")
    return finding(
        largest["ceasefire_id"] == "CF20",
        "high",
        "The agreement and the end of the battle fall on the same days, so that no data can part them.",
        "The largest fall, to {ratio}, follows “{name}”; the data cannot tell the agreement of 13 December 2016 from "
        "the end of the battle.",
        {"ratio": Amount("ratio", float(largest["ratio"])), "name": Amount("text", str(largest["name"]))},
        cited(rows),
    )


@computed("F-60", chapter=TRUCES, figure="fig-truce-survival")
def whose_truces_lasted(exhibits: Exhibits) -> Verdict:
    """How many halts each group of brokers has: fewer than ten in every one."""
    spells = measure.spells(_rows(exhibits))
    groups = spells["broker"].value_counts()
    return finding(
        bool(groups.max() < 10),
        "high",
        "Counted over the halts; the end of many is read with low confidence.",
        "The {groups} have {truces} each, too few to tell whose truces lasted longer.",
        {"groups": counted(len(groups), "groups of brokers"), "truces": low_high("count", groups, "halts")},
    )


@computed("F-61", chapter=TRUCES, figure="fig-truce-survival")
def length_hangs_on_the_reading(exhibits: Exhibits) -> Verdict:
    """Days by which half of the nationwide truces had collapsed, at the earliest and the latest reading of ends."""
    table = model.medians(measure.spells(_rows(exhibits)), "kind").set_index("group")
    first, last = (float(table.loc["nationwide", name]) for name in ("median_first", "median_last"))
    return finding(
        last > 2 * first,
        "high",
        "No source dates the end of most truces; both readings are of the same reports.",
        "Half of the {all} had collapsed by day {days}, as ends are read early or late.",
        {
            "all": counted(table.loc["nationwide", "truces"], "nationwide truces"),
            "days": low_high("count", [first, last]),
        },
    )


@computed("F-62", chapter=TRUCES, figure="fig-truce-lanes")
def most_halts_began_in_2016(exhibits: Exhibits) -> Verdict:
    """Halts by the year of their start."""
    rows = _rows(exhibits)
    halts = rows[rows["kind"].isin(measure.HALTS)]
    year = halts[halts["start"].dt.year == 2016]
    return finding(
        len(year) > len(halts) / 2,
        "high",
        "Counted over the list of truces that covered Aleppo; local truces elsewhere are left out.",
        "Of {all} on the list {year} began in 2016.",
        {"all": counted(len(halts), "halts to fighting"), "year": counted(len(year))},
    )


@computed("F-63", chapter=AID, figure="fig-people-reached")
def convoys_across_the_lines(exhibits: Exhibits) -> Verdict:
    """The share of people reached among those for whom convoys were asked, over the months that publish both."""
    both = aid.requested_and_reached(exhibits["access"])
    return finding(
        bool(both["share"].max() < 1 / 3),
        "medium",
        "Few months publish both figures; people reached are deliveries, so that one may be counted often.",
        "In {months} with both figures {share} of the people for whom convoys across the lines were asked for were "
        "reached.",
        {"months": counted(len(both), "months"), "share": low_high("share", both["share"])},
        cited(both),
    )


@computed("F-64", chapter=AID, figure="fig-funding")
def plans_were_not_funded(exhibits: Exhibits) -> Verdict:
    """The share of what the plans for aid inside Syria asked for that they received, year by year."""
    money = aid.funding(exhibits["access"])
    inside = money[money["plan"] == "Inside Syria"]
    return finding(
        bool(inside["share"].max() < 0.7),
        "high",
        "One service that records contributions; figures were read years later, when books had been closed.",
        "In {years} the plans for aid inside Syria received {share} of what they asked for.",
        {"years": counted(len(inside), "years"), "share": low_high("share", inside["share"])},
        cited(inside),
    )


@computed("F-65", chapter=AID, figure="fig-measures")
def mostly_statements(exhibits: Exhibits) -> Verdict:
    """The kind of measure that is on record most often."""
    kinds = exhibits["measures"]["kind"].value_counts()
    return finding(
        kinds.index[0] == "statement",
        "low",
        "Statements are published by those who make them, and much of what states did was not.",
        "Of {all} of states and bodies {most} are statements.",
        {
            "all": counted(int(kinds.sum()), "measures and statements"),
            "most": counted(int(kinds.get("statement", 0))),
        },
    )


@computed("F-66", chapter=AID, figure="fig-besieged-people")
def two_counts_of_the_besieged(exhibits: Exhibits) -> Verdict:
    """People under siege in Syria by the United Nations and by a non-governmental project, in autumn 2016."""
    rows = exhibits.rows("access", "AC-029", "AC-038")
    figures = rows["value"].astype(float)
    return finding(
        bool(figures.max() > 1.2 * figures.min()),
        "high",
        "Each decides by its own rule, place by place, what is besieged.",
        "For the autumn of 2016 the United Nations and the project Siege Watch give {people} under siege in Syria.",
        {"people": low_high("count", figures, "people")},
        exhibits.sources("access", "AC-029", "AC-038"),
    )


@computed("F-67", chapter=AID, figure="tab-convoy-accounts")
def accounts_of_the_convoy(exhibits: Exhibits) -> Verdict:
    """Deaths and attribution in the accounts of the attack on the convoy of 19 September 2016."""
    accounts = aid.convoy_accounts(exhibits["estimates"], exhibits["measures"])
    with_figure = accounts.dropna(subset=["low", "best", "high"], how="all")
    figures = with_figure[["low", "best", "high"]].stack().dropna().astype(float)
    named = with_figure["attributed"].fillna("not attributed").nunique()
    return finding(
        [bool(figures.max() > figures.min()), named > 1],
        "high",
        "The accounts stand side by side; an inquiry of the United Nations and a Commission of Inquiry differ as well.",
        "{accounts} give {deaths}, and attribute the attack in {ways} different ways.",
        {
            "accounts": counted(len(with_figure), "accounts"),
            "deaths": low_high("count", figures, "deaths"),
            "ways": counted(named),
        },
        cited(with_figure),
    )
