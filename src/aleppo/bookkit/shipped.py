"""What of others a reader receives with the book, and under which licence: packages, and what is packed inside them.

Names, versions and licences are those that the installed packages state themselves: the metadata of Python packages,
``package.json`` of those from npm, and the notices inside scripts and style sheets that were packed into another
package. Nothing is looked up elsewhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path

from aleppo.bookkit import assets
from aleppo.evidence.errors import AleppoError

# Python packages with files in the web edition → for what.
IN_THE_PAGES = {
    "sphinx": "pages, search",
    "sphinx-book-theme": "theme",
    "pydata-sphinx-theme": "theme below it",
    "myst-nb": "style of notebooks' outputs",
    "sphinx-design": "folds, cards",
    "sphinx-copybutton": "button that copies code",
    "sphinx-togglebutton": "folds",
    "pygments": "colours of code",
}
# Typefaces that the Typst wheel carries: none has a package of its own. The licence is the one the font file states.
IN_THE_WHEEL = {
    "Libertinus Serif": "OFL-1.1",
    "New Computer Modern Math": "GUST Font License",
    "DejaVu Sans Mono": "Bitstream Vera and Arev licences",
}
CHARTS, WEB_TYPE, PRINT_TYPE = (
    "charts",
    "type of the pages",
    "type of the print edition and the still pictures",
)
SEARCH = "search"
# From npm: what only makes the bundle of the charts, and is in no page; and what is in the pages for something else.
TOOLS = frozenset({"esbuild", "terser"})
PURPOSES = {"minisearch": SEARCH}
LIBRARY = "plotly.js-dist"
BUNDLED = "Bundled license information"
_NOTICE = re.compile(r"/\*!(.*?)\*/", re.DOTALL)
# one package of those that a bundler lists: its path, then its own notice
_PACKED = re.compile(r"^((?:@[\w.-]+/)?[\w.-]+)/\S*:\s*\n(.*?)\*\)", re.DOTALL | re.MULTILINE)
_LICENCE = re.compile(
    r"CC BY \d\.\d|SIL OFL \d\.\d|BSD[ -]\d-Clause|Apache[ -]\d\.\d|\bMIT\b|\bBSD\b|\bISC\b"
)
CLAUSES = {"2": 2, "two": 2, "3": 3, "three": 3}
_CLAUSES = re.compile(r"[23](?=-Clause)|(?:two|three)(?=[- ]clause)", re.IGNORECASE)


@dataclass(frozen=True)
class Component:
    """Something of others in the book: its name with version, for what it is there, its licence.

    ``inside`` names the package that it was packed into, empty for a package of its own.
    """

    name: str
    purpose: str
    licence: str
    inside: str = ""


def components() -> list[Component]:
    """Everything of others that ships in the web and the print edition, each package before what is inside it."""
    return [*npm_packages(assets.assets_dir()), *typefaces(), *python_packages()]


def npm_packages(folder: Path) -> list[Component]:
    """The packages below ``folder`` that ``package.json`` beside it names as dependencies of the book itself."""
    wanted = folder.parent / "package.json"
    if not wanted.is_file():
        return []
    found = []
    for package in sorted(json.loads(wanted.read_text(encoding="utf-8"))["dependencies"]):
        if package in TOOLS:
            continue
        about = json.loads((folder / package / "package.json").read_text(encoding="utf-8"))
        name, purpose = f"{package} {about['version']}", PURPOSES.get(package) or _purpose(folder / package)
        found.append(Component(name, purpose, _stated(about.get("license"), name)))
        if package == LIBRARY:
            # the small bundle of the pages has parts of it and no notices: those of the whole speak for it
            found += bundled((folder / package / "plotly.js").read_text(encoding="utf-8"), name)
    return found


def _purpose(package: Path) -> str:
    """What a package is for, by what it holds."""
    if next(package.rglob("*.ttf"), None):
        return PRINT_TYPE
    return WEB_TYPE if next(package.rglob("*.woff2"), None) else CHARTS


def typefaces() -> list[Component]:
    """The typefaces of the print edition that come with Typst."""
    wheel = f"typst {distribution('typst').version}"
    return [
        Component(f"{family}, from {wheel}", "type of the print edition", licence)
        for family, licence in IN_THE_WHEEL.items()
    ]


def python_packages() -> list[Component]:
    """Python packages that have files in the web edition; the whole plotly.js of its wheel, where that is served."""
    wanted = dict(IN_THE_PAGES)
    if not assets.is_small(assets.plotly_bundle()):
        wanted["plotly"] = CHARTS
    found = []
    for package, purpose in wanted.items():
        one = distribution(package)
        name = f"{package} {one.version}"
        found.append(Component(name, purpose, licence_of(one)))
        notices = {each for file in _shipped_files(one) for each in packed(file.read_text("utf-8"), name)}
        found += sorted(
            (each for each in notices if not each.name.lower().startswith(package)), key=lambda c: c.name
        )
    return found


def _shipped_files(one: Distribution) -> Iterator[Path]:
    """Scripts and style sheets of a package that it hands to the pages."""
    for file in one.files or []:
        if {"static", "_static"} & set(file.parts) and file.suffix in (".js", ".css"):
            yield Path(str(file.locate()))


def licence_of(one: Distribution) -> str:
    """The licence that a Python package states: as an expression, in words, or by its classifier.

    Where that is no more than "BSD", the text of the licence says which of them.
    """
    about = one.metadata
    classes = [line.split(" :: ")[-1] for line in about.get_all("Classifier") or [] if "License ::" in line]
    expression, words = (
        (about.get_all(field) or [""])[0].strip() for field in ("License-Expression", "License")
    )
    named = expression or words.partition("\n")[0] or ", ".join(classes)
    if named == "BSD License":
        texts = (Path(str(file.locate())) for file in one.files or [] if file.name.startswith("LICENSE"))
        found = (_CLAUSES.search(file.read_text(encoding="utf-8")) for file in texts)
        clauses = next((match for match in found if match), None)
        named = f"BSD-{CLAUSES[clauses[0].lower()]}-Clause" if clauses else named
    return _stated(named, f"{about['Name']} {about['Version']}")


def _stated(licence: object, name: str) -> str:
    if not isinstance(licence, str) or not licence:
        raise AleppoError(f"{name}: expected its licence in its own description, found none")
    return licence


def packed(source: str, inside: str) -> list[Component]:
    """What ``source``, a script or a style sheet of the package ``inside``, says of other works packed into it."""
    found = []
    for notice in _NOTICE.findall(source):
        lines = [line.strip(" *") for line in notice.splitlines()]
        name = re.sub(r"\s*\(?(- )?https?:\S+|\s+by @.*", "", next(filter(None, lines), ""))
        found.append((name, notice))
    return _components(found, inside)


def bundled(source: str, inside: str) -> list[Component]:
    """The packages of which a bundler says at the end of ``source`` that they are in it."""
    notices = (notice for notice in _NOTICE.findall(source) if BUNDLED in notice)
    return _components([found for notice in notices for found in _PACKED.findall(notice)], inside)


def _components(named: Iterable[tuple[str, str]], inside: str) -> list[Component]:
    """Names with the words of their notices, those that name a licence, once each."""
    found = [
        Component(" ".join(name.split()), "", ", ".join(dict.fromkeys(_LICENCE.findall(words))), inside)
        for name, words in named
    ]
    return list(dict.fromkeys(each for each in found if each.name and each.licence))
