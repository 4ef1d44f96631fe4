"""Buttons that lead from a chapter to its notebook, once the book has a public repository.

``repository: {url: https://…, branch: main}`` in `_config.yml` is all that it takes: each chapter then offers its
source, and a notebook to run on a public service (Binder, which ``binder/`` describes). Without an address there is
nothing to lead to, and no page names another machine for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from sphinx.application import Sphinx
from sphinx.config import Config

from aleppo import __version__
from aleppo.evidence.errors import AleppoError

BINDER = "https://mybinder.org"
BRANCH = "main"


def repository_settings(root: Path) -> dict[str, Any]:
    """What `_config.yml` says of a repository; nothing where there is no such file."""
    file = root / "_config.yml"
    settings = yaml.safe_load(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return dict((settings or {}).get("repository") or {})


def theme_options(repository: Mapping[str, Any]) -> dict[str, Any]:
    """Options of the theme for a repository with an address, none for one without.

    Raises AleppoError for an address that is not one of the web.
    """
    address = str(repository.get("url") or "")
    if not address:
        return {}
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.netloc or len(Path(parts.path).parts) < 3:
        raise AleppoError(f"_config.yml: repository url: expected https://HOST/OWNER/NAME, found {address!r}")
    return {
        "repository_url": address.rstrip("/"),
        "repository_branch": str(repository.get("branch") or BRANCH),
        "path_to_docs": str(repository.get("path_to_book") or ""),
        "use_repository_button": True,
        "use_source_button": True,
        "launch_buttons": {"binderhub_url": BINDER, "notebook_interface": "jupyterlab"},
    }


def offer(app: Sphinx, config: Config) -> None:
    """Lay the repository's options over the theme's."""
    config.html_theme_options = {
        **config.html_theme_options,
        **theme_options(repository_settings(Path(app.confdir))),
    }


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("config-inited", offer)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
