"""Tests of the claims of the CNN article on the front lines: the road, the siege and the city in February 2016."""

from __future__ import annotations

import pandas as pd

from aleppo.claims.exhibits import Exhibits
from aleppo.claims.registry import computed
from aleppo.claims.tests._rules import cited_by, day, days_between, exchanged, most_in_a_row, number
from aleppo.claims.tests.front_lines import LAST, REFERENCE
from aleppo.claims.verdict import Amount, Verdict
from aleppo.measure import control, corridors, tempo

ALEPPO = "SY02"
GOVERNMENT, OPPOSITION = "government", "opposition"
FOUR_WEEKS = 28
IMMINENT = 30
"""Days within which a battle that is called imminent would have to begin."""
HALF = (0.4, 0.6)
"""What still counts as half of the city, as a share of its area."""


def article_day(exhibits: Exhibits) -> pd.Timestamp:
    """The day on which the article was last updated."""
    return pd.Timestamp(str(exhibits.rows("claims", "CNN-01")["value"].iloc[0])[:10])


def towns_of(exhibits: Exhibits, *governorates: str) -> list[str]:
    """Ids of the towns of these governorates."""
    towns = exhibits["towns"]
    return towns.loc[towns["governorate"].isin(governorates), "town_id"].tolist()


def town_captures(exhibits: Exhibits) -> pd.DataFrame:
    """Every capture of a town of the list, by day."""
    return tempo.captures(exhibits["town_spells"], key="town_id")


def first_siege(exhibits: Exhibits) -> pd.DataFrame:
    """The first days of the first siege that sources give."""
    dates = exhibits["siege_dates"]
    return dates[(dates["siege"] == "first") & (dates["boundary"] == "start")].sort_values("date")


def alleged_incidents(exhibits: Exhibits, month: str, *governorates: str) -> int:
    """Incidents of alleged harm in Airwars' archive that are attributed to Russian forces, alone or with others."""
    monthly = exhibits["airwars_monthly"]
    rows = monthly[
        monthly["governorate"].isin(governorates)
        & (monthly["month"] == month)
        & monthly["belligerent"].str.contains("Russian Military")
    ]
    return int(rows["incidents"].sum())


def _cut_of(exhibits: Exhibits) -> pd.Series:
    """The spell in which the road to the Turkish border was cut."""
    states = exhibits["corridor_states"]
    return states[(states["route_id"] == "R-AZAZ") & (states["state"] == "cut")].iloc[0]


@computed("CNN-02", chapter="notebooks/corridors-and-sieges", figure="fig-siege-by-source")
def under_siege_in_february(exhibits: Exhibits) -> Verdict:
    """Whether a way into the east was open on the day, and whether any source dates the siege so early."""
    said, states = article_day(exhibits), exhibits["corridor_states"]
    gate = corridors.connection(states, OPPOSITION, said, said).iloc[0]
    starts = first_siege(exhibits)
    today = states[
        (states["side"] == OPPOSITION)
        & (states["reach"] == "approach")
        & (states["start"] <= said)
        & (states["end"] >= said)
    ]
    doubtful = gate["least"] == "cut" or (starts["date"] <= said).any()
    verdict = "supported" if gate["most"] == "cut" else "contested" if doubtful else "corrected"
    left = exhibits.rows("control_published", "CP-017").iloc[0]
    return Verdict(
        verdict=verdict,
        confidence="high",
        reason="OCHA, an American institute and every source that dates the siege agree that it came later.",
        says=(
            "On the day of the article {cut} of {routes} supply routes of the opposition was cut, the way into the "
            "east was {state}, and the Institute for the Study of War put the government {distance} from a full "
            "encirclement. Sources date the beginning of the siege proper between {first} and {last}."
        ),
        figures={
            "cut": Amount("count", int((today["state"] == "cut").sum())),
            "routes": Amount("count", len(today)),
            "state": Amount("text", str(gate["state"]).replace("_", " ")),
            "distance": Amount("quantity", number(left["value"]), unit="miles"),
            "first": Amount("date", day(starts["date"].min())),
            "last": Amount("date", day(starts["date"].max())),
        },
        opposes=(
            *cited_by(starts),
            *exhibits.sources("events", "FR-048"),
            *exhibits.sources("control_published", "CP-017"),
        ),
    )


@computed("CNN-04", chapter="notebooks/corridors-and-sieges", figure="fig-route-lanes-2016")
def road_to_turkey_cut(exhibits: Exhibits) -> Verdict:
    """Whether the road was open before, and cut by the day of the article, after government forces linked up."""
    said, states = article_day(exhibits), exhibits["corridor_states"]
    cut = _cut_of(exhibits)
    before = states[(states["route_id"] == "R-AZAZ") & (states["end"] == cut["start"] - pd.Timedelta(days=1))]
    event = exhibits.rows("events", "FR-042").iloc[0]
    usable = bool(before["state"].isin(["open", "under_fire"]).all()) and len(before) == 1
    by_army = event["event_type"] == "link_up" and str(event["actors"]).startswith("Syrian army")
    was_cut = cut["start"] <= said
    return Verdict(
        verdict="supported" if was_cut and by_army and usable else "partly" if was_cut else "not_supported",
        confidence="high",
        reason="Reported alike by OCHA, an American institute, the Syrian state agency and fighters.",
        says=(
            "Government forces joined with Nubl and Zahraa on {cut} and cut the road from the Bab al-Salam "
            "crossing; the Institute for the Study of War calls it one of two supply lines."
        ),
        figures={"cut": Amount("date", day(cut["start"]))},
        supports=exhibits.sources("events", "FR-042"),
    )


@computed("CNN-05", chapter="notebooks/corridors-and-sieges", figure="fig-route-lanes-2016")
def cut_in_the_week_before(exhibits: Exhibits) -> Verdict:
    """The earliest and the latest day that sources give for the cut, against the seven days to the article."""
    said, cut = article_day(exhibits), _cut_of(exhibits)
    week = said - pd.Timedelta(days=7)
    rival = (cut["start_earliest"], cut["start_latest"])
    earliest, latest = (cut["start"] if pd.isna(other) else other for other in rival)
    held = [week <= one < said for one in (earliest, latest)]
    return Verdict(
        verdict="supported" if all(held) else "contested" if any(held) else "not_supported",
        confidence="high",
        reason="The day is given by reports of three sides within two days of each other.",
        says="The cut is dated {earliest} at the earliest and {latest} at the latest.",
        figures={"earliest": Amount("date", day(earliest)), "latest": Amount("date", day(latest))},
        supports=exhibits.sources("events", "FR-042"),
    )


@computed("CNN-06", chapter="notebooks/corridors-and-sieges")
def foreign_fighters_on_the_road(exhibits: Exhibits) -> Verdict:
    """Whether the forces named for the link-up include Iranian and Lebanese ones."""
    event = exhibits.rows("events", "FR-042").iloc[0]
    side = str(event["actors"]).split("; rebels")[0]
    named = ["IRGC" in side or "Iran" in side, "Hezbollah" in side]
    return Verdict(
        verdict="supported" if all(named) else "partly" if any(named) else "not_supported",
        confidence="medium",
        reason="An American institute and media of the two sides name them; numbers are not known.",
        says="Reports of the advance that ended on {end} name: {forces}.",
        figures={"end": Amount("date", day(event["date_end"])), "forces": Amount("text", side)},
        supports=exhibits.sources("events", "FR-042"),
    )


@computed("CNN-08", chapter="notebooks/corridors-and-sieges", figure="fig-siege-by-source")
def decisive_battle_soon(exhibits: Exhibits) -> Verdict:
    """Days from the article to a truce, to the siege, and to the day on which half of the east was lost."""
    said = article_day(exhibits)
    truce = pd.Timestamp(str(exhibits.rows("ceasefires", "CF08")["start"].iloc[0]))
    siege = first_siege(exhibits)["date"]
    spells, places = exhibits["control_spells"], exhibits["places"]
    pocket = spells[spells["place_id"].isin(control.lost_between(spells, OPPOSITION, REFERENCE, LAST))]
    shares = control.held_share(control.held_area(pocket, places, OPPOSITION, REFERENCE, LAST), REFERENCE)
    lost = [shares.index[shares[bound] < 0.5].min() for bound in ("firm", "midpoint", "upper")]
    sieges, losses = ([days_between(said, one) - 1 for one in days] for days in (siege, lost))
    soon = min(*sieges, *losses) <= IMMINENT
    return Verdict(
        verdict="forecast_borne_out" if soon else "forecast_not_borne_out",
        confidence="medium",
        reason="Days are well documented; how soon imminent means is our reading, a month.",
        says=(
            "A cessation of hostilities began {truce} after the article. The siege came {siege} after it, and half "
            "of the east was lost {lost} after it."
        ),
        figures={
            "truce": Amount("days", days_between(said, truce) - 1),
            "siege": Amount("days", low=min(sieges), high=max(sieges)),
            "lost": Amount("days", low=losses[0], best=losses[1], high=losses[2]),
        },
        supports=exhibits.sources("control_published", "CP-017"),
        opposes=(*exhibits.sources("ceasefires", "CF08"), *cited_by(first_siege(exhibits))),
    )


@computed("CNN-15", chapter="notebooks/where-the-strikes-fell")
def strikes_on_a_sunday(exhibits: Exhibits) -> Verdict:
    """Strikes in the governorate that are on record for the day, and for the month."""
    said = article_day(exhibits)
    events = exhibits["events"]
    here = (events["domain"] == "airstrike") & (events["governorate"] == ALEPPO)
    on_the_day = events[here & (events["date_start"] <= said) & (events["date_end"] >= said)]
    incidents = alleged_incidents(exhibits, said.strftime("%Y-%m"), ALEPPO)
    dated = len(on_the_day)
    return Verdict(
        verdict="supported" if dated >= 2 else "partly" if dated or incidents else "not_supported",
        confidence="low",
        reason=(
            "A bulletin of the Observatory from that fortnight names towns near the border but shows no day, and the "
            "chronology keeps only strikes with many dead."
        ),
        says=(
            "For the day itself {dated} strikes in the governorate are on record here. In that month the archive of "
            "Airwars has {incidents} of alleged harm to civilians there that are attributed to Russian forces, alone "
            "or with others."
        ),
        figures={
            "dated": Amount("count", dated),
            "incidents": Amount("count", incidents, unit="incidents"),
        },
        supports=("sohr-2016-20-warplanes", "airwars-20260731-archive"),
    )


@computed("CNN-16", chapter="notebooks/did-the-tempo-change", figure="fig-monthly-balance")
def closing_in_on_the_east(exhibits: Exhibits) -> Verdict:
    """Towns near the city taken by the government in two weeks, the distance left, and strikes that month."""
    said = article_day(exhibits)
    gains, losses = (
        exchanged(
            town_captures(exhibits), *pair, said - pd.Timedelta(days=13), said, towns_of(exhibits, ALEPPO)
        )
        for pair in ((GOVERNMENT, OPPOSITION), (OPPOSITION, GOVERNMENT))
    )
    left = number(exhibits.rows("control_published", "CP-017")["value"].iloc[0])
    incidents = alleged_incidents(exhibits, said.strftime("%Y-%m"), ALEPPO)
    closer = len(gains) > len(losses)
    return Verdict(
        verdict="supported" if closer and incidents else "partly" if closer else "not_supported",
        confidence="medium",
        reason="The advance is documented; the towns are a list of ours, and the archive tells of harm, not sorties.",
        says=(
            "In the two weeks to the article the government took {gains} of our list in the governorate from the "
            "opposition and lost {losses}; the Institute for the Study of War put it {distance} from a full "
            "encirclement. Airwars has {incidents} of alleged harm there that month attributed to Russian forces."
        ),
        figures={
            "gains": Amount("count", len(gains), unit="towns"),
            "losses": Amount("count", len(losses)),
            "distance": Amount("quantity", left, unit="miles"),
            "incidents": Amount("count", incidents, unit="incidents"),
        },
        supports=(
            *exhibits.sources("events", "FR-042"),
            *exhibits.sources("control_published", "CP-017"),
            "airwars-20260731-archive",
        ),
    )


@computed("CNN-17", chapter="notebooks/who-held-the-city", figure="fig-city-area")
def opposition_held_the_east(exhibits: Exhibits) -> Verdict:
    """The share of the city's area that the opposition held on the day, firm to upper, against a half."""
    said = article_day(exhibits)
    places = exhibits["places"]
    area = control.held_area(exhibits["control_spells"], places, OPPOSITION, said, said).iloc[0]
    city = float(places["area_km2"].sum())
    low, best, high = (float(area[name]) / city for name in ("firm_km2", "midpoint_km2", "upper_km2"))
    if low <= HALF[1] and high >= HALF[0]:
        verdict = "supported" if HALF[0] <= best <= HALF[1] else "partly"
    else:
        verdict = "not_supported"
    return Verdict(
        verdict=verdict,
        confidence="medium",
        reason="Coded from dated reports; that several groups held it together is told by lists of factions.",
        says="On the day of the article the opposition held {share} of the area of the city's neighbourhoods.",
        figures={"share": Amount("share", low=low, best=best, high=high)},
        supports=("wikipedia-2016-battle-aleppo-1", "reuters-20161006-east-faces"),
    )


@computed("CNN-03", chapter="notebooks/did-the-tempo-change", figure="fig-share-of-syria")
def shape_of_the_war(exhibits: Exhibits) -> Verdict:
    """Towns taken in the four weeks to the article against earlier ones, and the share of the whole country."""
    said = article_day(exhibits)
    taken = town_captures(exhibits)
    gains = exchanged(taken, GOVERNMENT, OPPOSITION, "2015-01-01", said)["date"]
    since = said - pd.Timedelta(days=FOUR_WEEKS)
    now, before = int((gains > since).sum()), most_in_a_row(gains[gains <= since], FOUR_WEEKS)
    earlier, later = (exhibits.rows("control_published", one).iloc[0] for one in ("CP-015", "CP-085"))
    shares = [float(row["value"]) / 100 for row in (earlier, later)]
    faster, wider = now > before, shares[1] > shares[0]
    return Verdict(
        verdict="supported" if faster and wider else "partly" if faster or wider else "not_supported",
        confidence="low",
        reason="The towns are a list of ours and a single one makes the difference; the shares rest on one monitor.",
        says=(
            "In the four weeks to the article the government took {now} of our list from the opposition, against at "
            "most {before} in any four weeks before since January 2015. The share of the country that the "
            "Observatory gave it was {earlier} in late 2015 and {later} in January 2017."
        ),
        figures={
            "now": Amount("count", now, unit="towns"),
            "before": Amount("count", before),
            "earlier": Amount("share", shares[0]),
            "later": Amount("share", shares[1]),
        },
        supports=("isw-20160224-90-day",),
        opposes=exhibits.sources("control_published", "CP-015", "CP-085"),
    )
