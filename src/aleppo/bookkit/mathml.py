"""Formulas as MathML, made at build time: no script, no font, no request."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

NAME = "mathml"
# the name of a function stands apart from what it is of, unless that is in brackets
_FUNCTION = re.compile(r"<mi>(?:exp|ln|log)</mi>(?!<mo[^>]*>&#x00028;)")
logger = logging.getLogger(__name__)


def visit_inline(translator: Any, node: nodes.math) -> None:
    """Write a formula in a line of text."""
    translator.body.append(_mathml(node, "inline"))
    raise nodes.SkipNode


def visit_block(translator: Any, node: nodes.math_block) -> None:
    """Write a formula on a line of its own, with its number if it has one."""
    number = ""
    if node.get("number"):
        number = f'<span class="eqno">({get_node_equation_number(translator, node)})</span>'
    names: list[str] = node.get("ids", [])
    ids = f' id="{names[0]}"' if names else ""
    translator.body.append(
        f'<div class="math notranslate" tabindex="0"{ids}>{number}{_mathml(node, "block")}</div>\n'
    )
    raise nodes.SkipNode


def _mathml(node: nodes.Element, display: str) -> str:
    source = node.astext()
    if display == "block":  # on a line of its own what is looked for stands below, as in print
        source = re.sub(r"\\(min|max)_", r"\\\1\\limits_", source)
    try:
        made = str(convert(source, display=display))
    except Exception as error:  # the converter's errors share no class of their own
        logger.warning("a formula: expected LaTeX mathematics, found %r (%r)", source, error, location=node)
        return ""
    return _FUNCTION.sub(r'\g<0><mspace width="0.167em" />', made)


def setup(app: Sphinx) -> None:
    """Register the renderer; Sphinx prefers it to its own MathJax, which is then never loaded."""
    app.add_html_math_renderer(NAME, (visit_inline, None), (visit_block, None))
