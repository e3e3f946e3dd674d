"""The cluster of these tests; where Spark is not, they are skipped in one line that says how to add it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from huxue.standings.engines import spark
from tests.spark.standalone import Standalone, standalone


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standalone]:
    """A master and two workers."""
    lacking = spark.missing()
    if lacking:
        pytest.skip(lacking.en)
    with pytest.MonkeyPatch.context() as patch, standalone(tmp_path_factory.mktemp("spark"), workers=2) as one:
        for name in one.environment.keys() - {"PATH"}:
            patch.setenv(name, one.environment[name])
        yield one
