"""What each mechanism shows, kept with the standings: working it out takes a whole evaluation."""

from __future__ import annotations

from json import dumps, loads

from huxue.core.values import Text
from huxue.organisations.tables import insert
from huxue.standings.mechanisms import Board
from huxue.standings.models import MechanismShown
from huxue.standings.scores import Scored


def keep_mechanisms(scored: Scored) -> None:
    """Keep the sentences of every mechanism in place of those kept before."""
    MechanismShown.objects.all().delete()
    insert(MechanismShown, [(one.code, _json(one.lines)) for one in Board(scored).shown()])


def kept_mechanisms() -> dict[str, list[Text]]:
    """Return the sentences kept by mechanism; none where nothing was kept yet."""
    rows = MechanismShown.objects.values_list("code", "lines")
    return {code: [Text(**one) for one in loads(lines)] for code, lines in rows}


def _json(lines: tuple[Text, ...]) -> str:
    return dumps([{"zh": one.zh, "en": one.en} for one in lines], ensure_ascii=False)
