"""Tests of the claims on the background of the war and on the international response."""

from __future__ import annotations

import pandas as pd

from aleppo.claims.exhibits import ARTICLE_SOURCES, Exhibits
from aleppo.claims.registry import computed
from aleppo.claims.tests._rules import cited_by, day, days_between
from aleppo.claims.verdict import Amount, Verdict
from aleppo.evidence import split_list

ALEPPO = "SY02"
BATTLE = ("2012-07-16", "2016-12-19")
SHORT = 14
"""Days up to which a truce is called short here: as long as the Council asked for pauses in single texts, twice "
"over."""


@computed("CNN-01")
def article_is_dated(exhibits: Exhibits) -> Verdict:
    """The day in the claim against the day under which the page is filed."""
    claimed = str(exhibits.rows("claims", "CNN-01")["value"].iloc[0])[:10]
    source = exhibits.rows("sources", ARTICLE_SOURCES["cnn"]).iloc[0]
    published = str(source["published"])[:10]
    return Verdict(
        verdict="supported" if claimed == published else "not_supported",
        confidence="medium",
        reason="The page was read in an archived copy; captions beside the text are of later months.",
        says="The page carries {published} as its last update.",
        figures={"published": Amount("date", published)},
        supports=(ARTICLE_SOURCES["cnn"],),
    )


@computed("CNN-13", chapter="notebooks/truces")
def talks_after_february(exhibits: Exhibits) -> Verdict:
    """What followed the pause of the talks: a cessation of hostilities, and for how long talks went on."""
    said = pd.Timestamp("2016-02-07")
    pause = exhibits.rows("ceasefires", "CF06").iloc[0]
    cessation = exhibits.rows("ceasefires", "CF08").iloc[0]
    wait = days_between(said, cessation["start"]) - 1
    came, faded = 0 < wait <= 30, "suspended" in str(cessation["outcome"])
    verdict = "partly" if came and faded else "forecast_not_borne_out" if came else "forecast_borne_out"
    return Verdict(
        verdict=verdict,
        confidence="medium",
        reason="Dates of talks and truces are well documented; when prospects end is a judgement.",
        says=(
            "Talks were paused on {paused}; a cessation of hostilities began {wait} after the article, talks "
            "resumed in March 2016 and the opposition suspended its part in April."
        ),
        figures={"paused": Amount("date", str(pause["end"])), "wait": Amount("days", wait)},
        supports=exhibits.sources("ceasefires", "CF06"),
        opposes=exhibits.sources("ceasefires", "CF08"),
    )


@computed("CNN-33", chapter="notebooks/recorded-deaths")
def year_of_the_uprising(exhibits: Exhibits) -> Verdict:
    """The year in the claim against the first year of recorded deaths and the first vote of the Council."""
    claimed = int(exhibits.rows("claims", "CNN-33")["value"].iloc[0])
    weekly = exhibits["vdc_deaths_weekly"]
    # a single death earlier in the year tells nothing of an uprising
    areas = weekly[weekly["deaths"] > 0].groupby("week")["governorate"].nunique()
    first_death = areas.index[areas > 1].min()
    first_vote = exhibits["unsc_votes"]["date"].min()
    same = [claimed == date.year for date in (first_death, first_vote)]
    return Verdict(
        verdict="supported" if all(same) else "contested" if any(same) else "not_supported",
        confidence="high",
        reason="A monitor's first records and the Council's first vote fall in the same year.",
        says=(
            "The first week with recorded deaths from more than one governorate is that of {death}; the Council first "
            "voted on Syria on {vote}."
        ),
        figures={"death": Amount("date", day(first_death)), "vote": Amount("date", day(first_vote))},
        supports=("afp-2016-key-dates", "vdc-2018-deaths-by-province"),
    )


@computed("ITV-02", chapter="notebooks/recorded-deaths")
def aleppo_came_late(exhibits: Exhibits) -> Verdict:
    """The rank of Aleppo among governorates by recorded deaths, before the battle and during it."""
    weekly = exhibits["vdc_deaths_weekly"]
    before, during = (
        weekly[weekly["week"].between(*span)].groupby("governorate")["deaths"].sum()
        for span in (("2011-01-01", "2011-12-31"), BATTLE)
    )
    early, late = (int(counts.rank(ascending=False, method="min")[ALEPPO]) for counts in (before, during))
    verdict = "supported" if late == 1 and early > 3 else "partly" if late < early else "not_supported"
    return Verdict(
        verdict=verdict,
        confidence="medium",
        reason="Ranked by the place that the dead came from, which is not always where they died.",
        says=(
            "Among the governorates Aleppo is number {early} by recorded deaths in 2011 ({first}) and number "
            "{late} from July 2012 to December 2016 ({second})."
        ),
        figures={
            "early": Amount("quantity", early),
            "first": Amount("count", float(before[ALEPPO]), unit="deaths"),
            "late": Amount("quantity", late),
            "second": Amount("count", float(during[ALEPPO]), unit="deaths"),
        },
        supports=("aleppo-project-2016-conflict-timeline", "vdc-2018-deaths-by-province"),
    )


@computed("ITV-16", chapter="notebooks/security-council", figure="fig-council-votes")
def an_ally_in_moscow(exhibits: Exhibits) -> Verdict:
    """Force used at the request of Damascus, and texts on Syria that the Russian Federation vetoed."""
    force = exhibits.rows("measures", "M01").iloc[0]
    votes = exhibits["unsc_votes"]
    vetoed = votes["vetoed_by"].fillna("").map(lambda cell: "RUS" in split_list(cell))
    until = votes["date"] <= "2016-12-31"
    asked = "request of President Assad" in str(force["summary"])
    count = int((vetoed & until).sum())
    return Verdict(
        verdict="supported" if asked and count else "partly" if asked or count else "not_supported",
        confidence="high",
        reason="Votes and the decree on the use of force are on record.",
        says=(
            "The use of force was approved on {approved} at the request of President Assad, and until the "
            "end of 2016 the Russian Federation vetoed {vetoed} on Syria."
        ),
        figures={
            "approved": Amount("date", day(force["date_start"])),
            "vetoed": Amount("count", count, unit="draft resolutions"),
        },
        supports=exhibits.sources("measures", "M01"),
    )


@computed("ITV-25", chapter="notebooks/who-held-the-city")
def islamic_state_and_the_city(exhibits: Exhibits) -> Verdict:
    """The aim as stated in Moscow, and whether Islamic State held a part of the city while the strikes went on."""
    stated = exhibits.rows("events", "FR-115").iloc[0]
    spells = exhibits["control_spells"]
    late = spells[(spells["end"] >= "2015-09-30") & (spells["holder"] == "islamic_state")]
    saved = "saved from collapse" in str(stated["summary"])
    return Verdict(
        verdict="supported" if saved else "not_supported",
        confidence="medium",
        reason="The statement is on record; it tells the aim as stated, not as pursued.",
        says=(
            "The defence minister said on {stated} that the state had been saved from collapse. Of the "
            "neighbourhoods of the city {held} were held by Islamic State from 30 September 2015 on."
        ),
        figures={
            "stated": Amount("date", day(stated["date_start"])),
            "held": Amount("count", int(late["place_id"].nunique())),
        },
        supports=exhibits.sources("events", "FR-115"),
    )


@computed("ITV-35", chapter="notebooks/aid-and-measures", figure="tab-convoy-accounts")
def johnson_on_the_convoy(exhibits: Exhibits) -> Verdict:
    """The statement by its date, and to whom the bodies that looked into the attack attribute it."""
    claimed = str(exhibits.rows("claims", "ITV-35")["value"].iloc[0])
    said = exhibits.rows("measures", "M18").iloc[0]
    bodies = exhibits.rows("estimates", "COI-002", "COI-003")
    russia_named = bodies["perpetrator"].str.contains("Russia").fillna(False).astype(bool)
    on_the_day = day(said["date_start"]) == claimed
    verdict = "supported" if on_the_day and russia_named.all() else "contested" if on_the_day else "corrected"
    named = bodies["perpetrator"]
    return Verdict(
        verdict=verdict,
        confidence="high",
        reason="Two bodies of the United Nations looked into the attack and published what they found.",
        says=(
            "The foreign secretary said so on {said}. The Board of Inquiry found: {board}; the Commission of "
            "Inquiry named: {commission}. Russia and Syria deny any part."
        ),
        figures={
            "said": Amount("date", day(said["date_start"])),
            "board": Amount("text", str(named["COI-003"])),
            "commission": Amount("text", str(named["COI-002"])),
        },
        supports=exhibits.sources("measures", "M18"),
        opposes=exhibits.sources("estimates", "COI-002", "COI-003"),
    )


@computed("ITV-37", chapter="notebooks/security-council", figure="fig-council-votes")
def no_common_approach(exhibits: Exhibits) -> Verdict:
    """Drafts on Aleppo that failed in the Council in the last quarter of 2016, and those that were adopted."""
    votes = exhibits["unsc_votes"]
    on_aleppo = votes[
        votes["date"].between("2016-10-01", "2016-12-31") & votes["touches"].fillna("").str.contains("aleppo")
    ]
    failed = on_aleppo[on_aleppo["outcome"] != "adopted"]
    rival = failed.groupby("date").size().max() if len(failed) else 0
    return Verdict(
        verdict="supported" if rival >= 2 else "partly" if len(failed) else "not_supported",
        confidence="high",
        reason="Every vote is on record.",
        says=(
            "From October to December 2016, {failed} on Aleppo failed in the Council, two rival ones on one "
            "day; {adopted} on aid and on observing the evacuation were adopted."
        ),
        figures={
            "failed": Amount("count", len(failed), unit="drafts"),
            "adopted": Amount("count", len(on_aleppo) - len(failed)),
        },
        supports=cited_by(failed),
    )


@computed("ITV-39", chapter="notebooks/truces")
def pauses_by_washington_and_moscow(exhibits: Exhibits) -> Verdict:
    """How long the truces of 2016 that the United States and the Russian Federation brokered lasted."""
    truces = exhibits["ceasefires"]
    both = truces["brokers"].str.contains("United States") & truces["brokers"].str.contains(
        "Russian Federation"
    )
    rows = truces[both & truces["start"].str.startswith("2016") & ~truces["area"].str.contains("Diplomatic")]
    dated = rows[(rows["start"].str.len() == 10) & (rows["end"].fillna("").str.len() == 10)]
    lengths = [days_between(row.start, row.end) for row in dated.itertuples()]
    open_ended = rows[~rows.index.isin(dated.index) & rows["name"].str.contains("Cessation")]
    short = max(lengths) <= SHORT
    verdict = "supported" if short and open_ended.empty else "partly" if short else "not_supported"
    return Verdict(
        verdict=verdict,
        confidence="medium",
        reason="Starts are documented; that of February was never ended formally, so its length is a judgement.",
        says=(
            "{count} with both ends known lasted {lengths}; the cessation of hostilities of February 2016 "
            "reduced violence for weeks and was never formally ended."
        ),
        figures={
            "count": Amount("count", len(lengths), unit="truces and pauses"),
            "lengths": Amount("days", low=min(lengths), high=max(lengths)),
        },
        supports=cited_by(dated),
        opposes=cited_by(open_ended),
    )
