"""The kinds that every rulebook has: organisations, posts, holdings, excuses, verifications, measures, editions."""

from __future__ import annotations

from huxue.core.kinds import Field, Kind, Role
from huxue.core.values import Text


def _kind(code: str, shape: str, title: tuple[str, str], roles: tuple[str, ...], /, **fields: str) -> Kind:
    return Kind.model_validate(
        {
            "code": code,
            "shape": shape,
            "title": Text(zh=title[0], en=title[1]),
            "roles": {role: Role(title=Text(zh=role, en=role)) for role in roles},
            "fields": {
                name: Field.model_validate({"type": kind, "title": Text(zh=name, en=name)})
                for name, kind in fields.items()
            },
        }
    )


RESERVED_KINDS = {
    kind.code: kind
    for kind in (
        _kind(
            "organisation",
            "register",
            ("单位", "Organisation"),
            ("about",),
            code="organisation",
            name="text",
            type="text",
            area="text",
            parent="organisation",
            in_use_from="date",
        ),
        _kind("oversight", "register", ("分工监管", "Oversight"), ("by",), supervised="organisation", topic="text"),
        _kind("post", "register", ("岗位", "Post"), ("about",), code="post", organisation="organisation", type="text"),
        _kind("holding", "register", ("任职", "Holding"), ("about",), post="post", person="person"),
        _kind(
            "excuse",
            "record",
            ("免除", "Excuse"),
            ("about",),
            duty="text",
            **{"from": "date"},
            to="date",
            reason="text",
        ),
        _kind("verification", "record", ("核验", "Verification"), ("by", "about"), result="text", spot="yes_no"),
        _kind(
            "measure",
            "record",
            ("督责措施", "Measure"),
            ("by", "about"),
            ladder="text",
            duty="text",
            measure="text",
            decision="text",
            until="date",
            reason="text",
            number="text",
            episodes="text",
        ),
    )
}
