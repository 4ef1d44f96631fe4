"""What the prose takes from the code: ``{setting}`aleppo.model.truces:Design.window` ``, and the scale of verdicts.

The text of the role names a module, a colon, and a constant in it: an attribute of a class or a key of a mapping after
a dot. A page on methods then cannot say another number than the one that is computed with. The comment
``% verdict-scale`` of a page is replaced by the verdicts that the ledger has, with their meaning, and
``% figures-alone`` by the reasons for which a figure may stand without a range.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from aleppo.claims.verdict import SCALE
from aleppo.evidence.errors import AleppoError
from aleppo.show.ledger import VERDICT_WORDS
from aleppo.show.numbers import ALONE, count

PACKAGE = "aleppo."
VERDICTS = "% verdict-scale"
REASONS = "% figures-alone"
logger = logging.getLogger(__name__)


def setting(name: str) -> str:
    """The constant ``name`` in words; AleppoError when there is no such constant, or it has no words."""
    module, _, place = name.partition(":")
    if not f"{module}.".startswith(PACKAGE) or not place:
        raise AleppoError(f"a setting: expected aleppo.MODULE:CONSTANT, found {name!r}")
    try:
        found: Any = import_module(module)
        for part in place.split("."):
            found = found[part] if isinstance(found, Mapping) else getattr(found, part)
    except (ImportError, AttributeError, KeyError) as error:
        raise AleppoError(f"a setting: expected a constant of the package, found no {name!r}") from error
    return worded(found)


def worded(value: object) -> str:
    """A constant as prose prints it: numbers with commas, several of them joined; AleppoError for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | Sequence):
        raise AleppoError(f"a setting: expected a number, a text or some of them, found {value!r}")
    if isinstance(value, Sequence):
        *first, last = map(worded, value)
        return f"{', '.join(first)} and {last}" if first else last
    return count(value) if float(value).is_integer() else f"{value:g}"


class SettingRole(SphinxRole):
    """``{setting}`aleppo.model.changes:SHORTEST` ``: the constant in words."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        try:
            text = setting(self.text)
        except AleppoError as error:
            logger.warning("%s", error, location=self.get_location())
            text = self.text
        return [nodes.Text(text)], []


def verdict_scale() -> str:
    """MyST definition list of the verdicts and what each means."""
    return "\n\n".join(f"{VERDICT_WORDS[name].capitalize()}\n: {SCALE[name]}" for name in SCALE) + "\n"


def reasons_alone() -> str:
    """MyST list of the reasons for which `aleppo.show.numbers.say` lets an estimate stand alone."""
    return ";\n".join(f"- {reason}" for reason in ALONE.values()) + ".\n"


def _write_into(app: Sphinx, docname: str, source: list[str]) -> None:
    for marker, write in ((VERDICTS, verdict_scale), (REASONS, reasons_alone)):
        if marker in source[0]:
            source[0] = source[0].replace(marker, write())


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the role, and write the two lists where a page asks for them."""
    app.add_role("setting", SettingRole())
    app.connect("source-read", _write_into)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
