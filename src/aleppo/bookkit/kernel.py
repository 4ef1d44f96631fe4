"""Run the cells of one notebook in a fresh kernel of the running Python.

Kernels are driven with nbclient's asynchronous client. Everything that could reach an output is fixed: one hash seed,
one time zone, one thread for sums of floats, none of the user's own IPython settings.
"""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aleppo.bookkit.environment import inherited
from aleppo.bookkit.fingerprints import DEFAULT_KERNEL, Notebook
from aleppo.bookkit.kernel_words import explained, last_line, one_line
from aleppo.bookkit.notebook_record import LANGUAGE_INFO
from aleppo.evidence.errors import AleppoError, MissingTable
from aleppo.evidence.paths import data_dir

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient


class Absent(AleppoError):
    """A cell asked for a table that the data folder does not have."""

    def __init__(self, table: str, message: str) -> None:
        self.table = table
        super().__init__(message)


@dataclass
class _Watch:
    """What is known of a running notebook when something fails: its code cell, from 1, and what that one raised."""

    notebook: Notebook
    count_cell: Callable[[], None]
    at: int = 0
    traceback: str = ""

    def cell_starts(self, cell: Any, cell_index: int) -> None:
        self.at = sum(each["cell_type"] == "code" for each in self.notebook["cells"][: cell_index + 1])

    def cell_fails(self, cell: Any, cell_index: int, execute_reply: dict[str, Any]) -> None:
        self.traceback = "\n".join(execute_reply["content"].get("traceback", []))

    def cell_ran(self, cell: Any, cell_index: int, execute_reply: dict[str, Any]) -> None:
        if execute_reply["content"].get("status") == "ok":
            self.count_cell()

    def failure(self, error: Exception, timeout: float, stderr: Path) -> AleppoError:
        """Which cell failed and why, in one line; of a kernel that is gone, its last words in the file ``stderr``."""
        from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

        cell = f"code cell {self.at}"
        if isinstance(error, CellExecutionError):
            if error.ename == MissingTable.__name__:
                return Absent(error.evalue.partition(":")[0], f"{cell}: {error.evalue}")
            return AleppoError(f"{cell}: {explained(error.ename, error.evalue, self.traceback)}")
        if isinstance(error, CellTimeoutError):
            return AleppoError(f"{cell}: ran longer than {timeout:g} s")
        if isinstance(error, DeadKernelError):
            last = last_line(stderr)
            return AleppoError(f"{cell}: the kernel ended ({last or 'was there enough memory?'})")
        return AleppoError(f"no kernel could be started ({last_line(stderr) or one_line(str(error))})")


async def run_cells(
    notebook: Notebook, path: Path, timeout: float, count_cell: Callable[[], None]
) -> tuple[Notebook, list[str]]:
    """``notebook``, of the file ``path``, with the outputs of its cells; and the tables that these loaded, by name.

    ``timeout`` is seconds per cell; ``count_cell`` is called after each code cell. Raises AleppoError that names
    the cell that failed and why: Absent where that is a table which the data folder does not have.
    """
    from nbclient.exceptions import CellExecutionError, CellTimeoutError

    watch = _Watch(notebook, count_cell)
    with tempfile.TemporaryDirectory(prefix="aleppo-") as temporary:
        folder = Path(temporary)
        loads, stderr = folder / "loads", folder / "stderr"
        client = _client(watch, folder, path.parent, timeout)
        try:
            with stderr.open("wb") as words:
                executed = await client.async_execute(
                    env=_environment(folder, loads), stderr=words, cleanup_kc=True
                )
        # a kernel that ended or never began is a RuntimeError
        except (CellExecutionError, CellTimeoutError, RuntimeError) as error:
            raise watch.failure(error, timeout, stderr) from error
        plain: Notebook = json.loads(json.dumps(executed))
        plain["metadata"]["language_info"] = LANGUAGE_INFO
        return plain, _read_loads(loads)


def _client(watch: _Watch, folder: Path, place: Path, timeout: float) -> NotebookClient:
    """What drives the kernel, which keeps its files in ``folder`` and runs in ``place``."""
    from nbclient import NotebookClient
    from nbformat.v4 import to_notebook

    return NotebookClient(
        to_notebook(watch.notebook),
        km=_kernel_of_this_python(folder),
        timeout=timeout,
        # by default the outputs of a cell are given up after four seconds, in silence: a busy machine lost some
        iopub_timeout=math.ceil(timeout),
        raise_on_iopub_timeout=True,
        record_timing=False,
        coalesce_streams=True,
        force_raise_errors=True,
        store_widget_state=False,
        skip_cells_with_tag="",
        # Nothing is lost by not asking the kernel to end: what it loaded is on disk line by line.
        shutdown_kernel="immediate",
        resources={"metadata": {"path": str(place)}},
        on_cell_execute=watch.cell_starts,
        on_cell_error=watch.cell_fails,
        on_cell_executed=watch.cell_ran,
    )


def _kernel_of_this_python(folder: Path) -> AsyncKernelManager:
    """A kernel on the running interpreter, whatever kernels the user has installed under the same name."""
    from ipykernel.kernelspec import RESOURCES, get_kernel_dict
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager

    class ThisPython(KernelSpecManager):
        def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
            return KernelSpec(resource_dir=RESOURCES, **get_kernel_dict())

    return AsyncKernelManager(
        kernel_name=DEFAULT_KERNEL,
        kernel_spec_manager=ThisPython(),
        # Sockets in a private folder: no port to run out of or to be listened to. Windows has only TCP.
        transport="tcp" if os.name == "nt" else "ipc",
        connection_file=str(folder / "kernel.json"),
    )


def _environment(folder: Path, loads_file: Path) -> dict[str, str]:
    """The kernel's environment: everything that could reach an output is fixed."""
    return {
        **inherited(),
        "ALEPPO_DATA": str(data_dir().resolve()),
        "ALEPPO_LOADS": str(loads_file),
        "IPYTHONDIR": str(folder / "ipython"),
        "PYTHONWARNINGS": "",
        # Two kernels share the machine, and sums of floats do not depend on how many cores it has.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def _read_loads(file: Path) -> list[str]:
    """The names of the tables that were loaded, each once, in order; the file is there only if one was."""
    if not file.exists():
        return []
    return sorted({line.strip() for line in file.read_text(encoding="utf-8").splitlines() if line.strip()})
