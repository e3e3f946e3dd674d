"""A duty, read from YAML: who owes it, its shape, its dates, its clause."""

from __future__ import annotations

from huxue.core.duties.shapes import Duty, OwedBy, Source
from huxue.core.rulebook.fit import fit
from huxue.core.rulebook.literals import day
from huxue.core.rulebook.nodes import Map
from huxue.core.rulebook.shape import WINDOW, Shapes
from huxue.core.values import FAR

SHAPES = ("repeat", "respond", "keep", "cover", "ratio", "never")
FRAME = (
    "code",
    "title",
    "family",
    "owed_by",
    "in_force",
    "present",
    "counts",
    "strengthens",
    "ladder",
    "source",
    "note",
    "for_each",
    "replaces",
    "loosens",
)


class Duties(Shapes):
    """Reads whole duties."""

    def duty(self, node: Map, *, parameters: tuple[str, ...], layer: str, one_of: str = "") -> Duty | None:
        """Read one duty (parameters and ``$each`` already put in), or return ``None`` after saying what is wrong."""
        before = len(self.found)
        shape_names = [name for name in SHAPES if name in node]
        self.found.keys(node, (*FRAME, *SHAPES, *WINDOW, "mend"))
        self._named(node)
        owed_by = self._owed_by(node)
        frame = {
            "in_force": self._in_force(node),
            "source": self._source_of(node),
            "owed_by": owed_by,
            "parameters": parameters,
            "layer": layer,
            "one_of": one_of,
        }
        if len(shape_names) != 1:
            self.found.add(
                node.place(),
                f"职责应恰有一种形态：{', '.join(SHAPES)}",
                f"a duty has exactly one shape: {', '.join(SHAPES)}",
            )
            return None
        shape = self.shape(node, shape_names[0], owed_by)
        if len(self.found) > before or shape is None:
            return None
        rest = node.like()
        rest.update(
            {key: node[key] for key in node if key not in (*SHAPES, *WINDOW, "mend", "for_each", "replaces", *frame)}
        )
        return fit(Duty, rest, self.found, {**frame, "shape": shape})

    # --- the frame -------------------------------------------------------------------------------------------------

    def _named(self, node: Map) -> None:
        """Check the names that a duty gives of itself."""
        if "family" not in node:
            self.found.add(node.place(), "职责缺少 family", "a duty needs a family")
        elif node["family"] not in self.names.families:
            self.found.unknown(node.place("family"), ("职责族", "family"), node["family"], self.names.families)
        if "ladder" in node and self.names.ladders and node["ladder"] not in self.names.ladders:
            self.found.unknown(node.place("ladder"), ("督责阶梯", "ladder"), node["ladder"], self.names.ladders)

    def _owed_by(self, node: Map) -> OwedBy:
        said = self.found.map(node.get("owed_by"), node.place("owed_by"), ("owed_by", "owed_by"))
        if said is None:
            return OwedBy(type=())
        self.found.keys(said, ("type", "where", "post", "topic"))
        types = self.words(said, "type", list(self.names.types), ("单位类型", "organisation type"))
        for key, known, what in (
            ("post", self.names.posts, ("岗位", "post")),
            ("topic", self.names.topics, ("监管事项", "topic")),
        ):
            if key in said and said[key] not in known:
                self.found.unknown(said.place(key), what, said[key], known)
        for kind in types:
            posts = self.names.types[kind].posts if kind in self.names.types else ()
            if posts and "post" in said and said["post"] in self.names.posts and said["post"] not in posts:
                self.found.unknown(said.place("post"), (f"“{kind}”的岗位", f"post of '{kind}'"), said["post"], posts)
        where = self.where(said.get("where"), self.names.trait_scope(), said.place("where"))
        return OwedBy(type=types, where=where, post=str(said.get("post", "")), topic=str(said.get("topic", "")))

    def _in_force(self, node: Map) -> tuple[int, int]:
        value = node.get("in_force")
        if value is None:
            return -FAR, FAR
        rows = self.found.seq(value, node.place("in_force"), ("in_force", "in_force"))
        if rows is None or len(rows) != 2:  # noqa: PLR2004 - from, to
            self.found.add(
                node.place("in_force"), "in_force 应写 [起, 止]，不限写 null", "in_force says [from, to], null for open"
            )
            return -FAR, FAR
        days = [open_end if said is None else day(said) for said, open_end in zip(rows, (-FAR, FAR), strict=True)]
        for said, number in zip(rows, days, strict=True):
            if number is None:
                self.found.add(node.place("in_force"), f"没有“{said}”这一天", f"there is no day '{said}'")
        lo, hi = days[0] if days[0] is not None else -FAR, days[1] if days[1] is not None else FAR
        if lo > hi:
            self.found.add(node.place("in_force"), "in_force 的起日晚于止日", "in_force ends before it begins")
        return lo, hi

    def _source_of(self, node: Map) -> Source | None:
        said = self.found.map(node.get("source"), node.place("source"), ("source", "source"))
        if said is None:
            return None
        source = fit(Source, said, self.found)
        if source and source.text not in self.names.sources:
            self.found.unknown(said.place("text"), ("来源文本", "source text"), source.text, self.names.sources)
        if source and not source.clause.strip():
            self.found.add(said.place("clause"), "clause 不能为空", "clause must not be empty")
        return source
