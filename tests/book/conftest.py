"""The built book, and the pages it has.

``ALEPPO_BOOK`` names another folder of built pages than ``_build/html``.
"""

from __future__ import annotations

import contextlib
import functools
import http.server
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from aleppo.evidence.paths import repository

# so that what is asserted there says what it found
pytest.register_assert_rewrite("page_visits")


def book_folder() -> Path:
    """Where the built pages are, or would be."""
    named = os.environ.get("ALEPPO_BOOK")
    return Path(named) if named else repository() / "_build" / "html"


def book_pages() -> list[str]:
    """Every page of the built book, as its path in the book; none when it was not built.

    Without the page at the root, which only leads on to the first one.
    """
    folder = book_folder()
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.html")
        if "_static" not in path.parts and not leads_on(path)
    )


def leads_on(page: Path) -> bool:
    """Whether ``page`` is nothing but a redirection."""
    return 'http-equiv="Refresh"' in page.read_text(encoding="utf-8")[:1000]


def has_figures(page: str) -> bool:
    """Whether a page of the built book has a figure."""
    return 'class="aleppo-figure"' in (book_folder() / page).read_text(encoding="utf-8")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for ``page_path`` runs on every page of the book, and for ``figures_path`` on those with any."""
    for asked, pages in (
        ("page_path", book_pages),
        ("figures_path", lambda: list(filter(has_figures, book_pages()))),
    ):
        if asked in metafunc.fixturenames:
            missing = pytest.param("", marks=pytest.mark.skip(reason=f"no built book in {book_folder()}"))
            metafunc.parametrize(asked, pages() or [missing])


@pytest.fixture(scope="session")
def built_book() -> Path:
    """The folder of the built HTML."""
    folder = book_folder()
    if not (folder / "index.html").is_file():
        pytest.skip(f"no built book in {folder} (`make book` builds it)")
    return folder


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        """Files of the book; the icon that every browser asks for unasked is answered with nothing."""
        if self.path == "/favicon.ico":
            self.send_response(204)
            self.end_headers()
        else:
            with contextlib.suppress(ConnectionError):
                super().do_GET()

    def log_message(self, *_: object) -> None:
        """Says nothing: what is asked for is recorded by the browser."""


@pytest.fixture(scope="session")
def served_book(built_book: Path) -> Iterator[str]:
    """The address of the book on a server of this machine."""
    handler = functools.partial(_Quiet, directory=str(built_book))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
