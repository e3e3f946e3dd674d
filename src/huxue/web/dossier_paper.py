"""The dossier of a school 一校一档 as a document: the same values as its page, in the order of the paper one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from huxue.core.values import MINUTES_A_DAY, Language, date_of
from huxue.documents.values import Block, Document, Heading, KeyValues, Paragraph, Signature, Table
from huxue.exchange.workbooks import INTERNAL
from huxue.standings.dossier.model import CaseLine, Dossier, DutyLine, PostLine, Rank, RecordLine
from huxue.web.papers import SIGNERS, unit_of
from huxue.web.routing import Request
from huxue.web.words import long_day
from huxue.web.words import period as period_words

_NUMBERS = "一二三四五六七八九十"
_STATUS = {
    "met": ("已完成", "met"), "due": ("待办", "due"), "overdue": ("逾期", "overdue"), "missed": ("未履行", "missed"),
    "excused": ("免除", "excused"),
}  # fmt: skip


def dossier_document(request: Request, found: Dossier) -> Document:
    """Return a dossier as a document."""
    paper = _Paper(found, request.lang)
    blocks: list[Block] = []
    for number, (title, some) in enumerate(paper.parts()):
        blocks.append(Heading(f"{_NUMBERS[number]}、{title}" if request.lang == "zh" else f"{number + 1}. {title}"))
        blocks += some
    day = long_day(request.today, request.lang).partition("（")[0]
    title = f"{found.name}安全一校一档" if request.lang == "zh" else f"Safety dossier: {found.name}"
    signed = Signature([one.say(request.lang) for one in SIGNERS])
    return Document(
        title, (*blocks, signed), number=found.code, unit=unit_of(request), date=day,
        label=INTERNAL.say(request.lang), foot=f"{found.code} · {date_of(request.today)}", language=request.lang,
    )  # fmt: skip


class _Paper:
    """A dossier and the language it is printed in."""

    def __init__(self, found: Dossier, language: Language) -> None:
        self._d, self._lang = found, language

    def _t(self, zh: str, en: str) -> str:
        return zh if self._lang == "zh" else en

    def parts(self) -> Iterable[tuple[str, Sequence[Block]]]:
        """Yield the parts with their titles; one without content says so."""
        yield self._t("基本情况", "Particulars"), self._particulars()
        yield self._t("岗位和责任链", "Posts and who answers"), self._people()
        yield self._t("履职情况", "Duties"), self._duties()
        yield self._t("配备达标", "Have against need"), self._ratios()
        yield self._t("隐患", "Hazards"), self._cases(self._d.hazards)
        yield self._t("检查和走访", "Inspections and visits"), self._records(self._d.inspections)
        yield self._t("演练", "Drills"), self._records(self._d.drills)
        yield self._t("事件、约谈和挂牌", "Incidents, interviews, listings"), self._cases(self._d.incidents)
        yield self._t("台账", "Registers"), self._registers()
        yield self._t("监管部门", "Departments that supervise"), self._departments()

    def _table(self, heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int] = ()) -> list[Block]:
        if not rows:
            return [Paragraph(self._t("没有记录。", "Nothing is recorded."))]
        return [Table(heads, rows, widths)]

    def _particulars(self) -> list[Block]:
        d = self._d
        rows = [
            (self._t("单位类型", "Type"), d.type_title.say(self._lang)),
            (self._t("上级", "Above"), " / ".join(place.name for place in d.above)),
            *((one.title.say(self._lang), one.value.say(self._lang)) for one in d.particulars),
        ]
        return [KeyValues(rows, 2)]

    def _people(self) -> list[Block]:
        d, own = self._d, self._t("本单位", "Here")
        rows = [(own, d.name, self._post(one)) for one in d.posts]
        rows += self._ranks(d.chain)
        return self._answering(rows)

    def _departments(self) -> list[Block]:
        return self._answering(self._ranks(self._d.departments))

    def _ranks(self, ranks: Sequence[Rank]) -> list[tuple[str, str, str]]:
        return [
            (rank.answers.say(self._lang), rank.organisation.name, "\n".join(self._post(one) for one in rank.posts))
            for rank in ranks
        ]

    def _answering(self, rows: Sequence[tuple[str, str, str]]) -> list[Block]:
        heads = (
            self._t("层级或事项", "Level or topic"),
            self._t("单位", "Organisation"),
            self._t("负责人", "Who answers"),
        )
        return self._table(heads, rows, (3, 5, 6))

    def _post(self, post: PostLine) -> str:
        held = self._t("、", ", ").join(post.holders) or self._t("空缺", "vacant")
        return f"{post.title.say(self._lang)} {held}"

    def _duties(self) -> list[Block]:
        c = self._d.counts
        said = self._t(
            f"逾期 {c.overdue}，待办 {c.due + c.at_risk}，已完成 {c.met}，未履行 {c.missed}，免除 {c.excused}。",
            f"{c.overdue} overdue, {c.due + c.at_risk} due, {c.met} met, {c.missed} missed, {c.excused} excused.",
        )
        pressing = [one for one in self._d.duties if one.status in ("overdue", "missed", "due")]
        heads = (
            self._t("职责", "Duty"),
            self._t("周期", "Period"),
            self._t("状态", "Standing"),
            self._t("缘由", "Why"),
        )
        return [Paragraph(said), *self._table(heads, [self._duty(one) for one in pressing], (5, 4, 3, 7))]

    def _duty(self, line: DutyLine) -> tuple[str, str, str, str]:
        zh, en = _STATUS.get(line.status, (line.status, line.status))
        period = period_words(line.period, self._lang)
        return line.title.say(self._lang), period, self._t(zh, en), line.why.say(self._lang)

    def _ratios(self) -> list[Block]:
        heads = (
            self._t("项目", "Item"), self._t("应有", "Need"), self._t("现有", "Have"), self._t("计算", "Calculation"),
        )  # fmt: skip
        rows = [
            (one.title.say(self._lang), str(one.ratio.need), str(one.ratio.have), one.how.say(self._lang))
            for one in self._d.ratios
        ]
        return self._table(heads, rows, (5, 2, 2, 8))

    def _cases(self, lines: Sequence[CaseLine]) -> list[Block]:
        heads = (
            self._t("登记日期", "Began"), self._t("事项", "What"), self._t("环节", "Step"), self._t("期限", "Deadline"),
        )  # fmt: skip
        rows = []
        for one in lines:
            what = one.said.say(self._lang) or one.title.say(self._lang)
            grade = f"（{one.grade_title.say(self._lang)}）" if one.grade_title else ""
            due = "" if one.ended or one.deadline is None else _day(one.deadline)
            rows.append((_day(one.opened), f"{what}{grade}", one.step.say(self._lang), due))
        return self._table(heads, rows, (4, 8, 3, 4))

    def _records(self, lines: Sequence[RecordLine]) -> list[Block]:
        heads = (self._t("日期", "Date"), self._t("类型", "Kind"), self._t("单位", "By"), self._t("内容", "Content"))
        rows = [
            (_day(one.at), one.title.say(self._lang), self._t("、", ", ").join(p.name for p in one.by),
             one.said.say(self._lang))
            for one in lines
        ]  # fmt: skip
        return self._table(heads, rows, (4, 3, 4, 7))

    def _registers(self) -> list[Block]:
        heads = (self._t("台账", "Register"), self._t("条目数", "Entries"), self._t("最近到期", "Next to lapse"))
        rows = [(one.title.say(self._lang), str(one.count), one.until) for one in self._d.registers]
        return self._table(heads, rows, (6, 2, 4))


def _day(minute: int) -> str:
    return date_of(minute // MINUTES_A_DAY).isoformat()
