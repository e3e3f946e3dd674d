"""What the organisations of the measured world do in a school year: streams of records, what answers them, entries.

Rates are facts a year for one organisation, times 100, at the volume 100; the volume raises those of records a school
makes of itself.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Stream(NamedTuple):
    """Records of one sort: whose they are (``of``), who makes them, what they say, how many a year (times 100)."""

    of: str  # level of the organisation that has them: school, township, county, department
    actor: str  # who stands as "by": self, or the township, county or food department of that organisation
    kind: str
    role: str  # in which role the organisation of the stream stands, where the actor is another
    text: str  # first text field
    low: int  # first number field, from … to
    high: int
    second: int  # second number field
    rate: int


def _own(kind: str, text: str, numbers: tuple[int, int, int], rate: int) -> Stream:
    return Stream("school", "self", kind, "", text, *numbers, rate)


STREAMS: Final = (
    *(
        _own("drill", kind, (50, 900, 0), rate)
        for kind, rate in (("evacuation", 1400), ("fire", 300), ("earthquake", 250), ("flood", 150))
    ),
    *(
        _own("self-check", place, (0, 5, 0), rate)
        for place, rate in (
            ("gate", 7000),
            ("canteen", 6500),
            ("dormitory", 800),
            ("laboratory", 800),
            ("playground", 1500),
            ("electricity", 600),
        )
    ),
    *(
        _own("lesson", subject, (1, 3, 0), rate)
        for subject, rate in (
            ("drowning", 1600),
            ("traffic", 600),
            ("fire", 500),
            ("food", 400),
            ("security", 400),
            ("psychology", 1400),
        )
    ),
    *(
        _own("patrol", shift, (10, 40, 0), rate)
        for shift, rate in (("morning", 7000), ("noon", 5500), ("evening", 4500))
    ),
    *(_own("food-sample", meal, (2, 9, 0), rate) for meal, rate in (("breakfast", 2200), ("lunch", 4500), ("dinner", 1500))),
    *(_own("training", audience, (1, 6, 0), rate) for audience, rate in (("teachers", 300), ("guards", 500), ("drivers", 150))),
    *(_own("meeting", topic, (3, 40, 0), rate) for topic, rate in (("safety", 1500), ("report", 300), ("other", 400))),
    _own("letter-home", "", (100, 900, 0), 300),
    _own("report", "", (1, 9, 0), 1400),
    _own("quiz", "", (84, 100, 100), 300),
    _own("uptime", "", (41_600, 43_200, 43_200), 1250),
    Stream("school", "township", "incident", "about", "", 0, 3, 0, 60),
    *(
        Stream("school", actor, "visit", "about", scope, 0, 0, 0, rate)
        for actor, scope, rate in (
            ("township", "comprehensive", 350),
            ("township", "traffic", 250),
            ("county", "comprehensive", 450),
            ("food", "food", 500),
        )
    ),
    Stream("school", "county", "warning", "to", "", 1, 4, 0, 400),
    _own("leader-change", "", (1, 2, 0), 40),
    Stream("school", "township", "hazard", "about", "", 0, 0, 0, 600),
    *(Stream("township", "self", "meeting", "", topic, 3, 40, 0, rate) for topic, rate in (("safety", 1700), ("other", 500))),
    Stream("township", "self", "training", "", "teachers", 1, 6, 0, 350),
    Stream("township", "county", "complaint", "to", "", 1, 4, 0, 2000),
    *(Stream("county", "self", "meeting", "", topic, 3, 40, 0, rate) for topic, rate in (("safety", 700), ("report", 400))),
    *(
        Stream("county", "self", "joint-inspection", "", scope, 1, 4, 0, rate)
        for scope, rate in (("comprehensive", 250), ("food", 150), ("traffic", 150))
    ),
    Stream("department", "self", "meeting", "", "safety", 3, 40, 0, 1700),
    Stream("department", "county", "tip", "to", "", 1, 4, 0, 3000),
)  # fmt: skip


class Follow(NamedTuple):
    """What follows a trigger: how many in a hundred, after how many minutes at the most, by whom."""

    trigger: str  # kind of the stream
    kind: str
    step: str
    share: int
    least: int  # minutes
    most: int
    actor: str  # who: self (the organisation of the trigger's stream) or actor (who made the trigger)
    match: str  # case: the trigger's item is its own · reference: it points at the trigger · bearer: neither


FOLLOWS: Final = (
    Follow("hazard", "hazard", "extended", 20, 1440, 5 * 1440, "actor", "case"),
    Follow("hazard", "hazard", "rectified", 82, 1440, 36 * 1440, "self", "case"),
    Follow("hazard", "hazard", "accepted", 4, 1440, 20 * 1440, "actor", "case"),
    Follow("warning", "warning-read", "", 93, 30, 80 * 60, "self", "reference"),
    Follow("visit", "follow-up", "", 85, 1440, 60 * 1440, "self", "reference"),
    Follow("leader-change", "duty-list", "", 80, 1440, 30 * 1440, "self", "bearer"),
    Follow("complaint", "complaint-answer", "", 92, 600, 15 * 1440, "self", "reference"),
    Follow("tip", "tip-answer", "", 92, 600, 12 * 1440, "self", "reference"),
)


class Register(NamedTuple):
    """Entries of a register that a school has: how many in a hundred schools, a choice, how often it is as it must."""

    kind: str
    text: str
    share: int
    good: int  # of a thousand versions


REGISTERS: Final = (
    *(Register("guard", "", share, 940) for share in (100, 100, 60, 30)),
    Register("vehicle", "", 40, 1000),
    *(Register("camera", "", share, 985) for share in (100, 80)),
    *(Register("extinguisher", "", share, 980) for share in (100, 100, 50)),
    *(Register("rule", code, 97, 990) for code in ("gate-rule", "visitor-rule", "food-rule", "bus-rule")),
    Register("lease", "shop", 20, 1000),
    Register("lease", "parking", 3, 1000),
)

# field -> column of the generator, by kind; the columns are text, word, number, second, until
FIELDS: Final[dict[str, dict[str, str]]] = {
    "drill": {"drill_kind": "text", "people": "number"},
    "self-check": {"place": "text", "found": "number"},
    "lesson": {"subject": "text", "hours": "number"},
    "patrol": {"shift": "text", "minutes": "number"},
    "food-sample": {"meal": "text", "dishes": "number"},
    "training": {"audience": "text", "hours": "number"},
    "meeting": {"topic": "text", "people": "number"},
    "letter-home": {"reached": "number"},
    "report": {"pages": "number"},
    "quiz": {"passed": "number", "tested": "second"},
    "uptime": {"online": "number", "minutes": "second"},
    "incident": {"harmed": "number"},
    "visit": {"scope": "text", "result": "word"},
    "joint-inspection": {"scope": "text", "departments": "number"},
    "warning": {"grade": "number"},
    "warning-read": {"minutes": "number"},
    "follow-up": {"fixed": "number"},
    "leader-change": {"posts": "number"},
    "duty-list": {"duties": "number"},
    "tip": {"grade": "number"},
    "tip-answer": {"pages": "number"},
    "complaint": {"grade": "number"},
    "complaint-answer": {"pages": "number"},
    "guard": {"certified": "number", "valid_until": "until"},
    "vehicle": {"seats": "number", "valid_until": "until"},
    "camera": {"online": "number"},
    "extinguisher": {"charged": "number"},
    "rule": {"rule": "text", "signed": "number"},
    "lease": {"use": "text"},
    "hazard": {},
}
YES_NO: Final = {("guard", "certified"), ("camera", "online"), ("extinguisher", "charged"), ("rule", "signed")}
DATES: Final = ("until",)
