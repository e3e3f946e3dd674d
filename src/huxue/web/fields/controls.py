"""The controls of a form: one for each field and each role that may be given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from huxue.core.kinds import Field, Kind
from huxue.core.kinds.numbers import decimals_of
from huxue.core.kinds.places import SYSTEMS
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Language
from huxue.ledger.files import Kept
from huxue.web.fields.typed import FILES, PICKED, Typed, first

LINE: Final = 200  # a text that may be longer is given a box
FEW: Final = 7  # so many choices are shown at once; more go into a list
_LONG_ANYWAY: Final = 2_000


@dataclass(frozen=True, slots=True)
class Option:
    """One of the choices of a control."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class File:
    """A file of a form that is here already: ``value`` is what the form sends again."""

    value: str
    sha256: str
    name: str
    picture: bool


@dataclass(frozen=True, slots=True)
class Control:
    """One control. ``sort`` chooses its shape: see ``fields.html``."""

    name: str
    sort: str
    title: str
    hint: str = ""
    error: str = ""
    required: bool = False
    many: bool = False
    value: str = ""
    options: tuple[Option, ...] = ()
    source: str = ""  # address that a picker asks
    longest: int = 0
    unit: str = ""
    low: str = ""
    high: str = ""
    step: str = ""
    lat: str = ""
    lon: str = ""
    files: tuple[File, ...] = ()

    @property
    def id(self) -> str:
        """Name of the control as an anchor."""
        return self.name.replace(".", "-")


@dataclass(frozen=True, slots=True)
class Around:
    """What the controls of one form share."""

    rulebook: Rulebook
    lang: Language
    typed: Typed
    mistakes: Mapping[str, str]  # name of a control → sentence
    files: Mapping[str, Kept | None]  # sealed → what is known of it
    sources: Mapping[str, str]  # "organisation", "post", "person" → address of its picker


def of_field(name: str, field: Field, around: Around, *, required: bool) -> Control:
    """Return the control of a field."""
    control = f"f.{name}"
    shared: dict[str, Any] = {
        "name": control, "title": field.title.say(around.lang), "required": required, "many": field.many,
        "error": around.mistakes.get(control, ""), "value": first(around.typed, control), "hint": _hint(field, around),
    }  # fmt: skip
    return Control(**{**shared, **_shape(name, field, around)})


def _shape(name: str, field: Field, around: Around) -> dict[str, Any]:
    control, lang = f"f.{name}", around.lang
    match field.type:
        case "text":
            long = field.max_length > LINE
            return {"sort": "long" if long else "text", "longest": field.max_length}
        case "number" | "money":
            return {"sort": "number", **_bounds(field), "unit": ("元", "yuan")[lang == "en"] * (field.type == "money")}
        case "choice":
            return _choices(control, field, around)
        case "yes_no":
            words = {"zh": ("是", "否"), "en": ("Yes", "No")}[lang]
            said = first(around.typed, control)
            return {"sort": "radio", "options": tuple(
                Option(value, word, said == value) for value, word in zip(("yes", "no"), words, strict=True)
            )}  # fmt: skip
        case "date" | "time":
            return {"sort": "date" if field.type == "date" else "time"}
        case "place":
            system = first(around.typed, f"{control}.crs")
            return {
                "sort": "place", "lat": first(around.typed, f"{control}.lat"),
                "lon": first(around.typed, f"{control}.lon"),
                "options": tuple(Option(one, one.upper(), one == (system or SYSTEMS[0])) for one in SYSTEMS),
            }  # fmt: skip
        case "photo" | "file":
            return {"sort": "photo" if field.type == "photo" else "file", "files": _files(control, around)}
        case "signature":
            return {"sort": "text", "longest": LINE}
        case _:
            return _picked(control, field, around)


def _picked(control: str, field: Field, around: Around) -> dict[str, Any]:
    source = around.sources.get(f"{field.type}:{field.kind}" if field.type == "entry" else field.type, "")
    return {"sort": "pick", "source": source, "value": "；".join(around.typed.get(control, ()))}


def _choices(control: str, field: Field, around: Around) -> dict[str, Any]:
    said = set(around.typed.get(control, ()))
    listed = around.rulebook.lists.get(field.list, {})
    options = [Option(code, one.title.say(around.lang), code in said) for code, one in listed.items()]
    gone = [Option(code, code, chosen=True) for code in sorted(said - listed.keys())]  # of an older edition
    if field.many:
        return {"sort": "checks", "options": (*options, *gone)}
    return {"sort": "radio" if len(options) <= FEW else "select", "options": (*options, *gone)}


def _files(control: str, around: Around) -> tuple[File, ...]:
    found = []
    for value in around.typed.get(control, ()):
        kept = around.files.get(value)
        digest = value.partition(".")[0]
        found.append(File(value, digest, kept.name if kept else digest[:12], kept.picture if kept else False))
    return tuple(found)


def _bounds(field: Field) -> dict[str, str]:
    if field.many:
        return {}
    decimals = decimals_of(field)
    return {
        "low": "" if field.at_least is None else str(field.at_least),
        "high": "" if field.at_most is None else str(field.at_most),
        "step": f"0.{'0' * (decimals - 1)}1" if decimals else "1",
    }


def _hint(field: Field, around: Around) -> str:
    zh = around.lang == "zh"
    said = [field.help.say(around.lang)] if field.help else []
    if field.many and (field.type in PICKED or field.type == "signature"):
        said.append("可填多个，用分号隔开" if zh else "Several: separate them by semicolons")
    elif field.many and field.at_least and field.at_least > 1:
        said.append(f"至少 {field.at_least} 项" if zh else f"at least {field.at_least}")
    if field.type in ("number", "money") and not field.many:
        said += _said_bounds(field, zh=zh)
    if field.type in FILES and field.many and field.at_most:
        said.append(f"最多 {field.at_most} 个" if zh else f"at most {field.at_most}")
    if field.type == "signature":
        said.append("填签名人姓名；签名对应本表所填内容" if zh else "Name of who signs; it covers what this form says")
    if field.personal:
        said.append("个人信息：只有本单位和所涉单位可见，不存入草稿" if zh else
                    "Personal: seen only by the organisations concerned, not kept in drafts")  # fmt: skip
    return ("；" if zh else "; ").join(said)


def _said_bounds(field: Field, *, zh: bool) -> list[str]:
    low, high = field.at_least, field.at_most
    if low is not None and high is not None:
        return [f"{low} 至 {high}" if zh else f"{low} to {high}"]
    if low:
        return [f"不小于 {low}" if zh else f"at least {low}"]
    return [] if high is None else [f"不大于 {high}" if zh else f"at most {high}"]


def of_role(name: str, kind: Kind, around: Around, *, required: bool) -> Control:
    """Return the picker of the organisations in a role."""
    role = kind.roles.get(name)
    title = role.title.say(around.lang) if role else name
    many = role.many if role else True
    control = f"r.{name}"
    types = f"&type={','.join(role.types)}" if role and role.types else ""
    hint = "输入名称、拼音首字母或代码" if around.lang == "zh" else "Type a name, pinyin initials or a code"
    if many:
        hint += "；可填多个，用分号隔开" if around.lang == "zh" else "; several: separate them by semicolons"
    return Control(
        name=control, sort="pick", title=title, hint=hint, error=around.mistakes.get(control, ""), required=required,
        many=many, value="；".join(around.typed.get(control, ())),
        source=f"{around.sources['organisation']}?role={name}{types}",
    )  # fmt: skip
