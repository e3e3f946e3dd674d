"""What is sent down: notices that only have to be known, orders that ask for an answer, the call to a campaign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from huxue.core.facts import Fact
from huxue.core.values import MINUTES_A_DAY, date_of, day_of, end_of_day
from huxue.demo.pen import Pen
from huxue.demo.world import City, Place, Unit

KIND: Final = "directive"
DUTY: Final = "directive.answered"
_POST_OF: Final = {"school": "safety-director"}  # who takes what was sent down; in an office the officer
_REPLIES: Final = ("已逐项排查，问题已整改", "已传达到人，落实情况正常", "已完成，清单存档备查")


@dataclass(frozen=True, slots=True)
class Sent:
    """One thing that is sent to many. ``day`` it is sent, ``days`` later it must be received or answered."""

    kind: str
    subject: str
    content: str
    day: int
    days: int
    answer: bool
    campaign: str = ""

    def fields(self, batch: str) -> dict[str, Any]:
        """Return the fields of the step that sends it."""
        said = {
            "batch": batch, "directive_kind": self.kind, "subject": self.subject, "content": self.content,
            "needs_answer": self.answer, "deadline": date_of(self.day + self.days).isoformat(),
        }  # fmt: skip
        return said | ({"campaign": self.campaign} if self.campaign else {})


def _on(month: int, day: int) -> int:
    return day_of(date(2026, month, day))


_TO_SCHOOLS: Final = (
    Sent("notice", "春季开学安全工作提示", "开学第一周检查门卫、食堂和校车。", _on(3, 2), 4, answer=False),
    Sent("order", "汛期校舍和边坡排查", "逐栋排查低洼校舍和边坡，反馈处置情况。", _on(5, 18), 11, answer=True),
    Sent("notice", "暑期防溺水致家长信", "放假前把提示送到每名学生家长手中。", _on(6, 15), 6, answer=False),
    Sent("order", "暑期留校人员和施工安全排查", "反馈留校人员、在建工程和值守安排。", _on(6, 22), 11, answer=True),
)
_TO_OFFICES: Final = (
    Sent("order", "联席会议议定事项办理", "按纪要分工办理，反馈办理结果。", _on(4, 13), 18, answer=True),
    Sent("notice", "高温天气值守安排", "值守电话保持畅通。", _on(6, 18), 8, answer=False),
)
_TO_COUNTIES: Final = (
    Sent("campaign", "校园周边秩序专项整治部署", "列出整治对象，逐一销号，结束后报送结果。", _on(6, 1), 25, answer=True,
         campaign="surroundings-order"),
)  # fmt: skip


def of_county(pen: Pen, place: Place) -> list[Fact]:
    """Write what the education bureau sends to the schools, and the government to its departments and townships."""
    bureau = place.departments["education"]
    for sent in _TO_SCHOOLS:
        _send(pen, sent, bureau, place.schools)
    for sent in _TO_OFFICES:
        _send(pen, sent, place.government, [*place.departments.values(), *place.townships])
    return pen.facts


def of_city(pen: Pen, city: City) -> list[Fact]:
    """Write what the city sends to its counties."""
    for sent in _TO_COUNTIES:
        _send(pen, sent, city.place.government, [county.government for county in city.counties])
    return pen.facts


def _send(pen: Pen, sent: Sent, sender: Unit, addressees: list[Unit]) -> None:
    at = pen.moment(sent.day)
    batch = pen.uid(at)
    for one in addressees:
        deadline = end_of_day(sent.day + sent.days)
        roles = {"by": (sender.code,), "about": (one.code,)}
        fact = pen.write(
            KIND, "step", sender, "officer", at, sent.fields(batch), recorded=at + 5, roles=roles, step="sent",
            deadline=deadline,
        )  # fmt: skip
        _Answers(pen, sent, sender, one, fact).write()


class _Answers:
    """The way of one addressee's case."""

    def __init__(self, pen: Pen, sent: Sent, sender: Unit, one: Unit, opened: Fact) -> None:
        self.pen, self.sent, self.sender, self.one, self.opened = pen, sent, sender, one, opened
        self.at, self.deadline = opened.at, opened.deadline

    def write(self) -> None:
        """Receive it, or be reminded first; answer; be signed off, or sent back once and then signed off."""
        does = self.one.habit.does
        if self.one.silent_from <= self.sent.day or not self.pen.chance(does + 0.04):
            self._take("reminded", self.sender, self.sent.days + 1)
            if self.one.silent_from <= self.sent.day or not self.pen.chance(0.6):
                return
        self._take("received" if self.sent.answer else "acknowledged", self.one, 1 + int(self.pen.rng.random() * 2))
        if self.sent.answer and self.pen.chance(does + 0.05):
            self._answer()

    def _answer(self) -> None:
        late = self.pen.chance(self.one.habit.late)
        self._take("answered", self.one, self.sent.days + 2 if late else self.sent.days - 4, reply=self._reply())
        if self.pen.chance(0.08):
            again = date_of(self.at // MINUTES_A_DAY + 10).isoformat()
            self._take("returned", self.sender, 1, reason="没有写明处置措施，请补充", deadline=again)
            self._take("answered", self.one, 4, reply=self._reply())
        if self.pen.chance(0.9):
            self._take("signed_off", self.sender, 3)

    def _reply(self) -> str:
        return self.pen.pick(_REPLIES)

    def _take(self, step: str, unit: Unit, days: int, **fields: str) -> None:
        """Take a step some days after the one before it, in office hours; nobody signs before he can."""
        day = max(self.sent.day, self.at // MINUTES_A_DAY) + days
        self.at = max(self.pen.moment(day), self.at + 30)
        if "deadline" in fields:
            self.deadline = end_of_day(day_of(date.fromisoformat(fields["deadline"])))
        post = _POST_OF.get(unit.type, "officer")
        post = post if unit.holder(post, self.at // MINUTES_A_DAY) else next(p for p in unit.holders if unit.holders[p])
        roles = {"by": (unit.code,), "about": (self.one.code,)}
        running = None if step in ("answered", "signed_off", "acknowledged") else self.deadline
        self.pen.write(
            KIND, "step", unit, post, self.at, fields, recorded=self.at + 10, roles=roles, step=step,
            item=self.opened.item, deadline=running,
        )  # fmt: skip
