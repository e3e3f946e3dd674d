#!/usr/bin/env python3
"""Start Huxue from a fresh clone: ``python3 run.py demo``, ``python3 run.py test``, ``python3 run.py COMMAND …``.

Uses the standard library alone. Makes ``.venv`` beside this file, installs the hash-pinned requirements into it and
hands over inside it. ``test`` runs every check, ``test ARGS`` only pytest with these arguments, ``lint`` all checks but
the tests, ``bench ARGS`` the benchmarks; everything else is ``huxue COMMAND …``.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

OLDEST = (3, 11)
HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
STAMP = VENV / "installed"  # absent: never finished; else what was installed, for which Python, from which pins
PYTHON = VENV / "bin" / "python"
FOR_DEVELOPMENT = ("test", "lint", "bench")
PIP = ["-m", "pip", "install", "--require-hashes", "--only-binary=:all:", "--no-deps", "--no-compile", "-qq"]

CHECKS = {
    "format": ["-m", "ruff", "format", "--check", "--quiet", "--output-format=concise", "."],
    "lint": ["-m", "ruff", "check", "--quiet", "--output-format=concise", "."],
    "types": ["-m", "mypy", "--no-error-summary"],
    "imports": ["-c", "from importlinter.cli import lint_imports_command as main; main(['--no-logo'])"],
}
PYTEST = ["-m", "pytest", "-q", "--durations=20", "--durations-min=5"]
# Half of the tests each, stealing at the end: neighbours share what is slow to make.
BY_TWO = ["-n", "2", "--dist=worksteal"]
# Over lines that the other tests cover: measuring them would take two to four times as long.
LONG = [
    *("tests/" + name for name in ("benchmarks", "browser", "data", "demo")),
    *(f"tests/docs/test_{name}.py" for name in ("readme", "tutorial")),
    *(f"tests/examples/test_{name}.py" for name in ("examples", "why")),
    *(f"tests/properties/test_{name}.py" for name in ("agreement", "lean", "meaning", "reorganisations")),
    "tests/properties/test_hazards_of_the_city.py",
]
ALONE = ["tests/spark/test_cluster.py"]  # starts six processes of Java: in one process of pytest, nothing beside it
RUNS = [
    [*PYTEST, *BY_TWO, "--cov", "--cov-report=", *("--ignore=" + path for path in LONG + ALONE)],
    [*PYTEST, *BY_TWO, *LONG],
    [*PYTEST, "-rs", *ALONE],
]
# Spark is published as source and needs no other package; its tests start a cluster and must not do so twice.
SPARK = ["-m", "pip", "install", "--require-hashes", "--no-deps", "--no-compile", "-qq", "-r", "requirements/spark.txt"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PACKAGES = ["chromium", "fonts-noto-cjk"]  # Debian's
# Per cent of lines and branches; only ever raised.
COVERAGE = {"src/huxue/core/*": 95, "src/huxue/*": 85}
CLOSING_LINE = re.compile(r"(?:=+ )?(\d+ [a-z]+(?:, \d+ [a-z]+)*) in [\d.]+s")


def main(words):
    """Prepare the environment, then run the command; return its exit code."""
    if sys.version_info < OLDEST:
        return complain("Huxue needs Python 3.11 or newer; this is " + sys.version.split()[0] + ".")
    command = words[0] if words else ""
    if not prepared("dev" if command in FOR_DEVELOPMENT else "runtime"):
        return 1
    os.environ["PYTHONPATH"] = str(HERE / "src")
    if command in FOR_DEVELOPMENT:
        os.chdir(HERE)
    if command == "lint":
        return 1 if sum(not passes(name) for name in CHECKS) else 0
    if command == "test" and words[1:]:
        return hand_over(["-m", "pytest", *words[1:]])
    if command == "test":
        return test()
    if command == "bench":
        return hand_over(["-m", "benchmarks", *words[1:]])
    return hand_over(["-m", "huxue", *(words or ["--help"])])


def complain(sentence):
    """Say why nothing can be done; return the exit code."""
    print(sentence, file=sys.stderr)
    return 1


def hand_over(arguments):
    """Become the environment's Python; returns only where a process cannot be replaced."""
    sys.stdout.flush()
    os.execv(PYTHON, [str(PYTHON), *arguments])  # noqa: S606 - no shell is wanted


def prepared(kind):
    """Make sure ``.venv`` holds the requirements of a kind, ``runtime`` or ``dev`` (which holds both)."""
    with one_at_a_time():
        version, installed, pins = stamp()
        if PYTHON.exists() and version == this_python() and pins == pins_now() and installed in (kind, "dev"):
            return True
        kind = "dev" if installed == "dev" else kind
        usable = PYTHON.exists() and version == this_python()
        return (usable or made()) and filled(kind)


@contextmanager
def one_at_a_time():
    """Let a second command started meanwhile wait until the first has installed everything."""
    try:
        import fcntl  # noqa: PLC0415 - not on every system, and the command works without it
    except ImportError:
        yield
        return
    with (HERE / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def stamp():
    """Return (Python version, kind, digest of the pins) of the finished installation, or three empty words."""
    words = STAMP.read_text("ascii").split() if STAMP.is_file() else []
    return words or ["", "", ""]


def this_python():
    """Return the version an environment is tied to."""
    return "{}.{}".format(*sys.version_info)


def pins_now():
    """Return a digest of both requirement files."""
    pins = [HERE.joinpath("requirements", name + ".txt").read_bytes() for name in ("runtime", "dev")]
    return hashlib.sha256(b"\0".join(pins)).hexdigest()


def made():
    """Make an empty environment, in place of a half-made or older one."""
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        complain("Python's venv module is missing; on Debian and Ubuntu: apt-get install python3-venv")
        return False
    step = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=False)
    return step.returncode == 0


def filled(kind):
    """Install the requirements of a kind; the stamp is written last, so an interrupted installation is redone."""
    STAMP.unlink(missing_ok=True)
    print(f"Installing the {kind} requirements into .venv, once …", file=sys.stderr, flush=True)
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    pins = str(HERE / "requirements" / f"{kind}.txt")
    step = subprocess.run([str(PYTHON), *PIP, "-r", pins], env=environment, check=False)
    if step.returncode:
        complain("The requirements could not be installed; pip says why above. Run the same command again.")
        return False
    STAMP.write_text(f"{this_python()} {kind} {pins_now()}\n", "ascii")
    return True


def test():
    """Run every check and every test; the last line counts them like pytest does, failed checks with failed tests."""
    begin = time.monotonic()
    failed = sum(not passes(name) for name in CHECKS)
    find_browser()
    find_spark()
    counts = tests()
    failed += sum(not covered(pattern, least) for pattern, least in COVERAGE.items())
    if failed:
        counts["failed"] = counts.get("failed", 0) + failed
    order = sorted(counts, key=lambda word: (word != "failed", word != "passed"))
    print(", ".join(f"{counts[word]} {word}" for word in order), f"in {time.monotonic() - begin:.2f}s")
    return 1 if {"failed", "error", "errors"} & counts.keys() or not counts.get("passed") else 0


def passes(name):
    """Run one check, show its words only where it fails, and tell whether it passed."""
    begin = time.monotonic()
    step = subprocess.run(
        [str(PYTHON), *CHECKS[name]], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    verdict = "failed" if step.returncode else "passed"
    print(f"{step.stdout if step.returncode else ''}{name}: {verdict} in {time.monotonic() - begin:.1f}s", flush=True)
    return step.returncode == 0


def find_browser():
    """Install Chromium for the tests in a real browser where we may; else say how to, and they are skipped."""
    if any(map(shutil.which, BROWSERS)):
        return
    wanted = " ".join(PACKAGES)
    apt = shutil.which("apt-get")
    if apt and hasattr(os, "geteuid") and os.geteuid() == 0:
        print(f"Installing {wanted} for the tests in a browser, once …", file=sys.stderr, flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *PACKAGES]):
            subprocess.run([apt, *words], env=quiet, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    if not any(map(shutil.which, BROWSERS)):
        complain(
            f"The tests in a browser are skipped: there is no Chromium. On Debian and Ubuntu: apt-get install {wanted}"
        )


def find_spark():
    """Install Spark for its tests where Java is (430 MB, once); else its tests say how to, and are skipped."""
    if not shutil.which("java") or list(VENV.glob("lib/python*/site-packages/pyspark")):
        return
    print("Installing Spark for its tests, once …", file=sys.stderr, flush=True)
    subprocess.run([str(PYTHON), *SPARK], check=False)


def tests():
    """Run pytest, what is measured first; return its counts summed up, one failure where a run broke down."""
    total = {}
    for words in RUNS:
        for word, count in pytest(words).items():
            total[word] = total.get(word, 0) + count
    return total


def pytest(words):
    """Run pytest once, passing its words on; return its counts, one failure where it broke down."""
    counts = {}
    with subprocess.Popen([str(PYTHON), *words], stdout=subprocess.PIPE, text=True) as run:
        for line in run.stdout:
            print(line, end="", flush=True)
            counts = counted(line) or counts
    if run.returncode and not {"failed", "error", "errors"} & counts.keys():
        counts["failed"] = 1
    return counts


def counted(line):
    """Return what pytest's closing line counts ("2 failed, 7 passed in 1.20s"), or nothing for another line."""
    closing = CLOSING_LINE.match(line)
    return {word: int(n) for n, word in re.findall(r"(\d+) ([a-z]+)", closing[1])} if closing else {}


def covered(pattern, least):
    """Tell whether the tests reach ``least`` per cent of the files; name the rest where they do not."""
    arguments = ["-m", "coverage", "report", f"--include={pattern}", f"--fail-under={least}", "--skip-covered", "-m"]
    step = subprocess.run([str(PYTHON), *arguments], stdout=subprocess.PIPE, text=True, check=False)
    found = re.findall(r"^TOTAL.*?([\d.]+)%", step.stdout, re.MULTILINE) or ["0"]
    print(step.stdout if step.returncode else "", f"coverage of {pattern}: {found[0]} % (at least {least})", sep="")
    return step.returncode == 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
