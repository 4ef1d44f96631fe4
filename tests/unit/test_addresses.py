"""Addresses of sources, as the web edition and the EPUB show them."""

from __future__ import annotations

import pytest

from aleppo.bookkit.addresses import on_screen


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://www.example.org/a/", "example.org/a"),
        ("https://github.com/somebody/data/blob/main/x.csv", "github.com/somebody/data/blob/main/x.csv"),
        ("https://example.org/%D8%AD%D9%84%D8%A8-2016/12345/", "example.org/…/12345"),
        ("https://example.org/حلب/1", "example.org/…/1"),
        ("https://example.org/?q=%20a%2Fb%3C", "example.org/?q=%20a%2Fb%3C"),
        ("https://example.org/Battle_%28March%E2%80%93June%29", "example.org/Battle_(March–June)"),
        ("https://example.org/Am%C3%A9lie/%FF", "example.org/Amélie/%FF"),
        ("https://example.org/?p=1", "example.org/?p=1"),
    ],
)
def test_an_address_is_shown_bare_and_without_codes_that_nobody_reads(address: str, shown: str) -> None:
    assert on_screen(address) == shown
