"""The sections that are read as they are declared: each a model, and what only the whole rulebook can tell of it.

One entry of ``SECTIONS`` is one section. A value may say ``{parameter: name}`` wherever a literal stands and
``replaces: true`` where it takes the place of a lower layer's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from huxue.core import checklists, derivations, mechanisms
from huxue.core.ladder import check as ladders
from huxue.core.ladder.model import Ladder
from huxue.core.rulebook import trees
from huxue.core.rulebook.findings import Findings
from huxue.core.rulebook.fit import fit
from huxue.core.rulebook.names import Names
from huxue.core.rulebook.nodes import Map, place_of
from huxue.core.rulebook.put_in import with_parameters
from huxue.core.scoring.model import Tree
from huxue.core.scoring.problems import tree_problems
from huxue.core.values import Value

if TYPE_CHECKING:
    from huxue.core.rulebook.layers import Union
    from huxue.core.rulebook.model import Rulebook

Sentence = tuple[str, str, str]  # path inside the value (dotted), Chinese, English


@dataclass(frozen=True, slots=True)
class Section:
    """A declared section: its model, and ``problems(code, value, rulebook)``; how it is read."""

    model: type[Value]
    problems: Callable[[str, Any, Rulebook], Iterator[Sentence]]
    read: Callable[[Map, tuple[str, ...], Names, Findings], Value | None] | None = None  # where fitting is not enough


SECTIONS: Mapping[str, Section] = {
    "checklists": Section(checklists.Checklist, checklists.checklist_problems),
    "criteria": Section(checklists.Criteria, checklists.criteria_problems),
    "derivations": Section(derivations.Derivation, derivations.problems),
    "ladders": Section(Ladder, ladders.problems),
    "mechanisms": Section(mechanisms.Mechanism, mechanisms.problems),
    "scoring": Section(Tree, tree_problems, trees.tree),
}


def read(whole: Union, names: Names, found: Findings) -> dict[str, dict[str, Value]]:
    """Return every declared section as values by code."""
    return {name: dict(_values(whole.by_code[name], section, names, found)) for name, section in SECTIONS.items()}


def _values(nodes: Map, section: Section, names: Names, found: Findings) -> Iterator[tuple[str, Value]]:
    for code, said in nodes.items():
        node = found.map(said, nodes.place(code), (f"“{code}”", f"'{code}'"))
        if node is None:
            continue
        filled, used = with_parameters(node, names, found)
        filled.pop("replaces", None)
        value = section.read(filled, used, names, found) if section.read else fit(section.model, filled, found)
        if value is not None:
            yield code, value


def check(rulebook: Rulebook, whole: Union, found: Findings) -> None:
    """Add what is wrong between the declared sections and the rest of the rulebook."""
    for name, section in SECTIONS.items():
        nodes = whole.by_code[name]
        for code, value in getattr(rulebook, name).items():
            for path, zh, en in section.problems(code, value, rulebook):
                found.add(place_of(nodes, [code, *_steps(path)]), f"“{code}”：{zh}", f"'{code}': {en}")


def _steps(path: str) -> list[str | int]:
    return [int(step) if step.isdigit() else step for step in path.split(".") if step]
