"""Places under the names that readers look for: from the tables, and from the reviewed list of spellings."""

from __future__ import annotations

import re

import pytest
import yaml

from aleppo.bookkit import gazetteer
from aleppo.evidence.errors import AleppoError
from aleppo.evidence.paths import repository


@pytest.fixture(scope="module")
def listed() -> dict[str, gazetteer.Place]:
    return {place.id: place for place in gazetteer.places()}


def test_every_place_town_and_governorate_is_listed_with_its_arabic_name(listed):
    assert len(listed) > 200
    assert {place.group for place in listed.values()} == set(gazetteer.GROUPS)
    assert [place.id for place in listed.values() if not re.search("[\u0600-\u06ff]", place.arabic)] == []


def test_names_are_those_of_the_tables_of_ocha_and_of_the_list_each_once(listed):
    assert listed["SY02"].names[:4] == ["Aleppo", "حلب", "Halab", "Haleb"]
    assert (
        "Khalidiyeh" in listed["N0127"].names
    )  # from a remark of the table, without what it adds in brackets
    assert "Bayada" in listed["N0178"].names
    assert "Ramousah" in listed["N0226"].names
    assert listed["T-IDLIB"].within == "Idleb"
    for place in listed.values():
        assert len(place.names) == len(set(place.names)), place.id


def test_spellings_of_an_unknown_place_are_refused(tmp_path, monkeypatch):
    path = tmp_path / "place_names.yml"
    path.write_text("SY02: [Alep]\nN9999: [Nowhere]\n")
    monkeypatch.setattr(gazetteer, "SPELLINGS", path)
    with pytest.raises(AleppoError, match=r"place_names\.yml: expected ids of places, .* found N9999"):
        gazetteer.places()


def test_the_list_repeats_no_name_that_a_table_has(listed):
    """A spelling that a table holds by now can go from the list."""
    for key, names in yaml.safe_load(gazetteer.SPELLINGS.read_text(encoding="utf-8")).items():
        assert len(names) == len(set(names)), key
        assert not set(names) & {listed[key].name, listed[key].arabic}, key


def test_the_page_has_a_table_of_each_group_and_each_place_an_anchor(listed):
    page = (repository() / gazetteer.PAGE).with_suffix(".md").read_text(encoding="utf-8")
    assert gazetteer.MARKER.findall(page) == list(gazetteer.GROUPS)
    made = gazetteer.table("towns", listed.values())
    assert "* - Place\n  - Arabic\n  - Other spellings\n  - Governorate\n" in made
    assert "* - (place-t-azaz)=\n\n    Azaz\n  - أعزاز\n  - Aazaz, Аазаз, Азаз\n  - Aleppo\n" in made
    assert "(place-sy02)=" not in made
