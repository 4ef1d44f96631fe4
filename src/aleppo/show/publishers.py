"""Which publisher's colour and sign a figure wears: attribution in words → one family of `theme.PUBLISHERS`."""

from __future__ import annotations

# First match wins: an agency that quotes a monitor passes on the monitor's figure.
_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("SOHR", ("sohr", "syrian observatory")),
    ("SNHR", ("snhr", "syrian network")),
    ("VDC", ("vdc", "violations documentation")),
    ("Airwars", ("airwars",)),
    ("UCDP", ("ucdp",)),
    ("IHS", ("ihs",)),
    ("ISW", ("isw", "institute for the study of war")),
    ("Russian MoD", ("russian",)),
    (
        "Syrian government",
        ("syrian army", "army spokesman", "military media", "military official", "state tele"),
    ),
    ("UN", ("un ", "ohchr", "ocha", "unicef", "unhcr", "united nations", "who ")),
    (
        "press",
        ("press", "cnn", "al-masdar", "xinhua", "reuters", "afp", "ap ", "bbc", "guardian", "agency", "news"),
    ),
)


def family(attributed_to: str) -> str:
    """The family of an attribution such as ``SOHR via AFP`` (SOHR); ``other`` where none is named."""
    words = f"{attributed_to.lower()} "
    for name, signs in _WORDS:
        if any(sign in words for sign in signs):
            return name
    return "other"
