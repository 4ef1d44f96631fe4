"""One run of Sphinx over the book, with the configuration that Jupyter Book derives from `_config.yml`.

A process of its own (``python -m aleppo.bookkit.sphinx_run ROOT OUTPUT BUILDER``), because docutils keeps
its state in globals and two builders run at once. Warnings go to standard error and to the exit code, and
so do two mistakes that Jupyter Book passes over in silence: a key of `_config.yml` that it does not know,
and a page that no reader can reach.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path

# Pages are read by two processes, which end with the same trees as one.
READERS = 2
PAGES = ("*.md", "*.ipynb")
FOLDERS = ("book", "notebooks")


def main(root: Path, output: Path, builder: str) -> int:
    """Build ``root`` into ``output`` as `jupyter-book build -W -n --keep-going` would; the exit code."""
    # A process of a few seconds that ends with its work: collecting garbage took a seventh of its time.
    gc.disable()
    from jupyter_book.sphinx import build_sphinx

    trees = output.parent / "doctrees"
    # said once, by the run that reads the pages
    faults = [] if trees.exists() else [*unknown_settings(root), *unreachable_pages(root)]
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    result = build_sphinx(
        root,
        output,
        path_config=root / "_config.yml",
        noconfig=True,
        confoverrides={
            "external_toc_path": (root / "_toc.yml").as_posix(),
            "latex_individualpages": False,
            "nitpicky": True,
        },
        builder=builder,
        doctreedir=trees,
        warningiserror=True,
        keep_going=True,
        jobs=READERS,
        quiet=True,
    )
    if isinstance(result, BaseException):  # already explained on standard error
        return 2
    return int(result) or int(bool(faults))


def unknown_settings(root: Path) -> list[str]:
    """Top-level keys of `_config.yml` that Jupyter Book would ignore."""
    import yaml
    from jupyter_book.config import PATH_YAML_DEFAULT, get_validator

    known = {"project", *yaml.safe_load(PATH_YAML_DEFAULT.read_text(encoding="utf-8"))}
    known |= set(get_validator().schema["properties"])
    settings = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    return [f"_config.yml: WARNING: unknown key {key}" for key in settings if key not in known]


def unreachable_pages(root: Path) -> list[str]:
    """Pages that `_toc.yml` does not list; a name that begins with an underscore is for including."""
    from sphinx_external_toc.parsing import parse_toc_yaml

    listed = set(parse_toc_yaml(root / "_toc.yml"))
    pages = sorted(
        path.relative_to(root)
        for folder in FOLDERS
        for pattern in PAGES
        for path in (root / folder).rglob(pattern)
        if ".ipynb_checkpoints" not in path.parts and not path.name.startswith("_")
    )
    return [
        f"{page.as_posix()}: WARNING: not in _toc.yml"
        for page in pages
        if not listed & {page.as_posix(), page.with_suffix("").as_posix()}
    ]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]))
