"""What the ledger knows already, so that nobody types it again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from json import loads
from typing import Any, Final

from huxue.core.kinds import Kind
from huxue.organisations.tables import select
from huxue.web.fields.said import Known
from huxue.web.fields.typed import FILES, OWN, PREFIXES, Typed, code_in, first, moment_text, typed_value
from huxue.web.routing import Request
from huxue.web.rules import rules

_LONGEST: Final = 2_000  # characters of what an address may fill in
_ONCE: Final = (*FILES, "signature", "date", "time", "yes_no")  # said anew each time


def asked_for(request: Request) -> Typed:
    """Return what the address says: a page that leads here says what it knows."""
    return {
        name: [value[:_LONGEST] for value in request.GET.getlist(name)]
        for name in request.GET
        if (name in OWN and name != "id") or name.startswith(PREFIXES)
    }


def for_new(request: Request, kind: Kind, names: Iterable[str]) -> Typed:
    """Return what a new item begins with: the address's, the own organisation, its traits, where, who asks."""
    typed = asked_for(request)
    post = request.viewer.post
    if post is None:
        return typed
    if "about" in kind.roles and "r.about" not in typed and request.viewer.scope.single == post.organisation:
        typed["r.about"] = [f"{post.organisation_name} ({post.organisation})"]
    about = first(typed, "r.about")
    subject = code_in(about) if about else post.organisation
    fields = [name for name in names if not _said(typed, name)]
    for source in (_traits, _place, _self):
        typed |= source(request, kind, [name for name in fields if not _said(typed, name)], subject)
    return typed


def _said(typed: Typed, name: str) -> bool:
    return f"f.{name}" in typed or f"f.{name}.lat" in typed


def _traits(request: Request, kind: Kind, names: list[str], subject: str) -> Typed:
    """Numbers of pupils and the like, where a field is called as the trait is."""
    traits = rules(request).rulebook.traits
    wanted = [name for name in names if name in traits and kind.fields[name].type == "number"]
    rows = select("SELECT traits FROM organisations_organisation WHERE code = %s", subject) if wanted else []
    said: Mapping[str, Any] = loads(rows[0][0]) if rows else {}
    return {f"f.{n}": [str(said[n])] for n in wanted if type(said.get(n)) is int and not kind.fields[n].decimals}


def _place(_: Request, kind: Kind, names: list[str], subject: str) -> Typed:
    """Where the organisation's last item of this kind was."""
    wanted = [name for name in names if kind.fields[name].type == "place"]
    if not wanted:
        return {}
    sql = (
        "SELECT fields FROM ledger_fact WHERE organisation = %s AND kind = %s AND verb <> 'withdraw' "
        "ORDER BY at_min DESC LIMIT 3"
    )
    for (text,) in select(sql, subject, kind.code):
        said = loads(text)
        found: Typed = {}
        for name in wanted:
            if isinstance(said.get(name), dict) and "lat" in said[name]:
                found |= {f"f.{name}.{axis}": [said[name][axis]] for axis in ("lat", "lon", "crs")}
        if found:
            return found
    return {}


def _self(request: Request, kind: Kind, names: list[str], subject: str) -> Typed:
    """Whoever fills in a form about a person is, unless he says otherwise, that person, in his post."""
    viewer = request.viewer
    persons = [n for n in names if kind.fields[n].type == "person" and kind.fields[n].required]
    if not persons or viewer.post is None or subject != viewer.post.organisation:
        return {}
    found = {f"f.{name}": [f"{viewer.name} ({viewer.person})"] for name in persons if not kind.fields[name].many}
    posts = [n for n in names if kind.fields[n].type == "post" and kind.fields[n].required and not kind.fields[n].many]
    return found | {f"f.{name}": [viewer.post.post] for name in posts}


def of_values(request: Request, kind: Kind, fields: Mapping[str, Any], names: Iterable[str]) -> Typed:
    """Return stored values as they would be typed: what a correction or a change begins with."""
    known = Known(rules(request).rulebook, request.viewer, request.lang)
    known.want_fields(kind, fields)
    known.ask()
    user = request.viewer.user
    typed: Typed = {}
    for name in names:
        if fields.get(name) is not None:
            typed |= typed_value(
                name, kind.fields[name], fields[name], lists=known.rulebook.lists, labels=known.label,
                user=int(user.pk) if user else 0,
            )  # fmt: skip
    return typed


def like(request: Request, kind: Kind, fields: Mapping[str, Any]) -> Typed:
    """Return what an earlier item says, for one like it: without what belongs to its own day."""
    names = [name for name, declared in kind.fields.items() if declared.type not in _ONCE and not declared.personal]
    return of_values(request, kind, fields, names)


def moment(at: int) -> str:
    """Return a moment as it would be typed."""
    return moment_text(at)
