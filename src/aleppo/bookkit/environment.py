"""The environment that kernels and builders start in: the reader's own, less what could reach an output."""

from __future__ import annotations

import os


def inherited() -> dict[str, str]:
    """This process's environment with a fixed hash seed, time zone and encoding.

    Compiled files are kept even where the reader's settings say not to: the packages are the project's own,
    and each kernel and builder would otherwise compile them anew, which doubles the time of a build.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONHASHSEED": "0", "PYTHONIOENCODING": "utf-8", "TZ": "UTC"}
