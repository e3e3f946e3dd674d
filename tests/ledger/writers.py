"""Work in several threads at once, each with a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

from django.db import connection

from huxue.core.values import Refused


def together(*work: Callable[[], object]) -> list[object]:
    """Run each piece of work in a thread of its own, all beginning at the same moment; return what each returns."""
    results: list[object] = [None] * len(work)
    start = Barrier(len(work))

    def run(place: int) -> None:
        start.wait()
        try:
            results[place] = work[place]()
        except Refused as refused:
            results[place] = refused.code
        finally:
            connection.close()

    threads = [Thread(target=run, args=(n,)) for n in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
