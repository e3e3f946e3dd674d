"""A county with a school, a kindergarten and a department, for the tests of derived records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from huxue.actions.facts import By
from huxue.actions.rulebooks import activate, read_rulebook
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import day_of, minute_of
from huxue.ledger.append import append
from huxue.ledger.drafts import Draft, new_id

NOW = minute_of(datetime(2026, 6, 30, 12))  # noqa: DTZ001 - civil time of the site
TODAY = NOW // 1440
OFFICE = By("文旅局/officer")
SQUARE = "31.2100, 107.4700; 31.2100, 107.4710; 31.2090, 107.4710; 31.2090, 107.4700 (wgs84)"


def day(text: str) -> int:
    return day_of(date.fromisoformat(text))


def moment(text: str) -> int:
    return minute_of(datetime.fromisoformat(text if len(text) > 10 else f"{text}T09:00"))


@cache
def rulebook() -> Rulebook:
    found, problems = read_rulebook("city")
    assert found is not None
    assert problems == []
    return found


def place(lat: str, lon: str, crs: str = "wgs84") -> dict[str, str]:
    return {"lat": lat, "lon": lon, "crs": crs}


@dataclass
class Town:
    """A county with a school, a kindergarten and a department, and a short way to write facts into its ledger."""

    drafts: list[Draft] = field(default_factory=list)

    def settle(self) -> None:
        """Activate the rulebook with every family and open the organisations."""
        activate("city", families=list(rulebook().families), valid_from=day("2020-01-01"), now=moment("2020-01-01"))
        for code, of, parent, traits in (
            ("沐河县", "county-government", "", {}),
            ("文旅局", "county-department", "沐河县", {}),
            ("青禾小学", "school", "沐河县", {"level": "primary"}),
            ("小鹿幼儿园", "school", "沐河县", {"level": "kindergarten"}),
            ("某培训机构", "school", "沐河县", {"level": "training"}),
        ):
            fields = {"code": code, "name": code, "type": of, "parent": parent, "area": "", "traits": traits}
            self.add("organisation", "open", "2020-01-01", {"about": (code,)}, fields)
        told = {"supervised": "沐河县", "topic": "culture"}
        self.add("oversight", "open", "2020-01-01", {"by": ("文旅局",)}, told)
        for code in ("文旅局/officer", "青禾小学/principal"):
            about = {"about": (code.partition("/")[0],)}
            fields = {"code": code, "organisation": about["about"][0], "type": code.partition("/")[2]}
            self.add("post", "open", "2020-01-01", about, fields)
            self.add("holding", "open", "2020-01-01", about, {"post": code, "person": f"人{code}"})
        self.send()

    def add(  # noqa: PLR0913 - a fact has that many parts
        self,
        kind: str,
        verb: str,
        at: str,
        roles: Mapping[str, tuple[str, ...]],
        fields: Mapping[str, Any],
        *,
        item: str = "",
        step: str = "",
        replaces: str = "",
        reference: str = "",
    ) -> str:
        """Keep a fact to be sent; return its id."""
        uid = new_id()
        draft = Draft(
            id=uid,
            kind=kind,
            verb=verb,  # type: ignore[arg-type]
            at=moment(at),
            roles=roles,
            fields=fields,
            item=item,
            step=step,
            replaces=replaces,
            reference=reference,
        )
        self.drafts.append(draft)
        return uid

    def send(self, now: int = NOW) -> None:
        append(self.drafts, kinds=rulebook().kinds, recorded=now)
        self.drafts = []

    def hazard(self, found: str, fixed: str = "", **fields: Any) -> str:
        """A hazard that was found on a day, and fixed on another."""
        told = {"category": "fire", "area": "campus", "location": "三楼 东侧楼梯", "grade": "minor", **fields}
        about = {"by": ("文旅局",), "about": ("青禾小学",)}
        item = self.add("hazard", "step", found, about, told, step="found")
        if fixed:
            self.add("hazard", "step", fixed, about, {"measures": "清理"}, item=item, step="fixed_at_once")
        return item

    def ill(self, at: str, cases: int, name: str = "三年级2班", symptom: str = "vomiting") -> str:
        told = {"unit": "class", "name": name, "symptom": symptom, "cases": cases}
        return self.add("illness", "record", at, {"by": ("青禾小学",)}, told)

    def camera(self, on: str, device: str, minutes: int, online: int) -> str:
        told = {"device": device, "day": on, "minutes": minutes, "online_minutes": online}
        return self.add("camera-status", "record", on, {"by": ("青禾小学",)}, told)

    def venue(self, at: str, lat: str, lon: str, **fields: Any) -> str:
        told = {"name": "星河网吧", "sort": "internet-cafe", "place": place(lat, lon), **fields}
        return self.add("venue", "open", at, {"by": ("文旅局",)}, told)

    def site(self, at: str, school: str = "青禾小学", **fields: Any) -> str:
        return self.add("school-site", "open", at, {"by": (school,)}, fields or {"boundary": SQUARE})
