"""What every citation stands for, as one file that a page fetches when a reader comes to a citation.

In the pages themselves these words would stand once for each citation: up to half of what a page weighs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from pybtex.backends.plaintext import Backend
from sphinx.application import Sphinx
from sphinxcontrib.bibtex.domain import BibtexDomain

from aleppo.show.plain import compact

SCRIPT, LIST = "aleppo-sources.js", "aleppo-source-list.js"


def sources(domain: BibtexDomain) -> dict[str, str]:
    """Anchor in the bibliography → the source as the bibliography prints it, without markup."""
    backend = Backend()
    return {
        # an address is marked for a backend that sets links
        one.citation_id: one.formatted_entry.text.render(backend).replace("\\url ", "")
        for one in domain.citations
    }


def _write(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        known = sources(cast(BibtexDomain, app.env.get_domain("cite")))
        # a script rather than JSON: a page opened from a disk may not fetch
        path = Path(app.outdir) / "_static" / LIST
        path.write_text(f"window.aleppoSources={compact(known)};\n", encoding="utf-8")


def _add_script(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    if "bibtex-citation" in (context.get("body") or ""):
        app.add_js_file(SCRIPT, loading_method="defer")


def setup(app: Sphinx) -> dict[str, Any]:
    """Write the list beside the pages, and take the script into those that cite."""
    app.connect("html-page-context", _add_script)
    app.connect("build-finished", _write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
