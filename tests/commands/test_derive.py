"""``huxue derive`` on the command line: what it says, and that a second run writes nothing."""

from __future__ import annotations

import json

import pytest

from huxue.commands.main import main
from huxue.core.facts import known
from huxue.core.values import FAR
from huxue.ledger.reading import of_kinds
from tests.actions.county import Town
from tests.sites import Site


@pytest.fixture
def county(sqlite_site: Site) -> Town:
    """A county with three cases in a class, and a boundary that crosses itself."""
    made = Town()
    made.settle()
    made.ill("2026-03-02", 3)
    made.site("2026-01-05", boundary="31.21, 107.47; 31.209, 107.471; 31.21, 107.471; 31.209, 107.47 (wgs84)")
    made.send()
    return made


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[str]]:
    capsys.readouterr()
    code = main(["derive", *words])
    return code, capsys.readouterr().out.splitlines()


def test_what_it_says(county: Town, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--only", "cluster", "--as-of", "2026-06-30")
    assert said(capsys, *words, "--dry-run", "--lang", "en") == (
        0, [("Cluster of similar symptoms in a class or dormitory: 1 new, 0 corrected, 0 withdrawn, 0 unchanged "
            "(dry run, nothing was written)")],
    )  # fmt: skip
    assert said(capsys, *words) == (0, ["同班或同宿舍相似症状聚集：新增 1，更正 0，撤回 0，不变 0"])
    assert said(capsys, *words) == (0, ["同班或同宿舍相似症状聚集：新增 0，更正 0，撤回 0，不变 1"])


def test_what_could_not_be_read_is_listed(county: Town, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = said(capsys, "--only", "distance", "--as-of", "2026-06-30", "--lang", "en")
    assert (code, lines[1].split("  ")[2].partition(" (")[0]) == (1, "boundary: the boundary is no simple ring")


def test_as_json(county: Town, capsys: pytest.CaptureFixture[str]) -> None:
    _, lines = said(capsys, "--as-of", "2026-06-30", "--json", "--lang", "en")
    found = {one["derivation"]: one for one in json.loads("\n".join(lines))}
    assert {code: one["new"] for code, one in found.items()} == {
        "illness-cluster": 1, "hazard-recurrence": 0, "internet-cafe-distance": 0, "camera-online-rate": 0,
    }  # fmt: skip


def test_a_refusal_is_a_sentence(county: Town, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "--only", "nothing", "--lang", "en"]) == 2
    assert capsys.readouterr().err.startswith("the rulebook has no derivation 'nothing' but: ")


def test_why_leads_from_the_duty_to_the_facts(county: Town, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "--as-of", "2026-06-30")
    (signal,) = known(of_kinds(["signal"], known_at=FAR // 2), FAR // 2)
    main(["why", "青禾小学", "school.cluster-reported", "--as-of", "2026-06-30"])
    lines = capsys.readouterr().out.splitlines()
    at = next(n for n, line in enumerate(lines) if line.endswith(f"[{signal.id}]"))
    assert [line.strip(" └").partition("：")[0] for line in lines[at : at + 4]] == [
        "起因", "推导规则", "参数", "依据 1 条事实",
    ]  # fmt: skip
