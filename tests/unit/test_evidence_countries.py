"""Countries by their codes, with names of today and of the day."""

import pycountry
import pytest

from aleppo.evidence import countries
from aleppo.evidence.errors import AleppoError


@pytest.mark.parametrize(
    ("iso3", "name"),
    [
        ("FRA", "France"),
        ("RUS", "Russian Federation"),
        ("BOL", "Bolivia"),
        ("KOR", "Republic of Korea"),
        ("MDA", "Moldova"),
        ("CIV", "Côte d'Ivoire"),
    ],
)
def test_the_short_name_of_a_country_is_the_common_one_that_the_united_nations_would_write(iso3, name):
    assert countries.name(iso3) == name


def test_a_country_bears_the_name_of_the_year_asked_for():
    assert [countries.name("TUR", year) for year in (2016, 2021, 2022)] == ["Turkey", "Turkey", "Türkiye"]
    assert countries.name("TUR") == "Türkiye"


@pytest.mark.parametrize(
    ("iso3", "text"),
    [
        ("KOR", "Republic of Korea"),
        ("COD", "Democratic Republic of the Congo"),
        ("STP", "São Tomé and Príncipe"),
        ("FSM", "Micronesia (Federated States of)"),
        ("TUR", "Turkey"),
        ("TUR", "TÜRKIYE"),
        ("PRK", "Democratic People’s Republic of Korea"),
    ],
)
def test_a_name_agrees_in_any_of_its_forms(iso3, text):
    assert countries.agrees(iso3, text)


def test_the_name_of_one_country_does_not_agree_with_the_code_of_another():
    assert not countries.agrees("COG", "Democratic Republic of the Congo")
    assert not countries.agrees("PRK", "Republic of Korea")


def test_a_withdrawn_code_is_a_code():
    assert countries.is_code("YUG")


def test_a_code_that_is_not_of_the_standard_is_refused_with_the_code():
    assert countries.unknown(["FRA", "XXQ", "XXQ"]) == ["XXQ"]
    with pytest.raises(AleppoError, match="'XXQ'"):
        countries.name("XXQ")


def test_no_name_is_typed_that_the_library_has():
    listed = {one.alpha_3: one for one in pycountry.countries}
    for iso3, earlier in countries.EARLIER.items():
        assert earlier.name not in (listed[iso3].name, getattr(listed[iso3], "common_name", None))
    for iso3, short in countries.SHORT.items():
        assert short != getattr(listed[iso3], "common_name", None)
        if short == listed[iso3].name:
            assert getattr(listed[iso3], "common_name", short) != short
