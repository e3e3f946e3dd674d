"""What can be read and written: the kinds, each with its declaration as a JSON schema."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from django.urls import reverse

from huxue.api.answers import answer
from huxue.core.kinds import Field, Kind, fields_of_step
from huxue.core.kinds.numbers import decimals_of
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Text
from huxue.web.routing import Request, route
from huxue.web.rules import APART, rules

_TEXTS: Final[dict[str, dict[str, Any]]] = {
    "date": {"type": "string", "format": "date"},
    "time": {"type": "string", "format": "date-time", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d$"},
    "yes_no": {"type": "boolean"},
    "photo": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    "file": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    "place": {
        "type": "object", "required": ["lat", "lon", "crs"], "additionalProperties": False,
        "properties": {name: {"type": "string"} for name in ("lat", "lon", "crs")},
    },
    "signature": {
        "type": "object", "required": ["person", "at", "sha256"], "additionalProperties": False,
        "properties": {"person": {"type": "string"}, "at": {"type": "integer"}, "sha256": {"type": "string"}},
    },
}  # fmt: skip


def every(request: Request) -> HttpResponse:
    """List the kinds."""
    book = rules(request).rulebook
    found = [
        {"code": code, "shape": kind.shape, "title": both(kind.title), "declaration": reverse("api_kind", args=[code]),
         "items": reverse("api_items", args=[code])}
        for code, kind in sorted(book.kinds.items())
        if code not in APART
    ]  # fmt: skip
    return answer({"rulebook": {"code": book.code, "edition": rules(request).edition.hash}, "kinds": found})


def one(request: Request, kind: str) -> HttpResponse:
    """Show the declaration of a kind."""
    declared, book = rules(request).kind(kind), rules(request).rulebook
    required = [name for name, field in declared.fields.items() if field.required]
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "additionalProperties": False,
        "properties": {name: schema_of(field, book) for name, field in declared.fields.items()},
        "required": required,
    }  # fmt: skip
    return answer({
        "code": declared.code, "shape": declared.shape, "title": both(declared.title), "values": schema,
        "written_by": list(declared.written_by), "roles": _roles(declared), "steps": _steps(declared),
    })  # fmt: skip


def schema_of(field: Field, book: Rulebook) -> dict[str, Any]:
    """Return one field as a JSON schema: numbers with decimals are strings, so that no digit is lost."""
    single = {**_single(field, book), "x-type": field.type}
    said: dict[str, Any] = {"type": "array", "items": single} if field.many else single
    if field.many:
        bounds = {"minItems": field.at_least, "maxItems": field.at_most}
        said |= {name: bound for name, bound in bounds.items() if bound is not None}
    said |= {
        "title": field.title.en,
        "x-title": both(field.title),
        "x-filter": field.facet,
        "x-personal": field.personal,
    }
    return said | ({"description": field.help.en, "x-help": both(field.help)} if field.help else {})


def _single(field: Field, book: Rulebook) -> dict[str, Any]:
    if field.type in _TEXTS:
        return dict(_TEXTS[field.type])
    if field.type == "choice":
        choices = book.lists.get(field.list, {})
        return {"type": "string", "enum": list(choices), "x-titles": {c: both(one.title) for c, one in choices.items()}}
    if field.type in ("number", "money"):
        return _number(field)
    return {"type": "string", "maxLength": field.max_length if field.type == "text" else 200}


def _number(field: Field) -> dict[str, Any]:
    decimals = decimals_of(field)
    if decimals:
        return {"type": "string", "pattern": rf"^-?\d+\.\d{{{decimals}}}$"}
    bounds = {} if field.many else {"minimum": field.at_least, "maximum": field.at_most}
    return {"type": "integer", **{name: bound for name, bound in bounds.items() if bound is not None}}


def _roles(kind: Kind) -> dict[str, Any]:
    return {
        name: {"title": both(role.title), "many": role.many, "required": role.required, "types": list(role.types)}
        for name, role in kind.roles.items()
    }


def _steps(kind: Kind) -> dict[str, Any]:
    return {
        name: {
            "title": both(step.title), "from": list(step.from_), "by": list(step.by), "asks": list(step.asks),
            "values": sorted(fields_of_step(kind, step)), "ends": step.ends, "opens": step.opening,
        }
        for name, step in kind.flow.items()
    }  # fmt: skip


def both(text: Text) -> dict[str, str]:
    """Return a text in both languages."""
    return {"zh": text.zh, "en": text.en}


ROUTES = [
    route("api/kinds", every, name="api_kinds", needs="see"),
    route("api/kinds/<slug:kind>", one, name="api_kind", needs="see"),
]
