"""Stored values as the text that people read, in either language; the readers take every such text back."""

from __future__ import annotations

from typing import Any

from huxue.core.kinds.model import Field
from huxue.core.kinds.numbers import decimals_of, number_text
from huxue.core.kinds.places import place_text
from huxue.core.kinds.readers import Lists, signature_text
from huxue.core.values import Language

_YES_NO = {"zh": ("否", "是"), "en": ("no", "yes")}
_JOIN = {"zh": "；", "en": "; "}


def canonical(field: Field, stored: Any, *, lists: Lists, language: Language) -> str:
    """Return a stored value as text: choices by title, numbers with all their decimals, several joined by semicolons.

    Reading that text with the same field gives the stored value again.
    """
    if field.many:
        return _JOIN[language].join(_one(field, part, lists, language) for part in stored)
    return _one(field, stored, lists, language)


def _one(field: Field, stored: Any, lists: Lists, language: Language) -> str:
    match field.type:
        case "number" | "money":
            return number_text(stored, decimals_of(field))
        case "choice":
            known = lists.get(field.list, {}).get(stored)
            return known.title.say(language) if known else str(stored)  # an older edition's choice
        case "yes_no":
            return _YES_NO[language][stored]
        case "time":
            return str(stored).replace("T", " ")
        case "place":
            return place_text(stored)
        case "signature":
            return signature_text(stored)
        case _:
            return str(stored)
