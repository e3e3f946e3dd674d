"""A form of a kind, from the first look to the receipt: what it asks, what was typed, what is wrong, what is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from huxue.core.kinds import Checker, Kind, checked_roles
from huxue.core.kinds.times import read_date, read_time
from huxue.core.kinds.wrong import Wrong
from huxue.core.values import MINUTES_A_DAY, Refused, minute_of
from huxue.ledger import candidates, files
from huxue.ledger.attachments import arrived
from huxue.ledger.drafts import Receipt, canonical, new_id
from huxue.organisations.tables import select_in
from huxue.web import drafts, timings
from huxue.web.after import after_write
from huxue.web.fields.controls import Around, Control, Option, of_field, of_role
from huxue.web.fields.typed import (
    FILES,
    Typed,
    code_in,
    first,
    moment_text,
    parts,
    raw_value,
    sealed,
    typed_of,
)
from huxue.web.pages import page
from huxue.web.routing import Request
from huxue.web.rules import rules

MOST_BYTES: Final = "FILE_BYTES"  # the setting
SCOPED: Final = ("about",)  # roles whose organisations must be within reach; others may stand beside or above


class Given(NamedTuple):
    """What a form gives to a verb: values as typed, organisations by role, the moment, the id of the submission."""

    values: dict[str, Any]
    roles: dict[str, tuple[str, ...]]
    at: int
    id: str
    reference: str
    makeup: bool


@dataclass(slots=True)
class Form:
    """A form. ``fields``: name → whether it must be filled; ``at``: "time", "date" or "" (no moment is asked)."""

    request: Request
    kind: Kind
    title: str
    button: str
    fields: Mapping[str, bool]
    roles: Mapping[str, bool] = field(default_factory=dict)
    step: str = ""
    at: str = "time"
    at_title: str = ""
    back: str = ""
    typed: Typed = field(default_factory=dict)
    mistakes: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)  # of the form as a whole
    makeup: bool = False  # offers 补办
    signed: tuple[str, ...] = ()  # hashes of what was signed
    lead: Sequence[tuple[str, str]] = ()  # what is known already and not asked again

    @property
    def key(self) -> str:
        """Name of its draft: the address."""
        return self.request.path

    @property
    def user(self) -> int:
        """Number of the account."""
        account = self.request.viewer.user
        return int(account.pk) if account else 0

    @property
    def personal(self) -> set[str]:
        """Controls whose values no draft keeps."""
        return {f"f.{name}" for name in self.fields if self.kind.fields[name].personal}

    def show(self, status: int = 200) -> HttpResponse:
        """Return the page of the form as it stands."""
        request = self.request
        draft = drafts.kept(self.user, self.key, now=request.now) if request.method == "GET" else None
        if draft and request.GET.get("draft"):
            self.typed, draft = {**self.typed, **draft.typed}, None
        controls = self.controls()
        return page(
            request, "forms/form.html", status, form=self, controls=controls, id=self.id(), draft=draft,
            opened=request.POST.get("opened") or timings.opened(), mistakes=self.summary(controls),
        )  # fmt: skip

    def id(self) -> str:
        """Return the id of the submission: that of the form as it was sent before, else a new one."""
        return first(self.typed, "id") or new_id()

    def controls(self) -> list[Control]:
        """Return the controls in order: who and when first, then what."""
        around = self._around()
        found = [of_role(name, self.kind, around, required=must) for name, must in self.roles.items()]
        if self.at:
            found.append(self._at(around))
        found += [of_field(n, self.kind.fields[n], around, required=must) for n, must in self.fields.items()]
        return [self._listed(one) for one in found]

    def _at(self, around: Around) -> Control:
        value = first(self.typed, "at") or moment_text(self.request.now)
        zh = "起始日期" if self.at == "date" else "发生时间"
        en = "From" if self.at == "date" else "When it happened"
        return Control(
            "at", self.at, self.at_title or (zh if around.lang == "zh" else en), required=True,
            value=value[:10] if self.at == "date" else value, error=self.mistakes.get("at", ""),
        )  # fmt: skip

    def _around(self) -> Around:
        pick = {sort: reverse("pick", kwargs={"sort": sort}) for sort in ("organisation", "post", "person")}
        registers = {one.kind for name in self.fields if (one := self.kind.fields[name]).type == "entry" and one.kind}
        pick |= {f"entry:{code}": reverse("pick_entry", kwargs={"kind": code}) for code in registers}
        kept = {
            value: files.found(settings.SITE, value.partition(".")[0])
            for name in self.fields if self.kind.fields[name].type in FILES
            for value in self.typed.get(f"f.{name}", ())
        }  # fmt: skip
        found = rules(self.request)
        return Around(found.rulebook, self.request.lang, self.typed, self.mistakes, kept, pick)

    def _listed(self, control: Control) -> Control:
        """Return a picker of entries as a list of choices, where the organisation has few of them."""
        name = control.name.removeprefix("f.")
        declared = self.kind.fields.get(name) if control.name.startswith("f.") else None
        if declared is None or declared.type != "entry" or not declared.kind or declared.many:
            return control
        own, rulebook = self._subject(), rules(self.request).rulebook
        register = rulebook.kinds.get(declared.kind)
        if not own or register is None or register.shape != "register":
            return control
        some = candidates.listed(self.request.viewer, register, rulebook, self.request.lang, own=own)
        said = code_in(control.value)
        if not some or (said and said not in {one.code for one in some}):
            return control
        options = tuple(Option(one.code, one.name, one.code == said) for one in some)
        return _as_list(control, options)

    def _subject(self) -> str:
        """Return the organisation that the form is about, else the own one."""
        about = parts(self.typed, "r.about")
        post = self.request.viewer.post
        return code_in(about[0]) if about else (post.organisation if post else "")

    def summary(self, controls: Sequence[Control]) -> list[tuple[str, str]]:
        """Return everything wrong, each with the control it leads to, in the order of the page."""
        join = "：" if self.request.lang == "zh" else ": "
        found = [("", sentence) for sentence in self.wrong]
        return found + [(one.id, f"{one.title}{join}{one.error}") for one in controls if one.error]

    def answer(self, do: Callable[[Given], Receipt]) -> HttpResponse:
        """Answer what was sent: the verb's receipt and the page of the item, or the form with all that is wrong."""
        request = self.request
        self.typed = typed_of(request.POST)
        self._take_files()
        if "drop" in request.POST:
            self._drop(request.POST["drop"])
            return self.show()
        given = self._given()
        if self.mistakes or self.wrong:
            return self._again()
        try:
            receipt = do(given)
        except Refused as refused:
            self._refused(refused, given)
            return self._again()
        return self._done(receipt, given)

    def _again(self) -> HttpResponse:
        drafts.keep(self.user, self.key, self.typed, personal=self.personal, now=self.request.now)
        return self.show(422)

    def _done(self, receipt: Receipt, given: Given) -> HttpResponse:
        request = self.request
        drafts.drop(self.user, self.key)
        if not receipt.earlier:
            self._arrived()
            timings.count(f"{self.kind.code}{':' * bool(self.step)}{self.step}", request.viewer,
                          request.POST.get("opened", ""))  # fmt: skip
            own = {request.viewer.post.organisation} if request.viewer.post else set()
            concerned = own.union(*given.roles.values())
            after_write(request, receipt, kind=self.kind.code, organisations=concerned)
        address = reverse("item", kwargs={"kind": self.kind.code, "item": receipt.item})
        return redirect(f"{address}?receipt={receipt.id}")

    def _refused(self, refused: Refused, given: Given) -> None:
        if refused.code != "different_content":
            self.wrong.append(refused.say(self.request.lang))
            return
        zh = "这份表单先前已提交过一次，但内容与现在不同。先前的已保存；如要改动，请在该事项页面使用“更正”。"
        en = "This form was sent once already with other content. That one is kept; to change it, use 'Correct' there."
        self.wrong.append(zh if self.request.lang == "zh" else en)
        self.typed["id"] = [given.id]

    def _given(self) -> Given:
        values = {n: raw_value(n, self.kind.fields[n], self.typed, user=self.user) for n in self.fields}
        roles = self._roles()
        at = self._moment()
        self._picked(values)
        self._sign(values, at)
        checked = _checker(self.request, self.kind).check(values, step=self.step)
        for mistake in checked.mistakes:
            said = mistake.zh if self.request.lang == "zh" else mistake.en
            self.mistakes.setdefault(f"f.{mistake.field}", said)
        return Given(
            {n: v for n, v in values.items() if v is not None}, roles, at, first(self.typed, "id") or new_id(),
            first(self.typed, "reference"), bool(first(self.typed, "makeup")) and self.makeup,
        )  # fmt: skip

    def _moment(self) -> int:
        """Return the moment said; a day is its first minute."""
        if not self.at:
            return self.request.now
        said = first(self.typed, "at")
        try:
            text = read_date(said) if self.at == "date" else read_time(said)
        except Wrong as wrong:
            self.mistakes["at"] = wrong.zh if self.request.lang == "zh" else wrong.en
            return self.request.now
        minute = minute_of(datetime.fromisoformat(text))
        if minute > self.request.now + MINUTES_A_DAY:
            zh, en = "发生时间晚于当前时间", "this lies in the future"
            self.mistakes["at"] = zh if self.request.lang == "zh" else en
        return minute

    def _roles(self) -> dict[str, tuple[str, ...]]:
        """Return the organisations of each role asked for; names typed in full are told apart, strangers refused."""
        said = {name: parts(self.typed, f"r.{name}") for name in self.roles}
        found: dict[str, tuple[str, ...]] = {}
        for name, texts in said.items():
            codes = self._organisations(f"r.{name}", texts, only_within=name in SCOPED)
            if codes:
                found[name] = tuple(codes)
        for name, must in self.roles.items():
            if must and not said[name]:
                self.mistakes[f"r.{name}"] = "必填" if self.request.lang == "zh" else "is required"
        types = _types(code for codes in found.values() for code in codes)
        own = self.request.viewer.post.organisation if self.request.viewer.post else ""
        for wrong in checked_roles(self.kind, {**found, "by": (own,)}, type_of=lambda code: types.get(code, "")):
            if wrong.field in self.roles:
                self.mistakes.setdefault(f"r.{wrong.field}", wrong.zh if self.request.lang == "zh" else wrong.en)
        return found

    def _organisations(self, control: str, texts: list[str], *, only_within: bool) -> list[str]:
        viewer = self.request.viewer
        codes = [code_in(text) for text in texts]
        known = candidates.may_name(viewer, codes, only_within=only_within)
        named = candidates.by_name(viewer, [t for t, c in zip(texts, codes, strict=True) if c not in known],
                                   only_within=only_within)  # fmt: skip
        found = []
        for text, code in zip(texts, codes, strict=True):
            one = code if code in known else named.get(text, "")
            if not one:
                zh = f"在您的范围内没有找到“{text}”，请从提示中选择，或填单位代码"
                en = f"'{text}' was not found within your reach: pick it from what is offered, or type its code"
                self.mistakes[control] = zh if self.request.lang == "zh" else en
            elif one not in found:
                found.append(one)
        return found

    def _picked(self, values: dict[str, Any]) -> None:
        """Tell organisations apart that a field names."""
        for name in self.fields:
            declared = self.kind.fields[name]
            if declared.type == "organisation" and values[name]:
                codes = self._organisations(f"f.{name}", parts(self.typed, f"f.{name}"), only_within=False)
                values[name] = codes if declared.many else (codes[0] if len(codes) == 1 else values[name])

    def _sign(self, values: dict[str, Any], at: int) -> None:
        """Make the signatures: who, when, and the hash of what this form says, which is kept under it."""
        names = [n for n in self.fields if self.kind.fields[n].type == "signature" and values[n]]
        if not names:
            return
        open_ones = [
            n for n in self.fields if n not in names and not self.kind.fields[n].personal
        ]  # it cannot be erased
        rest = {n: values[n] for n in open_ones if values[n] is not None}
        text = canonical({"kind": self.kind.code, "step": self.step, "at": at, "fields": rest})
        digest = files.keep_text(settings.SITE, text, now=self.request.now).sha256
        self.signed = (digest,)
        for name in names:
            declared = self.kind.fields[name]
            signed = [_signature(person, at, digest) for person in parts(self.typed, f"f.{name}")]
            values[name] = signed if declared.many else signed[0]

    def _take_files(self) -> None:
        """Keep the files that came with the form, so that nothing has to be chosen twice."""
        for name in self.fields:
            declared = self.kind.fields[name]
            if declared.type not in FILES:
                continue
            for sent in self.request.FILES.getlist(f"up.{name}"):
                try:
                    kept = keep_sent(self.request, sent, pictures_only=declared.type == "photo")
                except Refused as refused:
                    self.mistakes[f"f.{name}"] = refused.say(self.request.lang)
                    continue
                value = sealed(kept.sha256, self.user)
                before = self.typed.get(f"f.{name}", []) if declared.many else []
                self.typed[f"f.{name}"] = [*before, *([value] if value not in before else [])]

    def _arrived(self) -> None:
        """Mark the files as present that came before the fact that names them."""
        names = [name for name in self.fields if self.kind.fields[name].type in (*FILES, "signature")]
        if any(self.typed.get(f"f.{name}") for name in names):
            said = {value.partition(".")[0] for name in names for value in self.typed.get(f"f.{name}", ())}
            for digest in {*said, *self.signed}:
                if files.found(settings.SITE, digest):
                    arrived(digest)

    def _drop(self, value: str) -> None:
        for name in self.fields:
            if self.kind.fields[name].type in FILES:
                self.typed[f"f.{name}"] = [one for one in self.typed.get(f"f.{name}", ()) if one != value]


def keep_sent(request: Request, sent: UploadedFile, *, pictures_only: bool) -> files.Kept:
    """Keep a file that was sent. Refuses as ``files.keep``."""
    most = int(getattr(settings, MOST_BYTES))
    name = files.shortened(sent.name or "")
    if (sent.size or 0) > most:
        raise files.too_large(name, most)
    return files.keep(settings.SITE, sent.read(), name=name, now=request.now, most=most, pictures_only=pictures_only)


def _signature(person: str, at: int, digest: str) -> Any:
    """Return a signature; one that was given before stands as it was."""
    return person if "#" in person else {"person": code_in(person), "at": at, "sha256": digest}


def _as_list(control: Control, options: tuple[Option, ...]) -> Control:
    return Control(
        control.name, "select", control.title, control.hint, control.error, control.required, options=options,
        value=control.value,
    )  # fmt: skip


def _types(codes: Any) -> dict[str, str]:
    return dict(select_in("SELECT code, type FROM organisations_organisation WHERE code IN ({})", sorted(set(codes))))


def _checker(request: Request, kind: Kind) -> Checker:
    return rules(request).checker(kind.code)
