"""A transaction that writes waits for its turn at a file before it asks SQLite for the lock.

SQLite itself lets a writer sleep ever longer, up to a tenth of a second, while the lock is free in between. Here the
next one notices within one to ten milliseconds that the last has ended: eight writers wrote up to 1.6 times as much,
and the slowest hundredth waited half as long (docs/adr/0002). Only politeness: who does not get a turn in time asks
SQLite all the same, whose own lock is what keeps writers apart.
"""

from __future__ import annotations

import fcntl
import time
from pathlib import Path
from typing import IO, Any, Final

from django.db.backends.sqlite3 import base

PATIENCE: Final = 10.0  # seconds, half of what SQLite waits afterwards
SOON: Final = 0.001  # seconds between two looks at first
BRIEF: Final = 0.1  # seconds after which it looks less often
LATER: Final = 0.01


class Turn:
    """A place in the line of writers of one database: a lock on the file ``…-turn`` beside it."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._file: IO[bytes] | None = None

    def take(self, database: Path) -> None:
        """Wait until no other writer has its turn, at most ``PATIENCE``."""
        if self._file is None:
            self._file = database.with_name(f"{database.name}-turn").open("ab")
        begin = time.monotonic()
        while not _locked(self._file):
            waited = time.monotonic() - begin
            if waited > PATIENCE:
                return
            time.sleep(SOON if waited < BRIEF else LATER)

    def give(self) -> None:
        """Let the next one; harmless where there was no turn."""
        if self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def end(self) -> None:
        """Close the file, and let the next one."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _locked(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class DatabaseWrapper(base.DatabaseWrapper):
    """Takes a turn before BEGIN and gives it up after COMMIT or ROLLBACK, whether that worked or not."""

    def __init__(self, *args: Any, **words: Any) -> None:
        """Begin outside the line."""
        super().__init__(*args, **words)
        self._turn = Turn()

    def _start_transaction_under_autocommit(self) -> None:
        self._turn.take(Path(str(self.settings_dict["NAME"])))
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._turn.give()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]
        finally:
            self._turn.give()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._turn.give()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._turn.end()
