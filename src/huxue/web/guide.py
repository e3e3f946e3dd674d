"""The five things that each role does, for the page of guidance: what, how, and the page where it is done."""

from __future__ import annotations

from typing import Final, NamedTuple

from huxue.core.values import Text


class Step(NamedTuple):
    """One thing to do. ``page``: the name of the page, "" for none; ``kind``: of a list."""

    title: Text
    how: Text
    page: str = ""
    kind: str = ""


def _step(title: tuple[str, str], how: tuple[str, str], page: str = "", kind: str = "") -> Step:
    return Step(Text(zh=title[0], en=title[1]), Text(zh=how[0], en=how[1]), page, kind)


_HOME: Final = _step(
    ("看待办", "See what is owed"),
    ("首页第一屏就是要办的：已逾期、快到期、等您决定。点右边的按钮直接办。",
     "The first page is the list: overdue, due soon, waiting for your decision. The button on the right does it."),
    "home",
)  # fmt: skip
_RULES: Final = _step(
    ("查规则", "Look up a rule"),
    ("“制度”写明每项职责谁做、多久一次、要什么记录、不要什么、依据哪一条。",
     "“Rules” says of each duty who, how often, what is written, what is not needed, and by which clause."),
    "rulebook",
)  # fmt: skip
_FEEDBACK: Final = _step(
    ("提意见", "Say what is too much"),
    ("每页底部都有“问题反馈与减负投诉”，可以匿名。",
     "“Feedback” stands at the foot of every page; it may be told without a name."),
    "feedback",
)  # fmt: skip
_BOARD: Final = _step(
    ("看哪里没做到", "See where the gaps are"),
    ("“履职”一行一个单位、一列一项职责，点进去看到原因和条款。",
     "“Duties”: a row for each organisation, a column for each duty; a cell opens its reasons and clause."),
    "board",
)  # fmt: skip
_HAZARDS: Final = _step(
    ("办隐患", "Deal with hazards"),
    ("隐患页写明卡在哪一步、谁可以办下一步、谁不可以、为什么。",
     "A hazard's page says where it is stuck, who may take the next step, who may not, and why."),
    "list", "hazard",
)  # fmt: skip
_DRILL: Final = _step(
    ("记一次演练", "Record a drill"),
    ("打开“演练”，填类型和时间即可；不需要上传方案、签到和照片。",
     "Open “Drills”: its kind and time are enough; no plan, list of names or photo is needed."),
    "new", "drill",
)  # fmt: skip
_DOSSIER: Final = _step(
    ("看一校一档", "Open a school's file"),
    ("学校的单位页把基本情况、岗位、职责、隐患、检查、演练放在一页，可打印。",
     "A school's page has particulars, posts, duties, hazards, inspections and drills at once, ready to print."),
    "organisations",
)  # fmt: skip
_DESK: Final = _step(
    ("决定督责措施", "Decide on measures"),
    ("“督办”里是系统提出的建议，附事实和条款；同意、暂缓或不采用都由您决定，并写理由。",
     "“Desk” holds what the system proposes, with facts and clause; you decide, and say why."),
    "desk",
)  # fmt: skip
_SENT: Final = _step(
    ("下发并催办", "Send down and remind"),
    ("选好单位，先看有多少家、是哪些，再一次下发；谁没签收一目了然。",
     "Choose the organisations, see how many and which, send once; who has not signed for it is seen at a glance."),
    "sent",
)  # fmt: skip
_LEDGER: Final = _step(
    ("核验账本", "Check the ledger"),
    ("“账本”里立即核验、存证、导出；它不证明什么也写在旁边。",
     "“Ledger” checks, seals and exports now; what it does not prove stands beside it."),
    "ledger",
)  # fmt: skip
_PARAMETERS: Final = _step(
    ("确认参数", "Confirm parameters"),
    ("标“待确认”的是默认值；写明本市文件即确认，改数值先看会改变哪些职责。",
     "What is to be confirmed is a default: name the city's document; a change shows first which duties it changes."),
    "parameters",
)  # fmt: skip
_TREE: Final = _step(
    ("维护单位和任职", "Keep organisations and posts"),
    ("换人时先看手上未办的，再交接，由接任的人签收。",
     "When a post changes hands, what is open is seen first, handed over, and signed for by the successor."),
    "organisations",
)  # fmt: skip
_SCORES: Final = _step(
    ("看考核", "See the scores"),
    ("每一分都能点开到事实和条款；不排名。", "Every point opens down to facts and clause; nobody is ranked."),
    "scores",
)  # fmt: skip
_SETUP: Final = _step(
    ("第一周启用", "The first week"),
    ("用两张表导入单位和人员，再逐族启用职责，启用前先看负担。",
     "Load the tree and the people from two workbooks, then switch families on, their burden shown first."),
    "setup",
)  # fmt: skip
_USERS: Final = _step(
    ("开通账号", "Open accounts"),
    ("一人一号；换岗不换号，权限随任职走。",
     "One account a person; it stays when the post changes, rights follow the post."),
    "users",
)  # fmt: skip
_SECURITY: Final = _step(
    ("查安全日志", "Read the security log"),
    ("登录和失败都有记录，只用于安全，不计数、不排名。",
     "Sign-ins and failures are written down for security only: neither counted nor ranked."),
    "security_log",
)  # fmt: skip
_ACCOUNT: Final = _step(
    ("保护账号", "Protect your account"),
    ("在“我的”里加通行密钥或动态口令，留好恢复码。",
     "Add a passkey or one-time codes to your account and keep the recovery codes."),
    "account",
)  # fmt: skip

_LOCKS: Final = _step(
    ("解除锁定", "Release locks"),
    ("输错多次只锁该账号一会儿，不锁整所学校；本人来电时先核实身份再解除。",
     "Too many wrong passwords lock one account for a while, never a school; make sure who calls before releasing it."),
)  # fmt: skip
_SESSIONS: Final = _step(
    ("结束会话", "End sessions"),
    ("电脑丢失或人员离岗时，结束其全部会话，重置登录方式。",
     "When a computer is lost or somebody leaves, end all sessions and reset the ways of signing in."),
)  # fmt: skip
_OUTSIDE: Final = _step(
    ("在系统外留一份根", "Keep a root outside"),
    ("存证后把最近一次存证下载并另行保存；只有它能揭穿整本伪造。",
     "After sealing, download the latest seal and keep it elsewhere: only it exposes a forgery of everything."),
    "ledger",
)  # fmt: skip

_OFFICER: Final = (_HOME, _BOARD, _SENT, _HAZARDS, _FEEDBACK)
GUIDES: Final[dict[str, tuple[Step, ...]]] = {
    "post-holder": (_HOME, _DRILL, _HAZARDS, _RULES, _FEEDBACK),
    "principal": (_HOME, _HAZARDS, _DOSSIER, _TREE, _FEEDBACK),
    "inspector": (_HOME, _HAZARDS, _DOSSIER, _RULES, _FEEDBACK),
    "department-officer": (_HOME, _BOARD, _HAZARDS, _DOSSIER, _FEEDBACK),
    "education-officer": _OFFICER,
    "government-officer": (_HOME, _BOARD, _DESK, _SENT, _PARAMETERS),
    "leader": (_BOARD, _DESK, _SCORES, _DOSSIER, _PARAMETERS),
    "auditor": (_LEDGER, _RULES, _SCORES, _DOSSIER, _FEEDBACK),
    "system": (_SETUP, _USERS, _PARAMETERS, _RULES, _FEEDBACK),
    "security": (_SECURITY, _LOCKS, _SESSIONS, _ACCOUNT, _FEEDBACK),
    "audit": (_LEDGER, _OUTSIDE, _SECURITY, _ACCOUNT, _FEEDBACK),
}
