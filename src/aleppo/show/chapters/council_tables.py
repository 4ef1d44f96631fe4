"""Tables of the chapter on the Council: every text, what members said, and what the ITV article says of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from aleppo.claims.exhibits import ARTICLE_SOURCES
from aleppo.evidence import countries, split_list
from aleppo.measure.statements import NOT_PUT_TO_VOTE, Evidence
from aleppo.measure.votes import SUBJECTS
from aleppo.show.chapters.council_roll import OUTCOME_WORDS, VOTE_WORDS
from aleppo.show.marks import NOT_VERIFIED, cited
from aleppo.show.numbers import NBSP, count, count_or, count_range, date
from aleppo.show.table import Table


def council_table(votes: pd.DataFrame) -> Table:
    """Every vote with its sponsors and totals; in print the vetoed and failed texts and those on Aleppo only."""
    rows = votes.assign(
        text=[_text(row) for row in votes.itertuples()],
        tally=[tally(row) for row in votes.itertuples()],
        result=[outcome_words(row) for row in votes.itertuples()],
        about=[subject_words(cell) for cell in votes["touches"]],
        became=votes["outcome"].map(OUTCOME_WORDS),
        year=votes["date"].dt.year.astype(str),
    )
    kept = [
        "date",
        "text",
        "symbol",
        "subject",
        "about",
        "sponsors",
        "tally",
        "result",
        "yes",
        "no",
        "abstain",
    ]
    shown = votes["outcome"].ne("adopted") | votes["touches"].str.contains("aleppo")
    return Table(
        rows[
            [*kept, "outcome", "vetoed_by", "touches", "year", "became", "verified", "vote_id", "source_ids"]
        ],
        id="council-votes",
        caption=(
            "Votes of the Security Council on Syria: who put the text forward, votes in favour, against and "
            "abstaining, and what became of the text"
        ),
        columns={
            "date": "Day",
            "text": "Text and who put it forward",
            "tally": "Votes",
            "result": "Outcome",
            "source_ids": "Sources",
        },
        formats={"date": breaking_date, "source_ids": "cite"},
        sources=cited(votes),
        tables=("unsc_votes",),
        print_rows=[place for place, one in enumerate(shown) if one] or None,
        explore={"became": "Outcome", "about": "Touches", "year": "Year"},
    )


def explanations_table(rows: pd.DataFrame) -> Table:
    """What members said of their votes; ``rows`` is :func:`aleppo.measure.votes.explained`."""
    frame = rows.assign(
        who=[countries.name(iso3, year=2016) for iso3 in rows["iso3"]],
        how=rows["vote"].map(VOTE_WORDS),
        voice=[f"{countries.name(row.iso3, year=2016)}, {VOTE_WORDS[row.vote]}" for row in rows.itertuples()],
        said=[_said(row) for row in rows.itertuples()],
        became=rows["outcome"].map(OUTCOME_WORDS),
    )
    kept = [
        "date",
        "symbol",
        "voice",
        "who",
        "how",
        "said",
        "became",
        "vote_id",
        "iso3",
        "verified",
        "source_ids",
    ]
    return Table(
        frame[kept],
        id="council-explanations",
        caption="What members said of the texts and of their votes, in our words",
        columns={
            "date": "Day",
            "symbol": "Text",
            "voice": "Member and vote",
            "said": "Position, as attributed",
            "source_ids": "Read in",
        },
        formats={"date": breaking_date, "source_ids": "cite"},
        sources=cited(rows),
        tables=("vote_explanations", "unsc_votes", "unsc_member_votes"),
        print_rows=[place for place, vote in enumerate(rows["vote_id"]) if vote in ("SC21", "SC22", "SC25")]
        or None,
        explore={"who": "Member", "how": "Voted", "symbol": "Text", "became": "Outcome"},
    )


def _said(row: Any) -> str:
    place = (
        f" ({row.note[0].lower()}{row.note[1:]})"
        if isinstance(row.note, str) and "before" in row.note
        else ""
    )
    doubt = "" if row.verified == "yes" else f" {NOT_VERIFIED}"
    return f"{row.position}{place}{doubt}"


def statements_table(evidence: Sequence[Evidence], claims: pd.DataFrame) -> Table:
    """The ITV article's statements on the international community beside the rows that bear on them."""
    words = claims.set_index("claim_id")["paraphrase"]
    speak = {
        "ITV-37": _no_common_approach,
        "ITV-38": _no_protection_no_peace,
        "ITV-39": _only_pauses,
        "ITV-40": _un_russia_dynamic,
    }
    frame = pd.DataFrame(
        [
            {
                "claim_id": one.claim_id,
                "statement": words[one.claim_id],
                "record": speak[one.claim_id](one),
                "rows": ";".join(one.rows),
                "listed": _short_list(one.rows),
            }
            for one in evidence
        ]
    )
    named = {source for one in evidence for source in one.sources}
    claimed = claims[claims["claim_id"].isin(frame["claim_id"])]
    cited = {
        ARTICLE_SOURCES["itv"],
        *named,
        *(source for cell in claimed["source_ids"] for source in split_list(cell)),
    }
    return Table(
        frame,
        id="council-statements",
        caption="What the ITV article says of the international community, in our words, and what the record holds",
        columns={
            "claim_id": "Claim",
            "statement": "The article says",
            "record": "The record holds",
            "listed": "Rows",
        },
        sources=sorted(cited),
        tables=("claims", "unsc_votes", "ceasefires", "measures"),
    )


def _no_common_approach(one: Evidence) -> str:
    adopted = one.votes[one.votes["outcome"] == "adopted"]
    failed = one.votes[one.votes["outcome"] != "adopted"]
    unanimous = int((adopted["yes"] == 15).sum())
    drafts = int(one.measures["measure_id"].isin(NOT_PUT_TO_VOTE).sum())
    return (
        f"Of {count(len(one.votes))} texts on a truce or a political way out put to the vote from 30 September 2015 to "
        f"13 December 2016, {count(len(adopted))} were adopted ({_all_of(unanimous, len(adopted))}: the road map, "
        f"and the truce of February 2016) and {count(len(failed))} not, all on Aleppo. {count(drafts)} Russian drafts "
        "were not put to the vote, and the European Council dropped a threat of sanctions from a text."
    )


def _no_protection_no_peace(one: Evidence) -> str:
    passed = int((one.votes["outcome"] == "adopted").sum())
    return (
        f"{count(len(one.votes))} texts on Aleppo came to the vote from 30 September 2015 to the article, "
        f"{count_or(passed, 'none')} of them adopted; {count(len(one.measures))} statements of states and "
        f"bodies are listed for the same time. The halts of December 2016 ({', '.join(one.truces['name'])}) "
        f"were brokered by {_brokers(one.truces)}. Votes cannot tell whether anybody was protected."
    )


def _only_pauses(one: Evidence) -> str:
    halts = one.truces[~one.truces["talks"]]
    dated = halts[halts["days"].notna()]
    undated = halts[halts["days"].isna()]
    longest = undated.iloc[0] if len(undated) else None
    tail = (
        f"; the one begun on {date(longest['start'])} is recorded as ending in {date(longest['end'])}, weeks of "
        "less violence by the United Nations' account"
        if longest is not None
        else ""
    )
    return (
        f"The United States and Russia brokered {count(len(halts))} halts together, extensions counted. "
        f"{count(len(dated))} have a day of end on record and lasted "
        f"{count_range(int(dated['days'].min()), int(dated['days'].max()))} days{tail}. "
        f"{count(int(one.truces['talks'].sum()))} rounds of talks that both led did not halt anything themselves."
    )


def _un_russia_dynamic(one: Evidence) -> str:
    vetoes = int((one.votes["vetoes"] > 0).sum())
    return (
        f"The words are not explained in the article, and may be a slip for the United States and Russia. In the "
        f"{count(len(one.votes))} votes from 20 January 2017 to the end of the year {count(vetoes)} texts were vetoed. "
        "No vote can test what a change of government in Washington did."
    )


def _all_of(unanimous: int, adopted: int) -> str:
    return "without a vote against" if unanimous == adopted else f"{count(unanimous)} of them by all members"


def _brokers(truces: pd.DataFrame) -> str:
    names = dict.fromkeys(name.strip() for cell in truces["brokers"] for name in cell.split(";"))
    return " and ".join(f"the {name}" if name == "Russian Federation" else name for name in names)


def _short_list(rows: Sequence[str]) -> str:
    """Ids with runs of more than eight cut: the CSV has all."""
    shown = list(rows[:8])
    return ", ".join(shown) + (f" and {count(len(rows) - len(shown))} more" if len(rows) > len(shown) else "")


def breaking_date(day: Any) -> str:
    """A date that may be broken over lines, for narrow columns."""
    return date(day).replace(NBSP, " ")


def _text(row: Any) -> str:
    return f"{row.symbol}: {row.subject}. Put forward by: {_sponsors(row.sponsors)}"


def tally(row: Any) -> str:
    """``11–2–2``: in favour, against, abstaining; with those absent where there were any."""
    absent = f", {count(row.absent)} absent" if row.absent else ""
    return f"{row.yes}–{row.no}–{row.abstain}{absent}"


def outcome_words(row: Any) -> str:
    """What became of a text, with who vetoed it, and a dagger where no page that was read says so."""
    doubt = "" if row.verified == "yes" else f" {NOT_VERIFIED}"
    if row.outcome != "vetoed":
        return OUTCOME_WORDS[row.outcome] + doubt
    return f"vetoed by {' and '.join(_veto_names(row.vetoed_by))}{doubt}"


def _veto_names(cell: str) -> list[str]:
    short = {"CHN": "China", "RUS": "Russia"}
    return [short.get(iso3) or countries.name(iso3) for iso3 in sorted(split_list(cell), reverse=True)]


def subject_words(cell: str) -> str:
    """Codes of subjects as words, joined by ``;``."""
    return ";".join(SUBJECTS.get(code, code.replace("_", " ")) for code in split_list(cell))


def _sponsors(cell: Any) -> str:
    """The sponsors; a list of more than six is cut to its number."""
    if not isinstance(cell, str):
        return "not established"
    names = [name.strip() for name in cell.split(";")]
    if len(names) > 6:
        return f"{count(len(names))} states, among them {', '.join(names[:3])}"
    many = re.match(r"(.*?), with (\d+) further co-sponsors", cell)
    return f"{many[1]}, and {many[2]} further states" if many else ", ".join(names)
