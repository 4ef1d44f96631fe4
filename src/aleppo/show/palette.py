"""The colours of the book: one pair for each, light and dark, and what each holder, publisher and vote is drawn in.

Every colour of a figure is the light half of a pair of `PALETTE`; the dark half is put in its place when the
page is dark, by `darkened` here (stills) and by the same table in the page's script. So a figure holds its
colours once; the page's style sheets name the same pairs (`css_variables`). The pairs keep a contrast of at least
4.5 to 1 on the page's white and on its dark ground, and the colours of holders stay apart for readers who do not see
red and green (tests/unit/test_show_theme.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from aleppo.evidence.errors import AleppoError

PAPER = "#ffffff"
DARK_PAPER = "#121212"

# name: (on white, on the dark ground)
PALETTE: dict[str, tuple[str, str]] = {
    "ink": ("#222832", "#ced6dd"),
    "muted": ("#48566b", "#9ca4af"),
    "axis": ("#8490a0", "#6b7788"),
    "grid": ("#e1e5ea", "#303947"),
    "haze": ("#c9d0d8", "#4f5b6b"),
    "paper": (PAPER, DARK_PAPER),
    "brick": ("#7a2310", "#ee7a66"),
    "lagoon": ("#13717d", "#34a9bb"),
    "ochre": ("#80710d", "#ecc62f"),
    "night": ("#14171b", "#eff1f3"),
    "orchid": ("#b03ac6", "#c96be6"),
    "blue": ("#1f5fbf", "#7fb0f5"),
    "vermilion": ("#c2410c", "#fb8c5a"),
    "green": ("#0b7a4b", "#4cc38a"),
    "purple": ("#6d3fb0", "#b095f2"),
    "sky": ("#0a74b0", "#5bbdf0"),
    "slate": ("#5a6675", "#a3afbd"),
    "rose": ("#a3184f", "#f2779f"),
    "olive": ("#566b0d", "#b3cc54"),
    "umber": ("#6f5a45", "#cbb196"),
    "amber": ("#9a5b00", "#f0ad4e"),
}


def colour(name: str) -> str:
    """The light half of the pair called ``name``: what a figure is drawn with."""
    try:
        return PALETTE[name][0]
    except KeyError:
        raise AleppoError(f"a colour: expected one of {', '.join(PALETTE)}, found {name!r}") from None


def _colours(names: Mapping[str, str]) -> dict[str, str]:
    return {key: colour(name) for key, name in names.items()}


HOLDERS = _colours(
    {
        "government": "brick",
        "opposition": "lagoon",
        "kurdish_ypg_sdf": "ochre",
        "islamic_state": "night",
        "contested": "orchid",
    }
)
HOLDER_NAMES = {
    "government": "Government and allies",
    "opposition": "Armed opposition",
    "kurdish_ypg_sdf": "Kurdish-led (YPG, SDF)",
    "islamic_state": "Islamic State",
    "contested": "Contested",
}

PUBLISHERS = _colours(
    {
        "SOHR": "blue",
        "SNHR": "vermilion",
        "VDC": "green",
        "Airwars": "purple",
        "UCDP": "amber",
        "UN": "sky",
        "IHS": "slate",
        "Russian MoD": "rose",
        "Syrian government": "brick",
        "ISW": "olive",
        "press": "umber",
        "other": "muted",
    }
)
# A second sign beside the colour: eleven colours cannot all be told apart by everybody.
SYMBOLS = {
    "SOHR": "circle",
    "SNHR": "square",
    "VDC": "diamond",
    "Airwars": "hourglass",
    "UCDP": "cross",
    "UN": "star",
    "IHS": "hexagon",
    "Russian MoD": "bowtie",
    "Syrian government": "pentagon",
    "ISW": "x",
    "press": "circle-open",
    "other": "square-open",
}

OUTCOMES = _colours({"adopted": "blue", "vetoed": "vermilion", "not adopted": "slate", "failed": "slate"})
VOTES = _colours(
    {"yes": "blue", "no": "vermilion", "abstain": "ochre", "absent": "slate", "not_established": "axis"}
)

INK, MUTED, AXIS, GRID = (colour(name) for name in ("ink", "muted", "axis", "grid"))
TRANSPARENT = "rgba(0,0,0,0)"
COLORWAY = [
    colour(name)
    for name in ("blue", "vermilion", "green", "purple", "amber", "sky", "slate", "rose", "olive", "umber")
]

DARK_OF: dict[str, str] = dict(PALETTE.values())
LIFT = 0.14  # of the alpha of the faintest tint, on the dark ground
_COLOUR = re.compile(
    r"#[0-9a-f]{6}\b|rgba?\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*(?:,\s*([0-9.]+)\s*)?\)", re.I
)


def tint(value: str, alpha: float) -> str:
    """``value`` (a ``#rrggbb`` of the theme) seen through: for areas and bands under a line."""
    if not re.fullmatch(r"#[0-9a-f]{6}", value) or not 0 <= alpha <= 1:
        raise AleppoError(
            f"a tint: expected a colour #rrggbb and an alpha from 0 to 1, found {value!r}, {alpha!r}"
        )
    red, green, blue = (int(value[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"


def darkened(value: Any) -> Any:
    """``value`` with every light colour of the palette replaced by its dark one, in all strings inside it."""
    if isinstance(value, str):
        return _COLOUR.sub(_dark_match, value)
    if isinstance(value, Mapping):
        return {key: darkened(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [darkened(item) for item in value]
    return value


def _dark_match(match: re.Match[str]) -> str:
    plain, alpha = _plain_colour(match)
    dark = DARK_OF.get(plain)
    if dark is None:
        return match[0]
    return dark if alpha is None else tint(dark, _alpha_on_dark(float(alpha)))


def _alpha_on_dark(alpha: float) -> float:
    """The same tint seen through on the dark ground, on which a faint one is seen less than on white."""
    return round(alpha + LIFT * (1 - 4 * alpha**2), 3) if 0 < alpha < 0.5 else alpha


def _plain_colour(match: re.Match[str]) -> tuple[str, str | None]:
    if match[0].startswith("#"):
        return match[0].lower(), None
    red, green, blue = (int(match[place]) for place in (1, 2, 3))
    return f"#{red:02x}{green:02x}{blue:02x}", match[4]


def is_of_the_theme(value: str) -> bool:
    """Whether a colour is transparent, or the light half of a pair, with or without alpha."""
    match = _COLOUR.fullmatch(value.strip())
    if match is None:
        return value == "transparent"
    plain, alpha = _plain_colour(match)
    return plain in DARK_OF or (alpha is not None and float(alpha) == 0)


def foreign_colours(values: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Of (place, colour) pairs, those whose colour is not of the theme."""
    return [(place, value) for place, value in values if not is_of_the_theme(value)]


def css_variables() -> str:
    """The pairs, and those of the holders, as properties of a style sheet that follow the switch: ``--aleppo-NAME``."""
    pairs = {**PALETTE, **{holder: (light, DARK_OF[light]) for holder, light in HOLDERS.items()}}
    halves = [
        "".join(f"--aleppo-{name.replace('_', '-')}:{pair[half]};" for name, pair in pairs.items())
        for half in (0, 1)
    ]
    light, dark = halves
    # paper is white whatever the screen was
    return f"html{{{light}}}\nhtml[data-theme=dark]{{{dark}}}\n@media print{{html[data-theme]{{{light}}}}}\n"
