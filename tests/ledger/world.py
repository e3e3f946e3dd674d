"""Kinds and short ways to write drafts for the tests of the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from huxue.core.kinds import Kind
from huxue.ledger.append import append
from huxue.ledger.drafts import Draft, Receipt, new_id

DAY = 1440
NOW = 29_000_160  # 2025-02-20 02:40 or so


def titled(**more: Any) -> dict[str, Any]:
    return {"title": {"zh": "字段", "en": "Field"}, **more}


ROLES = {role: titled() for role in ("by", "with", "about", "to")}


def kind(code: str, shape: str, fields: Mapping[str, Any], **more: Any) -> Kind:
    return Kind.model_validate({"code": code, "shape": shape, "roles": ROLES, "fields": fields, **titled(), **more})


def after(*steps: str) -> dict[str, Any]:
    return {"from": steps}


def step(**more: Any) -> dict[str, Any]:
    return titled(**more)


KINDS = {
    found.code: found
    for found in (
        kind(
            "drill",
            "record",
            {
                "minutes": titled(type="number"),
                "drill_kind": titled(type="choice", list="drill-kinds", facet=True),
                "note": titled(type="text", search=True, max_length=100),
                "photos": titled(type="photo", many=True),
                "pupil": titled(type="person", personal=True),
                "pupil_name": titled(type="text", personal=True, search=True),
            },
        ),
        kind(
            "guard",
            "register",
            {"name": titled(type="text", search=True), "certified": titled(type="yes_no", facet=True)},
        ),
        kind(
            "hazard",
            "case",
            {"grade": titled(type="choice", list="grades", facet=True), "deadline": titled(type="date")},
            flow={
                "found": step(by=["inspector"]),
                "ordered": step(by=["supervisor"], **after("found")),
                "extended": step(by=["supervisor"], stays=True, **after("ordered")),
                "rectified": step(by=["school"], ends="fixed", **after("ordered")),
                "reopened": step(by=["public"], reopens=["fixed"]),
            },
        ),
        kind(
            "fault",
            "case",
            {"grade": titled(type="choice", list="grades", facet=True), "deadline": titled(type="date")},
            flow={
                "found": step(by=["supervisor", "school"], asks=["grade"]),
                "ordered": step(
                    by=["supervisor"], asks=["deadline"], within={"field": "deadline"}, **{"from": ["found"]}
                ),
                "rectified": step(by=["school"], **after("ordered")),
                "verified": step(
                    by=["verifier"], not_by=["found", "rectified"], ends="fixed", **{"from": ["rectified"]}
                ),
            },
        ),
    )
}


def draft(kind: str, verb: str = "record", at: int = NOW - DAY, **more: Any) -> Draft:
    return Draft(id=more.pop("id", None) or new_id(), kind=kind, verb=verb, at=at, **more)  # type: ignore[arg-type]


def drill(school: str = "S1", at: int = NOW - DAY, *, minutes: int = 10, **more: Any) -> Draft:
    fields = {"minutes": minutes, "drill_kind": "fire", **more.pop("fields", {})}
    return draft("drill", at=at, roles={"by": (school,)}, fields=fields, **more)


def organisation(  # noqa: PLR0913 - an organisation has that many sides
    code: str,
    parent: str = "",
    *,
    of: str = "school",
    verb: str = "open",
    at: int = NOW - 1000 * DAY,
    name: str = "",
    item: str = "",
    traits: Mapping[str, Any] | None = None,
    replaces: str = "",
) -> Draft:
    fields = {
        "code": code,
        "name": name or f"单位{code}",
        "type": of,
        "area": "",
        "parent": parent,
        "traits": traits or {},
    }
    about = {"about": (code,)}
    return draft(
        "organisation", verb, at, roles=about, fields={} if verb == "close" else fields, item=item or f"o-{code}",
        replaces=replaces,
    )  # fmt: skip


def take(*drafts: Draft, recorded: int = NOW) -> Sequence[Receipt]:
    return append(drafts, kinds=KINDS, recorded=recorded)


def tree() -> None:
    """A city, two counties, a township each, two schools each; the rows come upside down."""
    schools = [organisation(f"S{n}", f"T{(n + 1) // 2}") for n in (1, 2, 3, 4)]
    towns = [organisation(f"T{n}", f"C{n}", of="township") for n in (1, 2)]
    counties = [organisation(f"C{n}", "CITY", of="county") for n in (1, 2)]
    take(*schools, *towns, *counties, organisation("CITY", of="city"))
