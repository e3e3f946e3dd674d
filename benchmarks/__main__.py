"""``python3 run.py bench WORKLOAD [--json]``."""

from __future__ import annotations

import argparse
import importlib
import sys

WORKLOADS = {"web": "what the pages of a city cost: lists, cases, dossiers, the board, writing, workbooks"}


def main(words: list[str]) -> int:
    """Run one workload; each module has ``add(parser)`` and ``run(args)``."""
    parser = argparse.ArgumentParser(prog="python3 run.py bench", description=__doc__)
    below = parser.add_subparsers(dest="workload", required=True)
    modules = {name: importlib.import_module(f"benchmarks.{name}.workload") for name in WORKLOADS}
    for name, module in modules.items():
        module.add(below.add_parser(name, help=WORKLOADS[name]))
    args = parser.parse_args(words)
    code: int = modules[args.workload].run(args)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
