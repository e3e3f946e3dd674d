"""What a school keeps lists of: guards, equipment, buses, leases, and the venues around it."""

from __future__ import annotations

from typing import Any, Final

from huxue.core.values import MINUTES_A_DAY, date_of
from huxue.demo.habits import GOOD
from huxue.demo.pen import Pen
from huxue.demo.tree import OPENED
from huxue.demo.world import Place, Unit
from huxue.demo.year import FIRST, LAST, SET_UP

_SURNAMES: Final = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜"
_GIVEN: Final = "建国安平志强德明永福长林春生海涛国栋家和"
_AGES: Final = ("under-50", "under-50", "50-54", "50-54", "55-59")
_VENUES: Final = (
    ("tobacco", "便民烟酒店"),
    ("food-stall", "流动小吃摊"),
    ("lottery", "体彩代销点"),
    ("bar", "清吧"),
    ("internet-cafe", "网络会所"),
    ("entertainment", "电玩厅"),
    ("building-site", "安置房工地"),
)
_LIMIT: Final = 200  # metres
_CITED: Final = "按市级文件采用的测量方法"


def year_of(pen: Pen, school: Unit, place: Place) -> None:
    """Write the registers of a school."""
    _guards(pen, school)
    _equipment(pen, school)
    if school.traits["buses"]:
        _buses(pen, school)
    _leases(pen, school)
    _venues(pen, school, place)


def _listed(pen: Pen, school: Unit, kind: str, fields: dict[str, Any], *, since: int = OPENED) -> str:
    recorded = max(since, SET_UP * MINUTES_A_DAY) + int(pen.rng.random() * 5 * MINUTES_A_DAY) + 600
    return pen.write(kind, "open", school, "logistics-director", since, fields, recorded=recorded).item


def _need(school: Unit) -> int:
    """Return how many guards a school of this size needs: the steps of the rulebook's two tables."""
    day, boarders = school.traits["day_pupils"], school.traits["boarders"]
    by_day = 1 if day < 100 else 2 if day < 1000 else 3 + -(-(day - 999) // 500)  # noqa: PLR2004 - the steps
    by_night = 0 if not boarders else 2 if boarders < 300 else 2 + -(-(boarders - 299) // 300)  # noqa: PLR2004 - the steps
    return by_day + by_night


def _guards(pen: Pen, school: Unit) -> None:
    need = _need(school)
    short = pen.chance(1.04 - school.habit.does) or pen.chance(0.05)
    count = need - 1 - int(pen.rng.random() * 1.3) if short else need + int(pen.rng.random() * 1.4)
    items = [_guard(pen, school, certified=pen.chance(0.995)) for _ in range(max(0, count))]
    if items and pen.chance(0.04):  # one leaves, another comes
        left = (FIRST + 60 + pen.rng.randrange(180)) * MINUTES_A_DAY + 540
        pen.write("guard", "close", school, "logistics-director", left, recorded=left + 120, item=items[0])
        if pen.chance(0.7):
            _guard(pen, school, certified=True, since=left + 3 * MINUTES_A_DAY)
    elif short and pen.chance(0.3):  # the gap is closed in the course of the year
        since = (FIRST + 30 + pen.rng.randrange(240)) * MINUTES_A_DAY + 600
        for _ in range(need - count):
            _guard(pen, school, certified=True, since=since)


def _guard(pen: Pen, school: Unit, *, certified: bool, since: int = OPENED) -> str:
    rng = pen.rng
    name = rng.choice(_SURNAMES) + rng.choice(_GIVEN) + rng.choice(_GIVEN)
    fields = {
        "name": name,
        "certified": certified,
        "full_time": pen.chance(0.97),
        "age_band": rng.choice(_AGES),
        "employer": "澜泽安保服务公司",
    }
    if certified:
        fields["certified_until"] = date_of(LAST + 30 + rng.randrange(700)).isoformat()
    return _listed(pen, school, "guard", fields, since=since)


def _equipment(pen: Pen, school: Unit) -> None:
    guards = max(1, _need(school))
    for kind, item in (("protection", "防暴盾牌、钢叉"), ("alarm", "一键报警装置")):
        if pen.chance(school.habit.does):
            _listed(pen, school, "equipment", {"equipment_class": kind, "item": item, "usable": guards})


def _buses(pen: Pen, school: Unit) -> None:
    for n in range(1 + school.pupils // 260):
        lapses = pen.chance(0.5 * (1 - school.habit.does))
        until = FIRST + pen.rng.randrange(60, 250) if lapses else LAST + pen.rng.randrange(20, 300)
        fields = {
            "plate": f"澜Z{pen.rng.randrange(10**4):04d}{n}",
            "seats": 19 + 8 * (n % 4),
            "inspected_until": date_of(until).isoformat(),
        }
        _listed(pen, school, "bus", fields)


def _leases(pen: Pen, school: Unit) -> None:
    if not pen.chance(0.16):
        return
    forbidden = pen.chance(0.06 + 0.2 * (1 - school.habit.does))
    use = pen.pick(("parking", "hazardous") if forbidden else ("sport", "teaching", "canteen", "other"))
    fields = {
        "use": use,
        "object": pen.pick(("field", "building", "shopfront")),
        "tenant": "校外承租方",
        "until": date_of(LAST + pen.rng.randrange(400)).isoformat(),
    }
    item = _listed(pen, school, "lease", fields)
    if forbidden and pen.chance(school.habit.does - 0.2):
        ended = (FIRST + 40 + pen.rng.randrange(250)) * MINUTES_A_DAY + 600
        pen.write("lease", "close", school, "logistics-director", ended, recorded=ended + 300, item=item)


def _venues(pen: Pen, school: Unit, place: Place) -> None:
    """Venues are measured by the culture department; in tidy counties it has moved internet cafes beyond the limit."""
    measured = place.departments["culture"]
    for _ in range(int(pen.rng.random() * 3)):
        kind, name = _VENUES[int(pen.rng.random() * len(_VENUES))]
        distance = 300 + int(pen.rng.random() * 9000)  # tenths of a metre
        near = distance < _LIMIT * 10
        if kind == "internet-cafe" and near and measured.habit is GOOD:
            distance, near = distance + _LIMIT * 10, False
        fields = {
            "venue": f"{school.name[3:5]}{name}",
            "venue_kind": kind,
            "within_limit": near,
            "distance": distance,
            "measure": "gate-walk",
            "limit": _LIMIT,
            "document": _CITED,
        }
        at = OPENED + pen.rng.randrange(200) * MINUTES_A_DAY
        roles = {"by": (school.code,), "measured_by": (measured.code,)}
        item = pen.write(
            "proximity",
            "open",
            measured,
            "inspector",
            at,
            fields,
            roles=roles,
            recorded=SET_UP * MINUTES_A_DAY + 700 + pen.rng.randrange(4000),
        ).item
        if kind == "internet-cafe" and near and pen.chance(0.5 * measured.habit.mends):
            shut = (FIRST + 50 + pen.rng.randrange(240)) * MINUTES_A_DAY + 600
            pen.write("proximity", "close", measured, "inspector", shut, roles=roles, recorded=shut + 200, item=item)
