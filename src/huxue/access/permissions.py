"""What somebody may do at all, independently of where. What a kind says of its own writers comes on top."""

from __future__ import annotations

from typing import Final, Literal, get_args

from huxue.core.values import Text

Permission = Literal[
    "see", "write", "decide", "send", "import", "export", "organise", "rulebook-read", "rulebook-change",
    "ledger-read", "ledger-verify", "users", "locks", "security-log", "feedback", "burden",
]  # fmt: skip
PERMISSIONS: Final[tuple[Permission, ...]] = get_args(Permission)
OPEN_TO: Final = ("public", "signed-in")  # what a page may need beside a permission

TITLES: Final[dict[Permission, Text]] = {
    "see": Text(zh="查看本范围内的台账、事项和履职状态", en="See registers, cases and standings within reach"),
    "write": Text(zh="填写和更正", en="Write and correct"),
    "decide": Text(zh="决定督责措施和审批", en="Decide on measures and approvals"),
    "send": Text(zh="下发通知和任务", en="Send notices and tasks down"),
    "import": Text(zh="导入表格", en="Import workbooks"),
    "export": Text(zh="导出和打印", en="Export and print"),
    "organise": Text(zh="维护单位、岗位和任职", en="Keep organisations, posts and holdings"),
    "rulebook-read": Text(zh="查看制度", en="Read the rulebook"),
    "rulebook-change": Text(zh="修改参数、启用版本", en="Change parameters, activate editions"),
    "ledger-read": Text(zh="查看存证状态", en="See the state of the ledger"),
    "ledger-verify": Text(zh="核验和导出存证", en="Verify and export the ledger"),
    "users": Text(zh="开通和停用账号", en="Open and close accounts"),
    "locks": Text(zh="解除锁定、重置登录方式、结束会话", en="Release locks, reset factors, end sessions"),
    "security-log": Text(zh="查看安全日志", en="Read the security log"),
    "feedback": Text(zh="提交问题反馈", en="Give feedback"),
    "burden": Text(zh="查看填报用时", en="See what filling in costs"),
}
