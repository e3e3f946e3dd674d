"""What the command line says where Spark, its master or its workers are not there. Needs no Spark."""

from __future__ import annotations

import importlib.util
import socket
import sys
from pathlib import Path

import pytest

from huxue.core.values import Refused
from huxue.standings.engines import spark
from huxue.standings.engines.spark import Cluster, _address, _schema
from tests.repository.files import ROOT


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


def test_without_spark_the_sentence_names_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)  # Python's own way to say that there is none
    with pytest.raises(Refused) as caught, spark.session(Cluster("local[2]", tmp_path)):
        pass
    assert (caught.value.code, caught.value.en, caught.value.zh) == (
        "no_spark",
        f"Spark is not installed here; add it by: {spark.INSTALL}",
        f"本机没有安装 Spark，请运行：{spark.INSTALL}",
    )


@pytest.mark.skipif(importlib.util.find_spec("pyspark") is None, reason=f"Spark is not installed: {spark.INSTALL}")
def test_without_java_the_sentence_names_the_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("JAVA_HOME", "")
    with pytest.raises(Refused) as caught, spark.session(Cluster("local[2]", tmp_path)):
        pass
    assert (caught.value.code, caught.value.en) == (
        "no_java",
        f"Spark needs Java 17 and there is no Java here; on Debian and Ubuntu: {spark.INSTALL_JAVA}",
    )


@pytest.mark.parametrize("language", ["", ".zh-CN"])
def test_the_page_has_the_commands(language: str) -> None:
    page = (ROOT / "docs" / f"spark{language}.md").read_text("utf-8")
    assert [one for one in (spark.INSTALL, spark.INSTALL_JAVA) if one not in page] == []
