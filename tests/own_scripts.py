"""The programs of ``scripts/`` as modules, so that their parts can be tried one by one."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

from aleppo.evidence.paths import repository


def script(name: str) -> ModuleType:
    """The module of ``scripts/NAME.py``; nothing of it is run but its definitions."""
    folder = repository() / "scripts"
    if str(folder) not in sys.path:
        sys.path.append(str(folder))  # a program may be in several files
    spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # its dataclasses look themselves up
    spec.loader.exec_module(module)
    return module
