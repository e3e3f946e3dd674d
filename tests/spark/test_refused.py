"""What the command line says where Spark, its master or its workers are not there. Needs no Spark."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from huxue.core.values import Refused
from huxue.standings.engines import spark
from huxue.standings.engines.spark import Cluster, _address, _schema


def refused(master: str) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        _address(master)
    return caught.value.code, caught.value.en


@pytest.mark.parametrize("master", ["", "yarn", "spark://", "spark://host", "http://127.0.0.1:7077", "local[two]"])
def test_what_is_no_master(master: str) -> None:
    assert refused(master) == ("bad_master", f"'{master}' is no Spark master; write spark://HOST:7077 or local[2].")


def test_a_master_that_does_not_answer() -> None:
    with socket.socket() as taken:  # bound and not listening: nobody else listens there either
        taken.bind(("127.0.0.1", 0))
        master = f"spark://127.0.0.1:{taken.getsockname()[1]}"
        assert refused(master) == ("no_master", f"The Spark master {master} cannot be reached: Connection refused")


def test_our_address_is_the_one_the_master_sees() -> None:
    with socket.create_server(("127.0.0.1", 0)) as there:
        assert _address(f"spark://127.0.0.1:{there.getsockname()[1]}") == "127.0.0.1"
    assert [_address(master) for master in ("local", "local[2]", "local[*]")] == ["127.0.0.1"] * 3


@pytest.mark.parametrize("java", ["", "no/such/folder"])
def test_no_java_is_said_with_the_way_to_add_it(java: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("JAVA_HOME", java)
    assert spark._java() == 0


@pytest.mark.parametrize(
    ("said", "version"), [('openjdk version "17.0.15"', 17), ('java version "1.8.0_402"', 8), ("who knows", 0)]
)
def test_the_version_of_java(said: str, version: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text(f"#!/bin/sh\necho '{said}' >&2\n", "ascii")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert spark._java() == version


def test_a_file_that_is_not_there_or_no_parquet(tmp_path: Path) -> None:
    (tmp_path / "deeds.parquet").write_bytes(b"PAR1 and then the power went")
    for name in ("spans", "deeds"):
        with pytest.raises(Refused, match="is missing or damaged") as caught:
            _schema(tmp_path / f"{name}.parquet")
        assert caught.value.code == "bad_set"


def test_where_spark_is_not_the_sentence_names_the_command(tmp_path: Path) -> None:
    lacking = spark.missing()
    if lacking is None:
        return
    with pytest.raises(Refused) as caught, spark.session(Cluster("local[2]", tmp_path)):
        pass
    assert (caught.value.code, caught.value.en) == (lacking.code, lacking.en)
    assert (spark.INSTALL in lacking.en) or (spark.INSTALL_JAVA in lacking.en)
