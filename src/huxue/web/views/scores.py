"""Assessment: how organisations stand by each tree, never in an order of merit, and why one score is what it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from django.http import Http404, HttpResponse

from huxue.core.duties.explain import Reason
from huxue.core.duties.standing import OVERDUE
from huxue.core.rulebook.model import Rulebook
from huxue.core.scoring.model import Indicator, Tree
from huxue.core.scoring.score import HUNDREDTHS
from huxue.core.scoring.winning import own_range, winnable
from huxue.core.values import Language, Text
from huxue.standings import kept_scores, whys
from huxue.standings.kept_scores import Found, Total
from huxue.web import links
from huxue.web.drawings import Waterfall, box, points, waterfall
from huxue.web.pages import page
from huxue.web.routing import Request, route
from huxue.web.rules import rules
from huxue.web.views.why import seen

SHOWN: Final = 500  # organisations of one tree on a page
_FULL: Final = Text(zh="满分", en="full")
_NOW: Final = Text(zh="现在", en="now")
_MORE: Final = Text(zh="加扣分", en="bonus, deductions")
_CEILING: Final = Text(zh="上限", en="ceiling")


@dataclass(frozen=True, slots=True)
class Node:
    """One indicator of a score as it is shown; points in hundredths, ``None`` where there was nothing to score."""

    code: str
    title: Text
    got: int | None
    full: int
    lost: int
    tenths: int  # of the bar, 0 to 1000
    below: tuple[Node, ...]
    reasons: tuple[Reason, ...]


def overview(request: Request) -> HttpResponse:
    """Show the trees, and the scores of one of them in administrative order."""
    book = rules(request).rulebook
    years = kept_scores.years()
    trees = {code: one for code, one in book.scoring.items() if code in years}
    where, values = request.viewer.scope.where("k.organisation")
    own = request.viewer.post.organisation if request.viewer.post else ""
    mine = [code for code, _, _ in kept_scores.scored_by(own)] if own else []
    asked = request.GET.get("tree", "")
    chosen = asked if asked in trees else next(iter([*(m for m in mine if m in trees), *trees]), "")
    found = kept_scores.totals(chosen, where, values) if chosen else []
    return page(
        request, "reasons/scores.html", trees=trees, chosen=chosen, year=years.get(chosen), found=found[:SHOWN],
        left=len(found) - len(found[:SHOWN]), grades=_grades(book, chosen), points=points, link=links.link,
        own=own, counts=_counts(book, chosen, found),
    )  # fmt: skip


def _grades(book: Rulebook, tree: str) -> dict[str, Text]:
    return {band.code: band.title for band in book.scoring[tree].grades} if tree in book.scoring else {}


def _counts(book: Rulebook, tree: str, found: list[Total]) -> list[tuple[Text, int]]:
    """Return how many have each grade, in the order of the rulebook."""
    return [(title, sum(one.grade == code for one in found)) for code, title in _grades(book, tree).items()]


def of_score(request: Request, org: str, tree: str) -> HttpResponse:
    """Show why a score is what it is, and how points can be won back."""
    one = seen(request, org)
    book = rules(request).rulebook
    found = kept_scores.kept_score(org, tree, book)
    if found is None:
        raise Http404
    declared = book.scoring[tree]
    nodes = tuple(_node(found, declared, node) for node in declared.indicators)
    reason = found.reasons()
    spread = found.year.spread
    return page(
        request, "reasons/score.html", one=one, tree=declared, code=tree, found=found, nodes=nodes,
        more=_more(reason, len(declared.indicators)), items=whys.items_of([reason]), points=points, link=links.link,
        why=links.why, kinds=book.kinds, wins=winnable(declared, found.score, _open(found)), spread=spread,
        drawn=_drawn(found, declared, nodes, request.lang), range=own_range(tree, declared, found.score),
        box=box(spread, found.score.total) if spread and found.score.total is not None else None,
        grade=next((band.title for band in declared.grades if band.code == found.score.grade), None),
        titles={part.code: part.title for part in declared.nodes()},
    )  # fmt: skip


def _node(found: Found, tree: Tree, node: Indicator) -> Node:
    part = found.score.parts[node.code]
    full = _floor(part.worth)
    got = None if part.value is None else _floor(part.points)
    lost = _floor(part.worth - part.points) if got is not None else 0
    share = 0 if part.value is None else int(part.value * 1000)
    below = tuple(_node(found, tree, child) for child in node.children)
    reasons = () if below else tuple(found.reasons(node.code).below)
    return Node(node.code, node.title, got, full, lost, share, below, reasons)


def _more(reason: Reason, indicators: int) -> tuple[Reason, ...]:
    """Return what stands under a score beside its indicators: its head, bonus and deductions, objections, clause."""
    head = 2
    return (*reason.below[:head], *reason.below[head + indicators :])


def _open(found: Found) -> Callable[[str], int]:
    def count(code: str) -> int:
        return sum(line[0] == "s" and line[4] == OVERDUE for line in found.evidence.get(code, ()))

    return count


def _drawn(found: Found, tree: Tree, nodes: tuple[Node, ...], lang: Language) -> Waterfall | None:
    total = found.score.total
    if total is None:
        return None
    full = tree.points * HUNDREDTHS
    steps = [(node.title.say(lang), node.lost) for node in nodes if node.lost]
    rest = full - sum(lost for _, lost in steps) - total
    if rest:  # bonus, deductions, a ceiling, and what was cut off below the hundredth
        adjusted = any(one.points for one in (*found.score.bonus, *found.score.deductions))
        label = _CEILING if found.score.vetoes else _MORE
        steps += [(label.say(lang), rest)] if adjusted or found.score.vetoes else []
    return waterfall(full, steps, total, (_FULL.say(lang), _NOW.say(lang)))


def _floor(value: Fraction) -> int:
    return value.numerator * HUNDREDTHS // value.denominator


ROUTES = [
    route("scores", overview, name="scores", needs="see"),
    route("why/<str:org>/score/<str:tree>", of_score, name="why_score", needs="see"),
]
