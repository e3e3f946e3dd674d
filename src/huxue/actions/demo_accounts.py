"""Accounts of the demonstration: one of every role, in a county that is behind and a school that owes something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from django.contrib.auth.hashers import make_password

from huxue.access.models import User
from huxue.core.values import Text
from huxue.demo.names import person as invented
from huxue.demo.world import CITY
from huxue.ledger.models import Fact
from huxue.organisations.models import OPEN, Holding, Organisation

PASSWORD: Final = "huxue-demo-2026"  # noqa: S105 - it is printed for everybody to see
LAZY: Final = 3  # place of the county that is behind
_PEOPLE: Final[Sequence[tuple[str, str, str, str, str]]] = (
    ("leader", "{city}/head", "沈国安", "{city_name}市长", "head of {city_name}"),
    ("city-officer", "{city}/joint-office", "林知远", "{city_name}联席会议办公室主任", "joint office of {city_name}"),
    ("county-leader", "{county}/deputy", "何立民", "{county_name}分管副县长", "deputy head of {county_name}"),
    ("county-officer", "{county}/joint-office", "唐雨生", "{county_name}联席会议办公室主任",
     "joint office of {county_name}"),
    ("bureau-leader", "{county}-education/deputy", "韩书琴", "{county_name}教育局分管副局长",
     "deputy head of the education bureau of {county_name}"),
    ("bureau-officer", "{county}-education/officer", "周文静", "{county_name}教育局经办人",
     "officer of the education bureau of {county_name}"),
    ("police-officer", "{county}-police/officer", "赵刚", "{county_name}公安局经办人",
     "officer of the police of {county_name}"),
    ("inspector", "{county}-education/inspector", "马志强", "{county_name}教育局检查员",
     "inspector of the education bureau of {county_name}"),
    ("principal", "{school}/principal", "陈桂兰", "{school_name}校长", "principal of {school_name}"),
    ("safety-officer", "{school}/safety-director", "吴海涛", "{school_name}安全主任",
     "safety director of {school_name}"),
)  # fmt: skip
_ADMINISTRATORS: Final[Sequence[tuple[str, str, str, Text]]] = (
    ("system", "system", "系统管理员", Text(zh="系统管理员", en="system administrator")),
    ("security", "security", "安全管理员", Text(zh="安全管理员", en="security administrator")),
    ("auditor", "audit", "审计管理员", Text(zh="审计管理员", en="audit administrator")),
)

TITLES: Final = (  # for the sign-in page of a demonstration, in the order in which they are tried out
    ("safety-officer", Text(zh="学校安全主任", en="School safety director")),
    ("principal", Text(zh="校长", en="Principal")),
    ("bureau-officer", Text(zh="县教育局", en="Education bureau")),
    ("police-officer", Text(zh="县公安局", en="Police")),
    ("inspector", Text(zh="检查员", en="Inspector")),
    ("county-officer", Text(zh="县联席办", en="Joint office of a county")),
    ("county-leader", Text(zh="分管副县长", en="Deputy head of a county")),
    ("bureau-leader", Text(zh="教育局分管领导", en="Deputy head of a bureau")),
    ("city-officer", Text(zh="市联席办", en="Joint office of the city")),
    ("leader", Text(zh="市长", en="Head of the city")),
    ("system", Text(zh="系统管理员", en="System")),
    ("security", Text(zh="安全管理员", en="Security")),
    ("auditor", Text(zh="审计管理员", en="Audit")),
)


class Made(NamedTuple):
    """An account that was made, and what it is."""

    username: str
    what: Text


def make_demo_accounts() -> list[Made]:
    """Make an account of every role for people of the demonstration; all have the password ``PASSWORD``."""
    counties = list(Organisation.objects.filter(type="county-government").order_by("code"))
    county = counties[min(LAZY, len(counties) - 1)]
    school = _school(county.path)
    places = {"city": CITY, "county": county.code, "school": school.code}
    names = places | {"city_name": _name(CITY), "county_name": county.name, "school_name": school.name}
    password = make_password(PASSWORD)  # once for all: making it is slow on purpose
    found = []
    for username, post, name, zh, en in _PEOPLE:
        (person,) = _holders(post.format(**places))
        User.objects.create(username=username, password=password, name=name, person=person)
        found.append(Made(username, Text(zh=zh.format(**names), en=en.format(**names))))
    for username, administers, name, what in _ADMINISTRATORS:
        User.objects.create(username=username, password=password, name=name, administers=administers)
        found.append(Made(username, what))
    _name_the_others()
    return found


def _name_the_others() -> None:
    """Give an invented name to everybody else who ever held a post; nobody can sign in as one of them."""
    known = set(User.objects.exclude(person="").values_list("person", flat=True))
    others = sorted(set(Holding.objects.values_list("person", flat=True)) - known)
    locked = make_password(None)
    User.objects.bulk_create(
        (User(username=one.lower(), password=locked, name=invented(one), person=one) for one in others), batch_size=500
    )


def _school(county: str) -> Organisation:
    """Return a school of a county that writes less down than most; the one that fell silent has nothing to show."""
    schools = Organisation.objects.filter(type="school", path__startswith=county).order_by("code")
    fit = [one for one in schools if all(_holders(f"{one.code}/{post}") for post in ("principal", "safety-director"))]
    primary = [one for one in fit if '"level":"primary"' in one.traits] or fit
    written = sorted(primary, key=lambda one: Fact.objects.filter(organisation=one.code).count())
    return written[len(written) // 4]


def _name(code: str) -> str:
    return Organisation.objects.get(code=code).name


def _holders(post: str) -> list[str]:
    return list(Holding.objects.filter(post=post, known_to=OPEN, valid_to=OPEN).values_list("person", flat=True))
