"""Writes what is needed to check the ledger elsewhere: the sealed lines, the seals, the public keys, a checker.

Personal values are not in the lines (only their salted hashes), and nothing else is written.
"""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterator
from itertools import islice
from json import dumps
from pathlib import Path
from typing import Any, Final

from huxue.core.values import Refused
from huxue.ledger import check_export
from huxue.ledger.leaves import RUN, Leaves, leaf, line, runs, stored
from huxue.ledger.proving import as_json, keys
from huxue.ledger.seal_texts import stored_seals
from huxue.organisations.tables import CHUNK

CHECKER: Final = "check_export.py"
README: Final = """护学账本存证导出 / Export of a Huxue ledger for outside checking

facts.jsonl.gz   已存证的事实，一行一条，次序即存证树的叶序（个人信息只有加盐指纹）
                 the sealed facts, one a line, in the order of the tree (of personal values only salted hashes)
seals.json       各次存证：签名的文本与签名 / the seals: signed texts and signatures
keys.json        公钥及其启用记录 / the public keys and how each came into use
check_export.py  核验程序，仅需 Python 3.9 以上，不需安装护学 / the checker: Python 3.9 or newer, nothing else

核验 / To check:

    python3 check_export.py
    python3 check_export.py --against KEPT.json    与在外留存的存证比对 / compare with a seal kept outside
    python3 check_export.py --proof PROOF.json     核验单条证明 / check a proof

相符只说明这些行自存证以来未变。它不证明事实属实，不证明没有漏记，也不证明尚未存证的部分；伪造全部数据和密钥的人，
只有与在外留存的根比对才会暴露。
That everything agrees says only that these lines have not changed since they were sealed. It does not prove that they
are true, that nothing was left out, or anything about what was not sealed yet; and somebody who forges all of it, keys
included, is found only by comparing with a root that was kept outside.
"""


def export(folder: Path) -> int:
    """Write an export into a folder that is not there yet; return how many facts it has.

    Refuses ``folder_exists`` ``nothing_sealed`` ``folder_unwritable``, and ``proof_fails`` where facts and seals do not
    agree; then nothing is left behind.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(
            "folder_exists",
            f"{folder} 已存在且不为空，没有导出。",
            f"{folder} is there already and not empty; nothing was exported.",
        )
    if not (seals := stored_seals()):
        raise Refused(
            "nothing_sealed", "尚无存证，没有可导出的内容。", "Nothing has been sealed yet; there is nothing to export."
        )
    made = folder.with_name(f".{folder.name}.partial")
    try:
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(parents=True)
        count = _lines(made / "facts.jsonl.gz")
        _json(made / "seals.json", {"seals": [as_json(signed) for _, signed, _ in seals]})
        _json(made / "keys.json", keys())
        made.joinpath("README.txt").write_text(README, "utf-8")
        shutil.copyfile(check_export.__file__, made / CHECKER)
        if folder.exists():
            folder.rmdir()
        made.rename(folder)
    except OSError as problem:
        raise Refused(
            "folder_unwritable",
            f"无法写入 {folder}：{problem.strerror}。",
            f"{folder} cannot be written: {problem.strerror}.",
        ) from problem
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return count


def _json(path: Path, value: Any) -> None:
    path.write_text(dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _lines(path: Path) -> int:
    count = 0
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 5, raw, mtime=0) as file:
        for text in _sealed():
            file.write(text)
            count += 1
    return count


def _sealed() -> Iterator[bytes]:
    every = runs()
    while some := list(islice(every, CHUNK // RUN)):
        rows = stored(seq for run in some for seq in run.facts)
        for run in some:
            yield from _of_run(run, rows)


def _of_run(run: Leaves, rows: dict[int, Any]) -> Iterator[bytes]:
    for seq, hashed in zip(run.facts, run.hashes, strict=True):
        row = rows.get(seq)
        if row is None or leaf(row) != hashed:
            raise Refused(
                "proof_fails",
                f"第{seq}号事实与其存证不符，没有导出。请运行 huxue verify。",
                f"Fact no. {seq} is not what was sealed; nothing was exported. Run huxue verify.",
            )
        yield line(row).encode() + b"\n"
