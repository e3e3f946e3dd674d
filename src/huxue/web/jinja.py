"""The template engine: Jinja2 once for each language, so that words need no lookup while a page is made."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template import TemplateDoesNotExist
from django.template.backends.base import BaseEngine
from django.utils.safestring import SafeString, mark_safe
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from huxue.core.values import FAR, MINUTES_A_DAY, Language, Text, date_of
from huxue.web import burden, words
from huxue.web.addresses import address
from huxue.web.routing import has_url

LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")


class Bilingual(BaseEngine):
    """Django's template backend over two Jinja2 environments."""

    app_dirname = "templates"

    def __init__(self, params: Mapping[str, Any]) -> None:
        """Make both environments."""
        rest = dict(params)
        debug = bool(rest.pop("OPTIONS").get("debug"))
        super().__init__(rest)
        self._made = {lang: environment(lang, list(map(str, self.template_dirs)), debug=debug) for lang in LANGUAGES}

    def get_template(self, template_name: str) -> Template:
        """Return a template that knows its language when it is filled in."""
        try:
            self._made["zh"].get_template(template_name)
        except TemplateNotFound as problem:
            raise TemplateDoesNotExist(template_name, backend=self) from problem
        return Template(self, template_name)

    def fill(self, name: str, lang: Language, context: Mapping[str, Any]) -> str:
        """Return a template in one language, filled in."""
        return self._made[lang].get_template(name).render(context)


class Template:
    """A template as Django hands it about."""

    def __init__(self, engine: Bilingual, name: str) -> None:
        """Keep its name."""
        self._engine, self.name = engine, name

    def render(self, context: Mapping[str, Any] | None = None, request: HttpRequest | None = None) -> SafeString:
        """Fill it in."""
        asked: Any = request
        more = {} if asked is None else {"request": asked, "viewer": asked.viewer}
        lang: Language = "zh" if asked is None else asked.lang
        return mark_safe(self._engine.fill(self.name, lang, {**(context or {}), **more}))  # noqa: S308 - escaped by Jinja2


def environment(lang: Language, folders: list[str], *, debug: bool) -> Environment:
    """Return the environment of one language; a name that is not there is an error, never a blank."""
    made = _Spoken(
        loader=FileSystemLoader(folders), autoescape=True, undefined=StrictUndefined, auto_reload=debug,
        trim_blocks=True, lstrip_blocks=True, cache_size=-1,
    )  # fmt: skip
    made.spoken = LANGUAGES.index(lang)
    made.globals.update(
        t=_chooser(lang), say=lambda text: text.say(lang), lang=lang, url=address, has_url=has_url, static=static,
        csrf=csrf, icon=icon, shape=shape, day=day, moment=moment, until=lambda due, now: words.until(due, now, lang),
        long_day=lambda number: words.long_day(number, lang), number="{:,}".format, OPEN=FAR,
        burden_of=burden.in_the_foot,
        to=to, held=_holders(lang), period=lambda key, otherwise="": words.period(key, lang, otherwise=otherwise),
    )  # fmt: skip
    return made


class _Spoken(Environment):
    """An environment of one language: which of two constant texts is said is settled when a template is read."""

    spoken = 0  # 0 the first of two texts, 1 the second

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        found: nodes.Template = _Chosen(self.spoken).visit(super()._parse(source, name, filename))
        return found


class _Chosen(NodeTransformer):
    """Puts the text of one language in the place of ``t("中文", "English")``: a page says hundreds of them."""

    def __init__(self, spoken: int) -> None:
        """Remember the place of the language."""
        self.spoken = spoken

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - the visitor finds it by this name
        """Replace a call of ``t`` with two constants."""
        self.generic_visit(node)
        constant = all(isinstance(one, nodes.Const) for one in node.args)
        if (
            isinstance(node.node, nodes.Name)
            and node.node.name == "t"
            and len(node.args) == len(LANGUAGES)
            and constant
        ):
            return node.args[self.spoken]
        return node


def _chooser(lang: Language) -> Callable[[str, str], str]:
    return (lambda zh, _en: zh) if lang == "zh" else (lambda _zh, en: en)


@lru_cache(maxsize=256)
def static(name: str) -> str:
    """Return the address of a static file, with its digest, so that browsers may keep it for ever."""
    found = finders.find(name)
    if not found:
        raise FileNotFoundError(name)
    with open(found, "rb") as file:  # noqa: PTH123 - a str, as Django finds it
        return f"/static/{name}?v={hashlib.sha256(file.read()).hexdigest()[:12]}"


def csrf(request: HttpRequest) -> Markup:
    """Return the hidden field that says that a form is ours."""
    return Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">').format(get_token(request))


@lru_cache(maxsize=512)
def icon(name: str, more: str = "") -> Markup:
    """Return an icon of the sprite; it always stands beside a word."""
    classes = f"i {more}".strip()
    return Markup('<svg class="{}" aria-hidden="true"><use href="{}#i-{}"/></svg>').format(
        classes, static("img/icons.svg"), name
    )


@lru_cache(maxsize=64)
def shape(status: str) -> Markup:
    """Return the shape of a standing: met, pending, atrisk, overdue, excused, na."""
    return Markup('<svg class="sh" aria-hidden="true"><use href="#s-{}"/></svg>').format(status)


def to(address: str, text: object, cls: str = "") -> Markup:
    """Return a text that is a link where there is such a page (its address is not empty)."""
    more = f' class="{escape(cls)}"' if cls else ""
    if address:
        return Markup(f'<a href="{escape(address)}"{more}>{escape(text)}</a>')  # noqa: S704 - every part is escaped
    return Markup(f"<span{more}>{escape(text)}</span>")  # noqa: S704 - likewise


def _holders(lang: Language) -> Callable[[Any], str]:
    """Return what says who holds a post (``holders``: names), or that it is vacant."""
    vacant = Markup('<span class="tag">{}</span>').format("空缺" if lang == "zh" else "vacant")
    between = "、" if lang == "zh" else ", "
    return lambda post: between.join(post.holders) or vacant


def day(number: int | None) -> str:
    """Return a day as 2026-03-05; nothing for none and for the open end."""
    return "" if number is None or number >= FAR else date_of(number).isoformat()


def moment(minute: int | None) -> str:
    """Return a moment as 2026-03-05 14:30."""
    if minute is None or minute >= FAR * MINUTES_A_DAY:
        return ""
    of_day = minute % MINUTES_A_DAY
    return f"{day(minute // MINUTES_A_DAY)} {of_day // 60:02d}:{of_day % 60:02d}"


__all__ = ["Bilingual", "Text", "static"]
