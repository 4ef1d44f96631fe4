"""The committed ledger is what the evidence gives, tells a changed row, and has the corrections of the articles."""

from __future__ import annotations

import json
from typing import NamedTuple

import pytest

from aleppo.claims import ledger
from aleppo.claims.registry import computed_tests
from aleppo.claims.verdict import CONFIDENCES, SCALE
from aleppo.cli import main
from aleppo.evidence.paths import repository
from aleppo.show.ledger import says_text
from data_copy import DataCopy

ARTICLES = ("cnn", "itv")
COMPUTED_AT_LEAST = 60


class Correction(NamedTuple):
    """What one article misstates: the claim, the verdict on it, a source for that, and words of what is right."""

    claim: str
    verdict: str
    source: str
    words: str


EIGHT = (
    Correction("ITV-50", "corrected", "sohr-20161221-1600-days", "21,452"),
    Correction("ITV-41", "corrected", "bbc-20160818-conflict-outrage", "17 August 2016"),
    Correction("ITV-43", "corrected", "amnesty-20150505-barrel-bombs", "government"),
    Correction("ITV-48", "corrected", "ocha-20161121-under-secretary", "medical evacuation"),
    Correction("ITV-57", "contested", "ibt-20161128-huge-gains", "4 largest"),
    Correction("CNN-34", "corrected", "isw-20160205-assad-gains", "5 February 2016"),
    Correction("CNN-02", "corrected", "isw-20160205-assad-gains", "July 2016"),
    Correction("ITV-35", "contested", "un-20161221-s-2016-1093", "Board of Inquiry"),
)


@pytest.fixture(scope="module")
def entries() -> dict[str, ledger.Entry]:
    return {entry["claim"]: entry for entry in ledger.committed(repository() / "data")}


@pytest.mark.parametrize("case", EIGHT, ids=lambda case: case.claim)
def test_what_an_article_misstates_is_a_verdict_with_its_source(
    entries: dict[str, ledger.Entry], case: Correction
) -> None:
    entry = entries[case.claim]
    assert entry["verdict"] == case.verdict
    assert case.source in (*entry["supports"], *entry["opposes"])
    assert case.words in f"{says_text(entry)} {entry['reason']}".replace("\u00a0", " ")


def test_every_claim_of_the_articles_is_there_and_most_are_computed(entries: dict[str, ledger.Entry]) -> None:
    claims = [entry for entry in entries.values() if entry["article"] in ARTICLES]
    assert len(claims) == 116
    assert sum(entry["claim"] in computed_tests() for entry in claims) >= COMPUTED_AT_LEAST
    assert all((entry["test"] == "judgement") != (entry["claim"] in computed_tests()) for entry in claims)


def test_every_entry_has_all_that_the_ledger_promises(entries: dict[str, ledger.Entry]) -> None:
    for claim, entry in entries.items():
        assert entry["verdict"] in SCALE and entry["confidence"] in CONFIDENCES, claim
        assert all(entry[name] for name in ("paraphrase", "domain", "kind", "reason", "says", "data")), claim
        assert entry["evidence"] or entry["tables"], claim
        grounds = (*entry["supports"], *entry["opposes"])
        assert grounds or entry["verdict"] == "cannot_be_tested" or entry["article"] == ledger.BOOK, claim


def test_the_check_passes_on_the_committed_state_and_names_what_one_changed_row_changes(
    data_copy: DataCopy, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["claims", "--check"]) == 0
    assert (
        capsys.readouterr().out
        == f"the ledger is current: {len(ledger.committed(data_copy.folder))} claims\n"
    )
    data_copy.change("estimates", lambda row: row["estimate_id"] == "ALP-001", best="19900")
    assert main(["claims", "--check"]) == 1
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert (
        "ITV-50: figure count: kind count, best 21452, unit civilians → kind count, best 19900, unit civilians"
        in lines
    )
    assert all(line.split(":")[0] in {"ITV-50", "F-31", "F-32"} or ": data: " in line for line in lines)
    assert "expected what the evidence gives now" in said.err and "aleppo claims --accept" in said.err
    assert json.loads((data_copy.folder / "ledger.json").read_text())  # and nothing was written over
