"""The settings of the print edition, ``print_book`` in the configuration, and its date."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.errors import ConfigError

if TYPE_CHECKING:
    from sphinx.config import Config


DEFAULTS: dict[str, Any] = {
    "target": "book",
    "title": None,
    "subtitle": None,
    "version": None,
    "date": None,
    "licence": None,
    "address": None,
    "opening": "Summary",
    "keywords": [],
    "show_urls": "footnote",
    "template": "book/print/book.typ",
}


@dataclass(frozen=True)
class Settings:
    """``print_book`` of the configuration, completed."""

    target: str
    title: str
    subtitle: str | None
    authors: list[str]
    version: str
    moment: datetime
    licence: str | None
    address: str | None
    opening: str
    keywords: list[str]
    show_urls: str
    template: Path
    language: str


def settings(config: Config, confdir: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of the print edition.

    Raises :class:`sphinx.errors.ConfigError` on an unknown key, a date that cannot be read, or no date at all.
    """
    unknown = sorted(set(config.print_book) - set(DEFAULTS))
    if unknown:
        raise ConfigError(f"print_book: unknown key {unknown[0]!r}; known are {', '.join(sorted(DEFAULTS))}")
    given = DEFAULTS | config.print_book
    if given["show_urls"] not in ("footnote", "no"):
        raise ConfigError(f"print_book.show_urls: expected 'footnote' or 'no', found {given['show_urls']!r}")
    unnamed = config.project in ("", "Python", "Project name not set")
    return Settings(
        target=given["target"],
        title=given["title"] or str(config.html_title if unnamed else config.project),
        subtitle=given["subtitle"],
        authors=[name.strip() for name in re.split(r",| and ", config.author) if name.strip()],
        version=str(given["version"] or config.release or own_version()),
        moment=moment(given["date"], confdir, environ),
        licence=given["licence"],
        address=given["address"],
        opening=given["opening"],
        keywords=list(given["keywords"]),
        show_urls=given["show_urls"],
        template=confdir / given["template"],
        language=config.language or "en",
    )


def own_version() -> str:
    try:
        return version("aleppo")
    except PackageNotFoundError:  # the module is used without being installed
        return "0"


def moment(given: str | date | None, confdir: Path, environ: Mapping[str, str]) -> datetime:
    """The book's date: SOURCE_DATE_EPOCH, else the configured one, else that of the newest entry of CHANGELOG.md."""
    epoch = environ.get("SOURCE_DATE_EPOCH")
    if epoch:
        if not epoch.isdigit():
            raise ConfigError(f"SOURCE_DATE_EPOCH: expected seconds since 1970, found {epoch!r}")
        return datetime.fromtimestamp(int(epoch), UTC)
    if given is None:
        changes = confdir / "CHANGELOG.md"
        text = changes.read_text(encoding="utf-8") if changes.is_file() else ""
        found = re.search(r"^## .*\((\d{4}-\d{2}-\d{2})\)", text, re.MULTILINE)
        if found is None:
            raise ConfigError(
                "print_book.date: set a date, or SOURCE_DATE_EPOCH, or date an entry of CHANGELOG.md"
            )
        given = found.group(1)
    try:
        day = given if isinstance(given, date) else date.fromisoformat(given)
    except ValueError:
        raise ConfigError(f"print_book.date: expected YYYY-MM-DD, found {given!r}") from None
    return datetime.combine(day, time(), UTC)
