"""Style sheets joined: imports in place, addresses kept, rules left out only where nothing can match them."""

from __future__ import annotations

from pathlib import Path

import pytest

from aleppo.bookkit import one_sheet

KNOWN = {"shown", "page", "sd-card"}


@pytest.mark.parametrize(
    ("rule", "kept"),
    [
        (".shown{a:b}", ".shown{a:b}"),
        (".hidden{a:b}", ""),
        ("p{a:b}", "p{a:b}"),
        ("#page .shown:hover>a::before{a:b}", "#page .shown:hover>a::before{a:b}"),
        ("#page .hidden{a:b}", ""),
        (".shown,.hidden,p.hidden{a:b}", ".shown{a:b}"),
        (".shown:not(.hidden){a:b}", ".shown:not(.hidden){a:b}"),
        (".shown:is(.hidden, p:not(.x)) b{a:b}", ".shown:is(.hidden, p:not(.x)) b{a:b}"),
        ('a[href=".hidden,x"]{a:b}', 'a[href=".hidden,x"]{a:b}'),
        (r".sd\:x{a:b}", r".sd\:x{a:b}"),
        ("@media print{.hidden{a:b}.shown{a:b}}", "@media print{.shown{a:b}}"),
        ("@media print{@supports (a:b){.hidden{a:b}}}", ""),
        ("@font-face{font-family:hidden}", "@font-face{font-family:hidden}"),
        ("@keyframes turn{from{a:b}to{c:d}}", "@keyframes turn{from{a:b}to{c:d}}"),
        ('.shown{content:"}.hidden{"}p{a:b}', '.shown{content:"}.hidden{"}p{a:b}'),
        (".shown{background:url(data:a;b{c)}p{a:b}", ".shown{background:url(data:a;b{c)}p{a:b}"),
    ],
)
def test_a_rule_is_kept_where_something_can_match_it(rule: str, kept: str) -> None:
    assert one_sheet.of_use(rule, KNOWN) == kept


def test_comments_go_and_strings_that_look_like_them_stay() -> None:
    assert one_sheet.without_comments('a{b:"/* c */"}/* .d{e:f} */g{h:i}') == 'a{b:"/* c */"}g{h:i}'


def test_white_space_goes_where_it_means_nothing() -> None:
    css = "a :hover ,\n b {\n  margin : 0 1px ;\n  content: '  x  ' ;\n}\n\n"
    assert one_sheet.small(css) == "a :hover , b{margin : 0 1px;content: '  x  ';}"


def test_imports_are_read_in_their_place_and_addresses_lead_to_the_same_files(tmp_path: Path) -> None:
    (tmp_path / "styles").mkdir()
    (tmp_path / "styles" / "theme.css").write_text(
        '@charset "utf-8";@import "../basic.css";\np{background:url("../images/a.svg?b#c")}'
        "q{src:url(b.woff2),url(data:x),url(https://d.e/f)}"
    )
    (tmp_path / "basic.css").write_text("/* first */ b{background:url('file.png')}")
    assert one_sheet.read(tmp_path / "styles" / "theme.css", tmp_path) == (
        " b{background:url('file.png')}"
        '\np{background:url("images/a.svg?b#c")}'
        "q{src:url(styles/b.woff2),url(data:x),url(https://d.e/f)}"
    )


def test_variables_that_nothing_asks_for_go_and_what_only_they_asked_for_too() -> None:
    css = (
        ':root{--a:1;--b:var(--a);--c:url("data:x;y");--kept:calc((1px + 2px)*2);color:var(--kept)}'
        "@media print{p{--b:2}}p{--told:red;margin:0;--d:rgba(0,0,0,.5)}"
    )
    assert one_sheet.without_idle_variables(css, {"--told"}) == (
        ":root{--kept:calc((1px + 2px)*2);color:var(--kept)}p{--told:red;margin:0;}"
    )


def test_what_browsers_would_ask_again_at_every_letter_goes() -> None:
    css = "div.cell:has(> *:nth-child(2)) p{margin:0}p:has(> b){margin:0}"
    assert one_sheet.of_use(css, {"cell"}) == "p:has(> b){margin:0}"
