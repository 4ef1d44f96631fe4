"""What of an executed notebook is stored: cells with ids, quiet outputs, stamped figures, the same bytes every time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aleppo.bookkit.fingerprints import DEFAULT_KERNEL, Notebook, code_cells, source_of
from aleppo.bookkit.kernel_words import CELL_PATH, one_line
from aleppo.evidence.errors import AleppoError

PLOTLY_MIME = "application/vnd.plotly.v1+json"
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": DEFAULT_KERNEL}
# As little of the language as the book's renderer and JupyterLab need: the version would differ.
LANGUAGE_INFO = {"file_extension": ".py", "name": "python", "pygments_lexer": "ipython3"}
# What editors and runners leave in cells: times, folds and trust are no part of the record.
VOLATILE_CELL_METADATA = ("execution", "ExecuteTime", "collapsed", "scrolled", "trusted")


def prepared(notebook: Notebook) -> Notebook:
    """``notebook`` with no outputs, with an id on each cell, and without what varies between machines."""
    metadata = {key: value for key, value in notebook.get("metadata", {}).items() if key != "widgets"}
    kernel = metadata.get("kernelspec", {}).get("name", DEFAULT_KERNEL)
    if kernel != DEFAULT_KERNEL:
        raise AleppoError(f"expected the kernel {DEFAULT_KERNEL}, found {kernel}")
    metadata |= {"kernelspec": KERNELSPEC, "language_info": LANGUAGE_INFO}
    taken = {cell["id"] for cell in notebook["cells"] if "id" in cell}
    cells = []
    seen: set[str] = set()
    for number, cell in enumerate(notebook["cells"], 1):
        name = cell.get("id")
        if name is None or name in seen:
            name = _free_id(number, taken)
        seen.add(name)
        taken.add(name)
        kept = {k: v for k, v in cell.get("metadata", {}).items() if k not in VOLATILE_CELL_METADATA}
        plain = {**cell, "id": name, "metadata": kept, "source": source_of(cell)}
        if cell.get("cell_type") == "code":
            plain |= {"execution_count": None, "outputs": []}
        cells.append(plain)
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _free_id(number: int, taken: set[str]) -> str:
    """An id for a cell that has none, from its place, so that nothing random is stored."""
    while (name := f"cell-{number}") in taken:
        number += 1
    return name


def refuse_noise(notebook: Notebook) -> None:
    """Raise AleppoError if a cell wrote a warning or an error: a reader would see it in the book."""
    for number, cell in enumerate(code_cells(notebook), 1):
        for output in cell["outputs"]:
            if output["output_type"] == "error":
                raise AleppoError(f"code cell {number}: {output['ename']}: {one_line(output['evalue'])}")
            if output["output_type"] == "stream" and output["name"] == "stderr":
                said = CELL_PATH.sub(r"line \1:", one_line(output["text"]))
                raise AleppoError(f"code cell {number}: expected a quiet cell, found {said}")


def stamp_figures(notebook: Notebook, loads: Iterable[str]) -> None:
    """Give each cell that shows a figure the name and caption that number it in the book.

    They come from the figure itself, so that authors write them once. A stamp on a cell that no longer
    shows a figure is taken off. Raises AleppoError for two figures in one cell, and for a figure that
    names a table which the notebook did not load.
    """
    for number, cell in enumerate(code_cells(notebook), 1):
        book = cell["metadata"].get("mystnb", {})
        if str(book.get("figure", {}).get("name", "")).startswith("fig-"):
            del book["figure"]
            if not book:
                del cell["metadata"]["mystnb"]
        payloads = [payload for output in cell["outputs"] if (payload := _figure_of(output))]
        if len(payloads) > 1:
            raise AleppoError(f"code cell {number}: expected one figure per cell, found {len(payloads)}")
        for payload in payloads:
            from aleppo.show.figure import cell_metadata

            named = payload["layout"]["meta"]["aleppo"].get("tables", [])
            if unread := sorted(set(named) - set(loads)):
                raise AleppoError(
                    f"code cell {number}: expected the figure's tables to be loaded, found {unread[0]} not loaded"
                )
            _merge(cell["metadata"], cell_metadata(payload))


def _figure_of(output: dict[str, Any]) -> dict[str, Any] | None:
    """The payload of one of the book's own figures, or None for any other output."""
    payload = output.get("data", {}).get(PLOTLY_MIME)
    if isinstance(payload, dict) and "aleppo" in (payload.get("layout", {}).get("meta") or {}):
        return payload
    return None


def _merge(into: dict[str, Any], extra: dict[str, Any]) -> None:
    for key, value in extra.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value


def dump(notebook: Notebook) -> bytes:
    """The one way a notebook is written: keys sorted, indented by one, long texts as lines, a final newline.

    Raises AleppoError when it does not keep to the notebook format.
    """
    import nbformat
    from nbformat.v4 import to_notebook
    from nbformat.v4.nbjson import writes

    node = to_notebook(notebook)
    try:
        nbformat.validate(node)
    except nbformat.ValidationError as error:
        raise AleppoError(f"is not a valid notebook: {one_line(str(error))}") from error
    return (writes(node) + "\n").encode("utf-8")
