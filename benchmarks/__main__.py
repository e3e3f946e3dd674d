"""``python3 run.py bench WORKLOAD [--json]``."""

from __future__ import annotations

import argparse
import importlib
import sys

WORKLOADS = {
    "web": "what the pages of a city cost: lists, cases, dossiers, the board, writing, workbooks",
    "city": "evaluating 60 duties of 2,000 schools, 1.0 M facts, beside other ways to the same answer",
    "province": "the same for 20,000 schools, 19.9 M facts",
    "nation": "the same for 500,000 schools, 300 M facts",
    "ledger": "the ledger at size: importing, single appends, verifying, lists",
    "sizes": "what evaluating costs from 1,000 to 500,000 schools, as a picture",
}
PLACES = dict.fromkeys(("city", "province", "nation"), "evaluation.workload") | {"sizes": "evaluation.growth"}


def main(words: list[str]) -> int:
    """Run one workload; each module has ``add(parser)`` and ``run(args)``."""
    parser = argparse.ArgumentParser(prog="python3 run.py bench", description=__doc__)
    below = parser.add_subparsers(dest="workload", required=True)
    modules = {
        name: importlib.import_module(f"benchmarks.{PLACES.get(name, f'{name}.workload')}") for name in WORKLOADS
    }
    for name, module in modules.items():
        module.add(below.add_parser(name, help=WORKLOADS[name]))
    args = parser.parse_args(words)
    code: int = modules[args.workload].run(args)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
