"""Invented names. None of them stands in the register of administrative divisions; a test compares them."""

from __future__ import annotations

from hashlib import sha256
from random import Random
from typing import Final

CITY: Final = "澜泽市"
COUNTIES: Final = ("栖湖区", "霁川县", "云洄县", "沐河县", "望岫县", "蓼河县", "苇川县")
_FIRST: Final = "柳松竹槐榆桐枫荷芦苇兰菊梅杏棠蓼萍芷蕙蘅"
_SECOND: Final = "渡汀浦坞陂洲屿岫峦岑洄浣漪澜砚屏鸣栖霁岚"
_REAL: Final = frozenset(("柳陂", "松浦", "松洲", "松鸣", "桐浦", "桐屿", "荷浦", "芦浦", "芦洲", "梅洲", "棠浦"))
_PLAYFUL: Final = ("青禾", "望星", "小荷", "萤火", "晨露", "蒲公英", "彩虹桥", "小松鼠", "春芽", "白鹭")
DEPARTMENTS: Final = {
    "education": "教育局",
    "police": "公安局",
    "fire": "消防救援大队",
    "market": "市场监督管理局",
    "culture": "文化和旅游局",
    "emergency": "应急管理局",
    "transport": "交通运输局",
    "health": "卫生健康局",
    "housing": "住房和城乡建设局",
    "urban-management": "城市管理局",
    "natural-resources": "自然资源局",
    "environment": "生态环境局",
    "water": "水利局",
    "weather": "气象局",
    "justice": "司法局",
    "industry": "经济和信息化局",
    "civil-affairs": "民政局",
    "agriculture": "农业农村局",
    "tobacco": "烟草专卖局",
}
_LEVELS: Final = {
    "kindergarten": "幼儿园",
    "primary": "小学",
    "junior": "初级中学",
    "nine-year": "九年一贯制学校",
    "senior": "高级中学",
    "complete": "中学",
    "vocational": "职业中学",
    "special": "特殊教育学校",
    "training": "培训学校",
}
_ORDER: Final = "一二三四五六七八九十"


def townships(rng: Random, count: int) -> list[str]:
    """Return different names of townships: every fifth a street office, the others towns and townships."""
    stems = [a + b for a in _FIRST for b in _SECOND if a + b not in _REAL]
    chosen = rng.sample(stems, count)
    return [stem + ("街道", "镇", "镇", "镇", "乡")[n % 5] for n, stem in enumerate(chosen)]


def school(township: str, level: str, number: int) -> str:
    """Return the name of the ``number``-th (from 0) school of a level in a township."""
    if level in ("kindergarten", "training") and number:
        return f"{township}{_PLAYFUL[(number - 1) % len(_PLAYFUL)]}{_LEVELS[level]}"
    if level in ("kindergarten", "primary"):
        return f"{township}{'中心' if number == 0 else f'第{_ORDER[number % len(_ORDER)]}'}{_LEVELS[level]}"
    return f"{township}{f'第{_ORDER[number % len(_ORDER)]}' if number else ''}{_LEVELS[level]}"


_SURNAMES: Final = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜"
_GIVEN: Final = "建国安平志强德明永福长林春生海涛国栋家和文静玉兰秀英丽华晓红"


def person(code: str) -> str:
    """Return the invented name of a person, always the same for the same code."""
    draw = int.from_bytes(sha256(code.encode()).digest()[:8], "big")
    given = [_GIVEN[draw // len(_SURNAMES) // len(_GIVEN) ** n % len(_GIVEN)] for n in range(2)]
    return _SURNAMES[draw % len(_SURNAMES)] + "".join(given)
