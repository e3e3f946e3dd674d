"""The six shapes of a duty, read from YAML."""

from __future__ import annotations

from typing import Any

from huxue.core.duties.shapes import Cover, Deed, Entry, Keep, Never, OwedBy, Ratio, Repeat, Respond
from huxue.core.duties.shapes import Members as MemberSet
from huxue.core.kinds import Field, Kind
from huxue.core.rulebook.amounts import Amount, Amounts, deeds_in
from huxue.core.rulebook.literals import decimals_of, scaled
from huxue.core.rulebook.nodes import Map, Seq

WINDOW = ("per", "each", "window", "due", "closes", "make_good", "enter_within", "dated_by")
MOST_SPACED = 4  # the program unrolls that many
LONG = ("half-year", "year", "term", "school-year")
NOT_DISTINCT = ("place", "photo", "file", "signature")


class Shapes(Amounts):
    """Reads the shape of a duty."""

    def shape(self, node: Map, name: str, owed_by: OwedBy) -> Any:
        """Return the shape ``name`` of a duty, or ``None`` after saying what is wrong with it."""
        said = self.found.map(node[name], node.place(name), (name, name))
        if said is None:
            return None
        whole = said.like()
        whole.update(said)
        for key in (*WINDOW, "mend"):  # may stand beside the shape as well
            if key in node and key not in said:
                whole.put(key, node[key], node.place(key))
        read = {
            "repeat": self._repeat,
            "respond": self._respond,
            "keep": self._keep,
            "cover": self._cover,
            "ratio": self._ratio,
            "never": self._never,
        }
        return read[name](whole, owed_by)

    def _window(
        self, node: Map, *, per: bool = False, each: bool = False, also: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """Read W. ``per``, ``each``: which of them this shape may have; exactly one of those allowed must be there."""
        may = [key for key, allowed in (("per", per), ("each", each), ("last", "last" in also)) if allowed]
        said = [key for key in ("per", "each", "last") if key in node]
        if len(said) != 1 or said[0] not in may:
            words = " / ".join(may)
            place = node.place(said[-1]) if said else node.place()
            self.found.add(place, f"这里应恰好写一个周期：{words}", f"exactly one of these is needed here: {words}")
            return {}
        if said[0] == "per":
            return {"per": self.period(node, "per")} | self._dates(node)
        for key in ("window", "due", "closes", "make_good", "enter_within", "dated_by"):
            if key in node:
                self.found.add(node.place(key), f"{key} 只与 per 同用", f"{key} goes with per only")
        return {"each": self.period(node, "each")} if said[0] == "each" else {}

    def _dates(self, node: Map) -> dict[str, Any]:
        due = self.due(node, "due")
        closes = self.due(node, "closes")
        for key, date in (("due", due), ("closes", closes)):
            long = node.get("per") in LONG or isinstance(node.get("per"), Map) or ":" in str(node.get("per"))
            if date is not None and date.date and not long:
                self.found.add(
                    node.place(key),
                    f"固定日期要求周期为 {', '.join(LONG)}",
                    f"a fixed date needs a period of {', '.join(LONG)}",
                )
        make_good = self.yes(node, "make_good")
        if "enter_within" in node and "dated_by" in node:  # a deed dated by a field has two days to measure from
            self.found.add(
                node.place("enter_within"),
                "enter_within 不与 dated_by 同用",
                "enter_within does not go with dated_by",
            )
        return {
            "before": self._before(node),
            "due": due,
            "closes": closes,
            "make_good": make_good,
            "enter_within": self.amount(node, "enter_within", "workdays"),
        }

    def _before(self, node: Map) -> tuple[int, int] | None:
        if "window" not in node:
            return None
        said = self.found.map(node["window"], node.place("window"), ("window", "window"))
        if said is None:
            return None
        self.found.keys(said, ("before",))
        days = said.get("before")
        if (
            not isinstance(days, Seq)
            or len(days) != 2  # noqa: PLR2004 - from, to
            or not all(type(d) is int and d >= 0 for d in days)
            or days[0] < days[1]
        ):
            self.found.add(
                said.place("before"),
                "before 应写 [15, 3]：周期开始前 15 天至 3 天",
                "before says [15, 3]: from 15 to 3 days before the period starts",
            )
            return None
        return days[0], days[1]

    def _keys(self, node: Map, *names: str) -> None:
        self.found.keys(node, (*names, *WINDOW))

    def _dated_by(self, node: Map, kind: Kind) -> str:
        name = str(node.get("dated_by", ""))
        dates = [code for code, declared in kind.fields.items() if declared.type in ("date", "time")]
        if name and name not in dates:
            self.found.unknown(node.place("dated_by"), ("日期字段", "date field"), name, dates)
        return name

    def _repeat(self, node: Map, _owed_by: OwedBy) -> Repeat | None:
        self._keys(node, "deed", "at_least", "sum", "distinct", "spaced")
        window = self._window(node, per=True)
        deed = self.deed(node.get("deed"), node.place("deed"))
        if deed is None:
            return None
        kind = self.kind_of(deed)
        spaced = self.amount(node, "spaced", "days", 0) or 0
        if sum((bool(node.get("sum")), bool(node.get("distinct")), spaced > 0)) > 1:
            self.found.add(
                node.place("deed"), "sum、distinct、spaced 只能写一个", "say only one of sum, distinct, spaced"
            )
        at_least = self._threshold(node, kind)
        if spaced and at_least > MOST_SPACED:
            self.found.add(
                node.place("at_least"),
                f"有间隔要求时最多 {MOST_SPACED} 次",
                f"with spaced, at_least is at most {MOST_SPACED}",
            )
        return Repeat(
            deed=deed,
            at_least=at_least,
            sum=str(node.get("sum", "")),
            distinct=self._distinct(node, kind),
            spaced=spaced,
            dated_by=self._dated_by(node, kind),
            **window,
        )

    def _threshold(self, node: Map, kind: Kind) -> int:
        """Return ``at_least`` in the unit that is counted."""
        if "sum" not in node:
            return self.whole(node, "at_least", 1, lowest=1)
        declared = self.summed(node, "sum", kind)
        if "at_least" not in node:
            self.found.add(node.place("sum"), "sum 还应写 at_least", "sum also says at_least")
            return 1
        number = scaled(node["at_least"], decimals_of(declared)) if declared else 1
        if number is None or number <= 0:
            self.found.add(
                node.place("at_least"),
                "at_least 应为大于 0 且小数位数合适的数",
                "at_least must be above 0, with no more decimals than the field",
            )
            return 1
        return number

    def _distinct(self, node: Map, kind: Kind) -> str:
        name = str(node.get("distinct", ""))
        declared = kind.fields.get(name)
        if name and declared is None:
            self.found.unknown(node.place("distinct"), ("字段", "field"), name, kind.fields)
        elif declared and (declared.type in NOT_DISTINCT or declared.many):
            self.found.add(node.place("distinct"), f"“{name}”不能用来区分", f"'{name}' cannot tell deeds apart")
        return name

    def _respond(self, node: Map, owed_by: OwedBy) -> Respond | None:  # noqa: ARG002 - the shapes share a signature
        self.found.keys(node, ("to", "with", "match", "within", "moved_by", "lifted_by", "closes", "field_of_move"))
        read = {
            key: self.deed(node[key], node.place(key)) for key in ("to", "with", "moved_by", "lifted_by") if key in node
        }
        within = self.span(node.get("within"), node.place("within"))
        closes = (
            self.span(node["closes"], node.place("closes"), ("hours", "days", "workdays", "school_days"))
            if "closes" in node
            else None
        )
        to, answer = read.get("to"), read.get("with")
        for key in ("to", "with"):
            if key not in node:
                self.found.add(node.place(), f"respond 缺少 {key}", f"respond needs {key}")
        if to is None or answer is None or within is None or None in read.values():
            return None
        match = str(node.get("match", "case"))
        self._match(node, match, {key: deed for key, deed in read.items() if deed})
        field_of_move = str(node.get("field_of_move", "deadline"))
        if within.field:
            self._deadline(node, "within", within.field, to)
        if moved := read.get("moved_by"):
            self._deadline(node, "moved_by", field_of_move, moved)
        return Respond.model_validate(
            {
                "to": to,
                "with": answer,
                "match": match,
                "within": within,
                "moved_by": read.get("moved_by"),
                "lifted_by": read.get("lifted_by"),
                "closes": closes,
                "field_of_move": field_of_move,
            }
        )

    def _match(self, node: Map, match: str, deeds: dict[str, Deed]) -> None:
        """Check that triggers and answers can find each other."""
        place = node.place("match") if "match" in node else node.place()
        if match == "case":
            if any(not deed.step for deed in deeds.values()) or len({deed.case for deed in deeds.values()}) > 1:
                self.found.add(
                    place, "match: case 要求各环节属于同一种事项", "match: case needs steps of one case kind"
                )
        elif match not in ("reference", "bearer", "holding"):
            for key, deed in deeds.items():
                fields = self.kind_of(deed).fields
                if match not in fields:
                    self.found.unknown(
                        place,
                        (f"{key} 的字段（match）", f"field (match) of {key}"),
                        match,
                        ("case", "reference", "bearer", "holding", *fields),
                    )

    def _deadline(self, node: Map, key: str, name: str, deed: Deed) -> None:
        """Check that a deadline's field exists where it is read: a step's own deadline, or a date or time field."""
        dates = [code for code, declared in self.kind_of(deed).fields.items() if declared.type in ("date", "time")]
        if not (deed.step and name == "deadline") and name not in dates:
            self.found.unknown(node.place(key), ("期限字段", "field that holds a deadline"), name, dates)

    def _keep(self, node: Map, owed_by: OwedBy) -> Keep | None:
        self._keys(node, "every", "valid", "holds", "mend")
        window = self._window(node, each=True)
        every = self._concerned(node, "every", owed_by)
        if every is None:
            return None
        if ("valid" in node) == ("holds" in node):
            self.found.add(node.place(), "keep 应写 valid 或 holds 之一", "keep says either valid or holds")
            return None
        kind = self.names.kind(every.entry)
        fields = kind.fields if kind else {}
        valid = str(node.get("valid", ""))
        dates = [code for code, declared in fields.items() if declared.type == "date"]
        if valid and valid not in dates:
            self.found.unknown(node.place("valid"), ("日期字段", "date field"), valid, dates)
        holds = (
            self.where(node["holds"], self.names.scope(kind), node.place("holds")) if "holds" in node and kind else None
        )
        return Keep(every=every, valid=valid, holds=holds, mend=self._mend(node), **window)

    def _mend(self, node: Map, *, deeds: bool = False) -> int:
        if deeds and "mend" in node:
            self.found.add(node.place("mend"), "mend 只与 each 同用", "mend goes with each only")
        days = self.amount(node, "mend", "days", -1)
        return -1 if days is None else days

    def _concerned(self, node: Map, key: str, owed_by: OwedBy) -> Entry | None:
        """Read an entry; one that is supervised needs the bearer's topic."""
        entry = self.entry(node.get(key), node.place(key))
        if entry and entry.as_ == "supervised" and not owed_by.topic:
            self.found.add(
                node.place(key), "as: supervised 要求 owed_by 写 topic", "as: supervised needs a topic in owed_by"
            )
        return entry

    def _cover(self, node: Map, owed_by: OwedBy) -> Cover | None:
        self._keys(node, "members", "deed", "entry", "at_least", "share", "last", "key")
        members = self.members(node.get("members"), node.place("members"))
        if ("deed" in node) == ("entry" in node):
            self.found.add(node.place(), "cover 应写 deed 或 entry 之一", "cover says either a deed or an entry")
            return None
        is_deed = "deed" in node
        window = self._window(node, per=is_deed, each=not is_deed, also=("last",) if is_deed else ())
        deed = self.deed(node["deed"], node.place("deed")) if is_deed else None
        entry = None if is_deed else self._concerned(node, "entry", owed_by)
        if members is None or (deed is None and entry is None):
            return None
        kind = self.kind_of(deed) if deed else self.names.kind(entry.entry) if entry else None
        share = self.share(node, "share") if "share" in node else 1000
        if share is not None and not 0 < share <= 1000:  # noqa: PLR2004 - per mille
            self.found.add(
                node.place("share"), "share 应大于 0 且不超过 100 %", "share must be above 0 and at most 100 %"
            )
        return Cover(
            members=members,
            deed=deed,
            entry=entry,
            key=self._member_key(node, members, kind, is_deed=is_deed),
            at_least=self.whole(node, "at_least", 1, lowest=1),
            share=share or 1000,
            last=self.amount(node, "last", "days", 0, lowest=1) or 0,
            dated_by=self._dated_by(node, kind) if kind else "",
            **window,
        )

    def _member_key(self, node: Map, members: MemberSet, kind: Kind | None, *, is_deed: bool) -> str:
        """Return where a deed or entry names its member, and check that it can name one of this set."""
        if kind is None:
            return ""
        fields = self._naming(members, kind)
        known = [
            *fields,
            *(("by", "with", "about", "to", *kind.roles) if not (members.list or members.entries) else ()),
        ]
        known += [
            word
            for word, fits in (("reference", members.entries), ("post", members.posts or members.holdings))
            if fits and is_deed
        ]
        if "key" in node:
            if node["key"] not in known:
                self.found.unknown(
                    node.place("key"), ("成员指向（key）", "key that names a member of this set"), node["key"], known
                )
            return str(node["key"])
        needs_field = members.list or not (is_deed or self._of_organisations(members))
        if needs_field and len(fields) == 1:
            return fields[0]
        if needs_field:
            self.found.add(
                node.place("members"),
                f"请写 key:，“{kind.code}”用哪个字段指明成员",
                f"say key: the field of '{kind.code}' that names the member",
            )
        return ""

    @staticmethod
    def _of_organisations(members: MemberSet) -> bool:
        return bool(members.children or members.supervised or members.through)

    def _naming(self, members: MemberSet, kind: Kind) -> list[str]:
        """Return the fields of a kind that can name a member of this set."""

        def names_one(declared: Field) -> bool:
            if members.list:  # a list, or a longer one that holds all its values
                return declared.type == "choice" and set(members.codes) <= set(self.names.values(declared))
            if members.entries:
                return declared.type == "entry" and declared.kind in ("", members.entries)
            if members.posts or members.holdings:
                return declared.type in ("post", "entry") if members.posts else declared.type == "entry"
            return declared.type == "organisation"

        return [name for name, declared in kind.fields.items() if names_one(declared)]

    def _ratio(self, node: Map, owed_by: OwedBy) -> Ratio | None:
        self._keys(node, "have", "of", "need", "at_least", "at_most", "more_than", "less_than", "empty")
        if "have" not in node:
            self.found.add(node.place(), "ratio 缺少 have", "ratio needs have")
            return None
        have = self.value(node["have"], node.place("have"))
        unit = have.decimals or 0 if have else 0
        sides = {key: self.value(node[key], node.place(key), unit) for key in ("of", "need") if key in node}
        if have is None or None in sides.values():
            return None
        self._same_unit(node, have, sides)
        deeds = any(deeds_in(amount.parts) for amount in (have, *sides.values()) if amount)
        self._supervised_parts(node, (have, *sides.values()), owed_by)
        window = self._window(node, per=deeds, each=not deeds)
        parts = {key: amount.parts for key, amount in sides.items() if amount}
        counted = [part.deed for amount in (have, *sides.values()) if amount for part in amount.parts if part.deed]
        dated_by = [self._dated_by(node, self.kind_of(deed)) for deed in counted]
        return Ratio(
            have=have.parts,
            **parts,
            **self._bounds(node),
            dated_by=dated_by[0] if dated_by else "",
            **window,
        )

    def _supervised_parts(self, node: Map, amounts: tuple[Amount | None, ...], owed_by: OwedBy) -> None:
        parts = [part for amount in amounts if amount for part in amount.parts]
        if not owed_by.topic and any(part.entry and part.entry.as_ == "supervised" for part in parts):
            self.found.add(
                node.place(), "as: supervised 要求 owed_by 写 topic", "as: supervised needs a topic in owed_by"
            )

    def _same_unit(self, node: Map, have: Amount, sides: dict[str, Amount | None]) -> None:
        for key, amount in sides.items():
            if amount and None not in (amount.decimals, have.decimals) and amount.decimals != have.decimals:
                self.found.add(
                    node.place(key),
                    f"have 与 {key} 的小数位数不同，不能比较",
                    f"have and {key} are counted in different decimals",
                )

    def _bounds(self, node: Map) -> dict[str, Any]:
        result: dict[str, Any] = {
            key: self.share(node, key, plain=True) for key in ("at_least", "at_most") if key in node
        }
        for key in ("more_than", "less_than"):
            if key in node and node[key] != "previous":
                self.found.add(node.place(key), f"{key} 只能写 previous", f"{key} can only say previous")
            elif key in node:
                result[key] = "previous"
        if "empty" in node and node["empty"] != "none":
            self.found.add(node.place("empty"), "empty 只能写 none", "empty can only say none")
        against = [key for key in ("of", "need") if key in node]
        compared = [key for key in ("more_than", "less_than") if key in node]
        if len(against) + len(compared) != 1 or (compared and ({"at_least", "at_most"} & set(node))):
            self.found.add(
                node.place(),
                "ratio 应写 of、need、more_than、less_than 之一（at_least、at_most 与 of、need 同用）",
                "ratio says one of of, need, more_than, less_than (at_least, at_most go with of, need)",
            )
        if "of" in against and not {"at_least", "at_most"} & set(node):
            self.found.add(node.place("of"), "of 还应写 at_least 或 at_most", "of also says at_least or at_most")
        return result

    def _never(self, node: Map, owed_by: OwedBy) -> Never | None:
        self._keys(node, "entry", "deed", "mend")
        if ("deed" in node) == ("entry" in node):
            self.found.add(node.place(), "never 应写 deed 或 entry 之一", "never says either a deed or an entry")
            return None
        if "deed" in node:
            deed = self.deed(node["deed"], node.place("deed"))
            dated_by = self._dated_by(node, self.kind_of(deed)) if deed else ""
            self._mend(node, deeds=True)
            return Never(deed=deed, dated_by=dated_by, **self._window(node, per=True))
        entry = self._concerned(node, "entry", owed_by)
        return Never(entry=entry, mend=self._mend(node), **self._window(node, each=True))
