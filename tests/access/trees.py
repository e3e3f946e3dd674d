"""Random trees with supervision, written straight into the tables, and a slow reference of who sees what."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from huxue.organisations.models import OPEN, Edge, Holding, Organisation, Post
from huxue.organisations.tables import delete_in, insert

NOW = 29_000_000
ALWAYS = (0, OPEN, 0, OPEN)
PAST = (0, NOW, 0, OPEN)  # ended this very minute
CORRECTED = (0, OPEN, 0, NOW)  # no longer said by the ledger


@dataclass
class Tree:
    """``parents``: code → the code above, "" for a root. ``oversight``: (department, supervised, four dates)."""

    parents: dict[str, str] = field(default_factory=dict)
    oversight: list[tuple[str, str, tuple[int, int, int, int]]] = field(default_factory=list)

    def path(self, code: str) -> str:
        above = self.parents[code]
        return f"{self.path(above) if above else ''}{code}/"

    def within(self, code: str, root: str) -> bool:
        while code and code != root:
            code = self.parents[code]
        return code == root

    def seen_by(self, code: str) -> set[str]:
        """The reference: own subtree, and the subtrees supervised now, as known now."""
        roots = {code} | {child for by, child, dates in self.oversight if by == code and dates == ALWAYS}
        return {one for one in self.parents if any(self.within(one, root) for root in roots)}


def grow(seed: int, *, size: int, roots: int = 1) -> Tree:
    """Codes are chosen so that one is often the beginning of another: Z1, Z10, Z1-x, Z1_, Z中."""
    rng, tree = Random(seed), Tree()
    ends = ("0", "1", "-a", "中", "~", "Z", "a")
    while len(tree.parents) < size:
        above = "" if len(tree.parents) < roots else rng.choice(list(tree.parents))
        if above and tree.path(above).count("/") > 8:
            continue
        code = (rng.choice(list(tree.parents)) if tree.parents else "Z") + rng.choice(ends)
        tree.parents.setdefault(code, above)
    codes = list(tree.parents)
    for _ in range(size // 2):
        tree.oversight.append((rng.choice(codes), rng.choice(codes), rng.choice((ALWAYS, ALWAYS, PAST, CORRECTED))))
    return tree


def plant(tree: Tree, *, kind: str = "county-department", post: str = "officer") -> None:
    """Write a tree; in every organisation a post is held by the person of its code."""
    for table in (Organisation, Edge, Post, Holding):
        table.objects.all().delete()
    insert(
        Organisation,
        [(c, f"i-{c}", f"name of {c}", kind, "", above, tree.path(c), "{}", 0, OPEN, None)
         for c, above in tree.parents.items()],
    )  # fmt: skip
    insert(Edge, [(f"e{n}", *dates, c, by, "supervisory", "fire") for n, (by, c, dates) in enumerate(tree.oversight)])
    insert(Post, [(f"p-{c}", *ALWAYS, f"{c}/{post}", c, post) for c in tree.parents])
    insert(Holding, [(f"h-{c}", *ALWAYS, f"{c}/{post}", c) for c in tree.parents])


def hold(post: str, person: str, dates: tuple[int, int, int, int] = ALWAYS) -> None:
    """One more holding."""
    delete_in(Holding, "item", [f"h-{person}-{post}"])
    insert(Holding, [(f"h-{person}-{post}", *dates, post, person)])
