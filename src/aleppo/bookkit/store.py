"""What takes long to make and seldom changes, kept between builds by the hash of all that it was made from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aleppo.bookkit.current import BUILD, digest
from aleppo.evidence.files import write_atomic

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FOLDER = Path(BUILD) / "kept"


class Store:
    """Made files in ``folder``, each under a hash; what a build did not ask for is thrown away at its end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._asked: set[str] = set()

    @classmethod
    def of(cls, app: Sphinx) -> Store:
        """What earlier builds of the same sources kept for the same edition; one for the whole of a build."""
        if not hasattr(app, "_aleppo_store"):
            folder = Path(app.srcdir) / FOLDER / app.builder.name
            app._aleppo_store = cls(folder)  # type: ignore[attr-defined]
        found: Store = app._aleppo_store  # type: ignore[attr-defined]
        return found

    @staticmethod
    def key(*parts: str | bytes) -> str:
        """The name of what is made of ``parts``; they must hold all that decides its bytes, versions included."""
        return digest(*(part.encode() if isinstance(part, str) else part for part in parts))

    def get(self, key: str) -> bytes | None:
        """The bytes kept under ``key``, None if there are none."""
        self._asked.add(key)
        path = self.folder / key
        return path.read_bytes() if path.is_file() else None

    def put(self, key: str, content: bytes) -> bytes:
        """Keep ``content``, and give it back."""
        self._asked.add(key)
        write_atomic(self.folder / key, content)
        return content

    def tidy(self) -> None:
        """Throw away what nobody asked for."""
        for path in sorted(self.folder.glob("*")):
            if path.name not in self._asked:
                path.unlink()
