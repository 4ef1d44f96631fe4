"""Buttons to a repository and to a service that runs notebooks: there with an address, and only then."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from aleppo.bookkit.launch import repository_settings, theme_options
from aleppo.evidence.errors import AleppoError
from aleppo.evidence.paths import repository

ADDRESS = "https://forge.example/people/the-turn"
CONF = """
extensions = ["myst_nb", "sphinx_book_theme", "aleppo.bookkit.launch"]
html_theme = "sphinx_book_theme"
html_theme_options = {"use_fullscreen_button": False}
nb_execution_mode = "off"
root_doc = "chapter"
"""


def page(folder: Path, settings: str) -> str:
    (folder / "conf.py").write_text(CONF)
    (folder / "_config.yml").write_text(settings)
    cells = [nbformat.v4.new_markdown_cell("# A chapter"), nbformat.v4.new_code_cell("1")]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    made = nbformat.v4.new_notebook(cells=cells)
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(made, folder / "chapter.ipynb")
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", str(folder), str(folder / "out")]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    subprocess.run(command, check=True, capture_output=True, env=environment, timeout=120)
    return (folder / "out" / "chapter.html").read_text(encoding="utf-8")


def test_a_chapter_of_a_public_repository_leads_to_its_notebook(tmp_path: Path) -> None:
    html = page(tmp_path, "repository: {url: https://github.com/people/the-turn, branch: release}")
    assert "mybinder.org/v2/gh/people/the-turn/release?urlpath=lab/tree/chapter.ipynb" in html
    assert "https://github.com/people/the-turn" in html


def test_this_book_has_no_address_and_therefore_no_buttons() -> None:
    assert theme_options(repository_settings(repository())) == {}


def test_the_branch_is_main_where_none_is_named() -> None:
    assert theme_options({"url": f"{ADDRESS}/"}) == {
        "repository_url": ADDRESS,
        "repository_branch": "main",
        "path_to_docs": "",
        "use_repository_button": True,
        "use_source_button": True,
        "launch_buttons": {"binderhub_url": "https://mybinder.org", "notebook_interface": "jupyterlab"},
    }


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "http://forge.example/a/b", "https://forge.example/a"]
)
def test_an_address_that_leads_to_no_repository_is_refused(address: str) -> None:
    with pytest.raises(AleppoError, match="expected https://HOST/OWNER/NAME"):
        theme_options({"url": address})


def test_a_binder_installs_the_locked_packages_and_the_package_itself() -> None:
    folder = repository() / "binder"
    assert (folder / "requirements.txt").read_text() == "-r ../requirements.lock\n"
    script = folder / "postBuild"
    assert "--no-deps" in script.read_text()
    assert os.access(script, os.X_OK)
