"""Generated histories: a tree that changes, deeds at the limits of the duties, entries, cases, and second thoughts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from huxue.core.calendar import Calendars
from huxue.core.duties.history import History, satisfies
from huxue.core.duties.shapes import Cover, Deed, Duty, Respond
from huxue.core.duties.window import windows
from huxue.core.facts import Fact
from huxue.core.values import date_of
from tests.properties.rules import LENGTH, LETTERS, POSTS, RECORDS, REGISTERS, START, STEPS


@dataclass
class Lives:
    """Draws one history."""

    r: Random
    calendars: Calendars
    facts: list[Fact] = field(default_factory=list)
    orgs: dict[str, str] = field(default_factory=dict)
    n: int = 0

    def fact(self, kind: str, verb: str, minute: int, **more: Any) -> Fact:
        self.n += 1
        r = self.r
        ident = f"{r.randrange(16**4):04x}{self.n:06d}"  # ids are not in the order of time on purpose
        late = r.choice([0, 0, 0, 1, 3, 7, 40]) * 1440
        item = more.pop("item", None) or ident
        f = Fact(id=ident, kind=kind, verb=verb, item=item, at=minute, recorded=minute + late, **more)  # type: ignore[arg-type]
        self.facts.append(f)
        return f

    def minute(self) -> int:
        return (START + self.r.randrange(-20, LENGTH)) * 1440 + self.r.choice([0, 600, 600, 1439])

    def tree(self) -> None:
        r = self.r
        plan = [
            ("C1", "county", ""),
            ("C2", "county", ""),
            ("T1", "town", "C1"),
            ("T2", "town", "C2"),
            ("B1", "bureau", "C1"),
            ("B2", "bureau", "C2"),
        ]
        plan += [(f"S{i}", "school", r.choice(["T1", "T2", "C1"])) for i in range(5)]
        for code, sort, parent in plan:
            self.orgs[code] = sort
            self.life(code, sort, parent)
        for bureau, target in (("B1", "C1"), ("B2", "C2"), ("B1", "T2"), ("C1", "S0")):
            lo = (START + r.choice([-300, 0, 100])) * 1440
            made = self.fact(
                "oversight",
                "open",
                lo,
                roles={"by": (bureau,)},
                fields={"supervised": target, "topic": r.choice(["food", "traffic"])},
            )
            if r.random() < 0.3:
                self.fact("oversight", "close", lo + r.randrange(300) * 1440, item=made.item, roles={"by": (bureau,)})

    def life(self, code: str, sort: str, parent: str) -> None:
        r = self.r
        at = START + r.choice([-500, -500, -500, 0, 45, 200])
        first = self.fact(
            "organisation",
            "open",
            at * 1440,
            roles={"about": (code,)},
            fields=self.described(code, parent, sort)
            | ({"in_use_from": str(date_of(START + 60))} if r.random() < 0.15 else {}),
        )
        while r.random() < 0.45:
            at += r.randrange(200)
            verb = r.choice(["change", "change", "close"])
            other = r.choice(["T1", "T2", "C1"]) if sort == "school" else parent
            self.fact(
                "organisation",
                verb,
                at * 1440 + r.choice([0, 700]),
                item=first.item,
                roles={"about": (code,)},
                fields=self.described(code, other, r.choice([sort, sort, "town" if sort == "school" else sort]))
                if verb == "change"
                else {"code": code},
            )
            if verb == "close" and r.random() < 0.6:
                return
        self.posts(code)

    def described(self, code: str, parent: str, sort: str) -> dict[str, Any]:
        r = self.r
        traits = {
            "level": r.choice(LETTERS[:2]),
            "pupils": r.choice([50, 99, 100, 999, 1000, 1499, 1500, 2600]),
            "boarding": r.random() < 0.5,
        }
        if r.random() < 0.8:
            traits["classes"] = r.choice([1, 2, 3])
        made: dict[str, Any] = {"code": code, "name": code, "type": sort, "parent": parent, "traits": traits}
        if code in ("C2", "S1"):
            made["area"] = "hills"
        return made

    def posts(self, code: str) -> None:
        r = self.r
        for post in POSTS:
            opened = self.fact(
                "post",
                "open",
                (START - 400) * 1440,
                roles={"about": (code,)},
                fields={"code": f"{code}/{post}", "organisation": code, "type": post},
            )
            if r.random() < 0.1:
                self.fact(
                    "post", "close", (START + r.randrange(300)) * 1440, item=opened.item, roles={"about": (code,)}
                )
            held = START + r.choice([-300, 0, 50])
            for person in range(r.choice([0, 1, 1, 2])):
                h = self.fact(
                    "holding",
                    "open",
                    held * 1440,
                    roles={"about": (code,)},
                    fields={"post": f"{code}/{post}", "person": f"p{person}"},
                )
                held += r.randrange(20, 200)
                self.fact("holding", "close", held * 1440, item=h.item, roles={"about": (code,)})

    def fields(self, day: int) -> dict[str, Any]:
        r = self.r
        made: dict[str, Any] = {
            "sort": r.choice(LETTERS),
            "tags": r.sample(LETTERS, r.choice([0, 1, 2])),
            "joint": r.random() < 0.5,
            "hours": r.choice([5, 10, 255, 510]),
            "until": str(date_of(day + r.choice([-40, -1, 0, 1, 30, 200]))),
            "moment": f"{date_of(day + r.choice([0, 3]))}T10:30",
            "school": r.choice(list(self.orgs)),
            "chair": f"{r.choice(list(self.orgs))}/{r.choice(POSTS)}",
        }
        return {k: v for k, v in made.items() if r.random() < 0.9}

    def acting(self) -> dict[str, Any]:
        org = self.r.choice(list(self.orgs))
        return self.r.choice([{}, {"post": f"{org}/{self.r.choice(POSTS)}", "person": self.r.choice(["", "p0", "p1"])}])

    def happen(self, kind: str, minute: int, by: str | None = None) -> Fact:
        r, codes = self.r, list(self.orgs)
        roles = {"by": (by or r.choice(codes),)}
        for role in ("with", "about", "to"):
            if r.random() < 0.6:
                roles[role] = tuple(r.sample(codes, r.choice([1, 1, 2])))
        answers = r.choice(self.facts[-40:]).item if r.random() < 0.6 else ""
        return self.fact(
            kind,
            "record",
            minute,
            roles=roles,
            fields=self.fields(minute // 1440),
            reference=answers,
            makeup=r.random() < 0.2,
            **self.acting(),
        )

    def bearer(self, duty: Duty) -> str:
        fitting = [o for o, sort in self.orgs.items() if sort in duty.owed_by.type]
        return self.r.choice(fitting or list(self.orgs))

    def fitted(self, deed: Deed, org: str, minute: int, **more: Any) -> Fact:
        """A deed of an organisation, drawn until it passes the filter."""
        r, codes = self.r, list(self.orgs)
        for _ in range(40):
            roles = {
                role: tuple(r.sample(codes, r.choice([1, 2])))
                for role in ("by", "with", "about", "to")
                if r.random() < 0.6
            }
            roles[deed.as_] = (org,)
            drawn = {"roles": roles, "fields": self.fields(minute // 1440), **self.acting(), **more}
            trial = Fact(id="?", kind=deed.record, verb="record", item="?", at=0, recorded=0, **drawn)
            if satisfies(deed.where, History.read(trial)):
                break
        return self.fact(deed.record, "record", minute, **drawn)

    def aimed(self, duty: Duty) -> None:
        """Deeds on limit - 1, limit, limit + 1 of every limit of a duty's windows, or of a trigger's deadline."""
        r, shape = self.r, duty.shape
        if isinstance(shape, Respond):
            for _ in range(6):
                self.answered(duty, shape)
            return
        deeds = _deeds(shape)
        found = list(windows(duty, self.calendars.default, START, START + 300))
        for w in r.sample(found, min(6, len(found))):
            org = self.bearer(duty)
            for limit in (
                w.lo,
                w.hi,
                w.due,
                w.closes,
                r.randint(w.lo, max(w.lo, w.hi)),
                r.randint(w.lo, max(w.lo, w.hi)),
            ):
                for deed in deeds:
                    if r.random() < 0.5:
                        minute = (limit + r.choice([-1, 0, 0, 1])) * 1440 + r.choice([0, 600, 1439])
                        more = {"makeup": True} if limit > w.hi and r.random() < 0.7 else {}
                        if (isinstance(shape, Cover) and shape.members.holdings) or (
                            isinstance(shape, Cover) and shape.members.posts
                        ):
                            more |= {"post": f"{org}/{r.choice(POSTS)}"}
                        self.fitted(deed, org, minute, **more)
            if isinstance(shape, Cover) and shape.deed and r.random() < 0.8:
                self.covered(shape, shape.deed, org, w.lo, w.hi)

    def covered(self, shape: Cover, deed: Deed, org: str, lo: int, hi: int) -> None:
        """Enough deeds for (nearly) every member there may be."""
        r, m = self.r, shape.members
        entries = [f.item for f in self.facts if f.kind == "guard" and f.verb == "open" and org in f.roles["by"]]
        for n in range(6 * shape.at_least):
            made = self.fitted(
                deed,
                org,
                (r.randint(lo, max(lo, hi))) * 1440,
                reference=entries[n % len(entries)] if entries else "",
                post=f"{org}/{POSTS[n % 2]}" if m.posts or m.holdings else "",
            )
            roles = made.roles
            if shape.named_by in ("about", "with") and shape.named_by != deed.as_:
                roles[shape.named_by] = tuple(self.orgs)  # type: ignore[index]
            if shape.key == "sort":
                made.fields["sort"] = LETTERS[n % 3]  # type: ignore[index]

    def answered(self, duty: Duty, shape: Respond) -> None:
        r, org, at = self.r, self.bearer(duty), (START + self.r.randrange(0, 280)) * 1440 + self.r.choice([0, 600])
        if not shape.to.record or shape.to.record not in RECORDS:
            return
        trigger = self.fitted(shape.to, org, at)
        calendar = self.calendars.default
        due = calendar.deadline(at, shape.within) if shape.within.field is None else at + r.choice([1, 30]) * 1440
        when = r.choice([due - 1, due, due + 1, due + 1440, at, at + 1, r.randint(at, max(at, due))])
        more = {"reference": trigger.item}
        if shape.match == "sort" and "sort" in trigger.fields:
            answer = self.fitted(shape.with_, org, when, **more)
            answer.fields["sort"] = trigger.fields["sort"]  # type: ignore[index]
        elif r.random() < 0.8:
            self.fitted(shape.lifted_by if shape.lifted_by and r.random() < 0.2 else shape.with_, org, when, **more)

    def entry_life(self) -> None:
        r, at = self.r, (START + self.r.choice([-100, -20, 0, 30, 60, 120, 200])) * 1440
        kind, owner = r.choice(REGISTERS), r.choice(list(self.orgs))
        first = self.fact(kind, "open", at, roles={"by": (owner,)}, fields=self.fields(at // 1440))
        while r.random() < 0.6:
            at += r.choice([0, 1, 10, 60, 100]) * 1440
            verb = r.choice(["change", "change", "close"])
            self.fact(
                kind,
                verb,
                at,
                item=first.item,
                roles={"by": (owner,)},
                fields={} if verb == "close" else self.fields(at // 1440),
            )

    def case(self) -> None:
        r, at = self.r, self.minute()
        school, first = r.choice(list(self.orgs)), None
        for step in ["found", *r.choices(STEPS[1:], k=r.randrange(1, 6))]:
            made = self.fact(
                "hazard",
                "step",
                at,
                step=step,
                item=first.item if first else None,
                roles={"about": (school,), "by": (r.choice(list(self.orgs)),)},
                deadline=r.choice([None, at + r.randrange(0, 30 * 1440)]),
                fields=self.fields(at // 1440),
            )
            first = first or made
            at += r.choice([0, 1, 600, 1440, 5 * 1440, 10 * 1440, 15 * 1440])

    def go_on(self, size: int) -> None:
        """So many more events, at any time."""
        r = self.r
        for _ in range(size):
            r.choice(
                [
                    lambda: self.happen(r.choice(RECORDS), self.minute()),
                    lambda: self.happen(r.choice(RECORDS), self.minute()),
                    self.entry_life,
                    self.case,
                ]
            )()

    def afterthoughts(self) -> None:
        plain = [f for f in self.facts if f.verb in ("record", "step") or f.kind in REGISTERS]
        for f in self.r.sample(plain, len(plain) // 8):
            self.n += 1
            self.facts.append(self.reconsidered(f, f.recorded + self.r.randrange(0, 60) * 1440))
        for f in self.r.sample(plain, len(plain) // 4):
            self.verify(f)
        for _ in range(6):
            self.excuse()

    def reconsidered(self, f: Fact, when: int) -> Fact:
        """A withdrawal or a correction of a fact."""
        r = self.r
        if r.random() < 0.4:
            return Fact(
                id=f"w{self.n}", kind=f.kind, verb="withdraw", item=f.item, at=f.at, recorded=when, replaces=f.id
            )
        at = f.at + r.choice([0, 0, -1440, 1440, 20 * 1440])
        fields = self.fields(at // 1440) if f.verb != "close" else {}
        return replace(f, id=f"c{self.n}", at=at, recorded=when, fields=fields, replaces=f.id)

    def verify(self, f: Fact) -> None:
        r = self.r
        self.fact(
            "verification",
            "record",
            f.at + r.choice([0, 1440, 30 * 1440]),
            reference=r.choice([f.id, f.item]),
            roles={"by": (r.choice(list(self.orgs)),)},
            fields={"result": r.choice(["confirmed", "confirmed", "refuted"]), "spot": r.random() < 0.5},
            person=r.choice(["", "p0", "p2"]),
        )

    def excuse(self) -> None:
        r, day = self.r, START + self.r.randrange(300)
        self.fact(
            "excuse",
            "record",
            day * 1440,
            roles={"about": tuple(r.sample(list(self.orgs), 2))},
            fields={
                "duty": r.choice(["*", *(f"d{i}" for i in range(10))]),
                "from": str(date_of(day)),
                "to": str(date_of(day + r.randrange(120))),
                "reason": "x",
            },
        )


def _deeds(shape: Any) -> list[Deed]:
    parts = [p.deed for p in (*getattr(shape, "have", ()), *getattr(shape, "of", ())) if p.deed]
    return [d for d in (getattr(shape, "deed", None), *parts) if d is not None]
