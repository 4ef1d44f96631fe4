"""`make fuzz`: the long campaign against every reader of strangers' files.

Each target runs in a process of its own with bounded memory, for its share of the time: first under atheris, which
follows what an input makes the code do, where that installs on this Python; then under hypothesis, which knows how
files are made. An input that makes a target raise anything but AleppoError, run on or swell is kept below
``_build/fuzz``, and is to be put under ``tests/seeds`` once the reader is mended.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import os
import resource
import subprocess
import sys
import time
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HERE = ROOT / "tests" / "fuzz"
PLACE = ROOT / "_build" / "fuzz"
SITE, FOUND, CORPUS = PLACE / "site", PLACE / "found", PLACE / "corpus"
LOCK = HERE / "atheris.lock"
MEMORY = 6 << 30
LONGEST_INPUT = 4096
SLOWEST = 60


def main() -> int:
    """Run the campaign; 1 when something was found."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument(
        "--seconds", type=int, default=1200, help="for all targets and both engines together"
    )
    arguments.add_argument("--only", nargs="*", default=[], help="targets")
    arguments.add_argument("--engine", choices=("atheris", "hypothesis"), help="run this process as a worker")
    given = arguments.parse_args()
    sys.path.insert(0, str(HERE))
    if given.engine:
        return worker(given.engine, given.only[0], given.seconds)
    engines = [*(["atheris"] if atheris_is_there() else []), "hypothesis"]
    targets = given.only or names()
    share = max(1, given.seconds // (len(targets) * len(engines)))
    found = sum(attacked(target, engine, share) for target in targets for engine in engines)
    print(
        f"fuzz: {len(targets)} targets, {' and '.join(engines)}, {share} s each: {found or 'nothing'} found"
    )
    return 1 if found else 0


def names() -> list[str]:
    from targets import TARGETS

    return list(TARGETS)


def atheris_is_there() -> bool:
    """Fetch the pinned atheris into a folder of its own; say why where that cannot be."""
    if (SITE / "atheris").is_dir():
        return True
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--require-hashes",
        "--only-binary",
        ":all:",
    ]
    done = subprocess.run(
        [*command, "--target", str(SITE), "-r", str(LOCK)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        why = next((line for line in done.stderr.splitlines() if line.startswith("ERROR")), "no reason given")
        print(f"fuzz: without atheris, which does not install here ({why.removeprefix('ERROR: ')})")
    return done.returncode == 0


def attacked(target: str, engine: str, seconds: int) -> bool:
    """Let one engine at one target; whether it found something."""
    started = time.monotonic()
    command = [sys.executable, __file__, "--engine", engine, "--seconds", str(seconds), "--only", target]
    environment = {
        **os.environ,
        "PYTHONPATH": str(SITE) if engine == "atheris" else "",
        "PYTHONHASHSEED": "0",
    }
    log = PLACE / f"{target}-{engine}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as said:
        code = subprocess.run(
            command, env=environment, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT, check=False
        ).returncode
    words = "found something, see" if code else "nothing found;"
    print(
        f"{target:24}{engine:12}{time.monotonic() - started:6.0f} s  {words} {log.relative_to(ROOT)}",
        flush=True,
    )
    return code != 0


def worker(engine: str, target: str, seconds: int) -> int:
    """One engine against one target, in this process."""
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    return under_atheris(target, seconds) if engine == "atheris" else under_hypothesis(target, seconds)


def attempt(target: str, content: bytes) -> None:
    """One input; what is found is kept, and raised again."""
    from targets import TARGETS

    from aleppo.evidence.errors import AleppoError

    started = time.process_time()
    try:
        TARGETS[target](content)
    except AleppoError:
        pass
    except BaseException:
        keep(target, content)
        traceback.print_exc()
        raise
    if time.process_time() - started > SLOWEST:
        keep(target, content)
        raise TimeoutError(f"{target}: {time.process_time() - started:.0f} s for {len(content)} bytes")


def keep(target: str, content: bytes) -> None:
    folder = FOUND / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / hashlib.sha256(content).hexdigest()[:16]).write_bytes(content)


def under_hypothesis(target: str, seconds: int) -> int:
    from hypothesis import HealthCheck, Phase, given, seed, settings
    from inputs import edited
    from targets import on_the_books_own_data

    tried, ends, number = 0, time.monotonic() + seconds, 0
    with on_the_books_own_data():
        while time.monotonic() < ends:
            number += 1

            @seed(number)
            @settings(
                max_examples=50,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(edited(target))
            def tries(content: bytes) -> None:
                nonlocal tried
                if time.monotonic() < ends:
                    tried += 1
                    attempt(target, content)

            try:
                tries()
            except Exception:
                print(f"{target}: found after {tried} inputs")
                return 1
    print(f"{target}: {tried} inputs")
    return 0


def under_atheris(target: str, seconds: int) -> int:
    import atheris

    with atheris.instrument_imports(include=["aleppo"], enable_loader_override=False):
        import targets
    from inputs import samples

    corpus = CORPUS / target
    corpus.mkdir(parents=True, exist_ok=True)
    for content in samples(target):
        (corpus / hashlib.sha256(content).hexdigest()[:16]).write_bytes(content)
    (FOUND / target).mkdir(parents=True, exist_ok=True)
    print(
        f"{target}: atheris {importlib.metadata.version('atheris')}, {len(samples(target))} samples",
        flush=True,
    )
    atheris.Setup(
        [
            *(
                sys.argv[0],
                str(corpus),
                f"-max_total_time={seconds}",
                f"-timeout={SLOWEST}",
                "-rss_limit_mb=4096",
            ),
            *(
                f"-max_len={LONGEST_INPUT}",
                f"-artifact_prefix={FOUND / target}/",
                "-print_final_stats=1",
            ),
        ],
        lambda content: attempt(target, content),
    )
    with targets.on_the_books_own_data():
        atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
