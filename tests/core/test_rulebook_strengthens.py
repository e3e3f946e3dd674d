"""When one duty is proved to be at least as strict as another, and when it is not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huxue.core.calendar import Calendars
from huxue.core.duties.history import satisfies
from huxue.core.duties.shapes import Test, Where
from huxue.core.rulebook.boundary import counterexample
from huxue.core.rulebook.implication import implies
from huxue.core.rulebook.load import load
from huxue.core.values import day_of
from huxue.rulebooks import read

BOOKS = Path(__file__).parent / "rulebooks"
FRAME = "title: {zh: 甲, en: A}, family: drills, source: {text: speech, clause: c}"


def reasons(strong: str, weak: str, owed: str = "{type: school}", tables: str = "") -> list[str]:
    """Load the small rulebook with two more duties, the first strengthening the second; return why it is not proved."""
    layers = read(str(BOOKS / "small"))
    layers[0][1]["duties/two.yaml"] = (
        f"- {{code: strong, {FRAME}, owed_by: {owed}, strengthens: weak, {strong}}}\n"
        f"- {{code: weak, {FRAME}, owed_by: {{type: school}}, {weak}}}\n"
    )
    layers[0][1]["tables.yaml"] = tables
    problems = load(layers)[1]
    assert all(p.file == "small/duties/two.yaml" and p.line == 1 for p in problems), problems
    return [p.en.split("of small: ")[1] for p in problems]


def drills(where: str = "{}", **more: object) -> str:
    said = "".join(f", {key}: {value}" for key, value in more.items())
    return f"repeat: {{deed: {{record: drill, where: {where}}}{said}}}"


WIDER = "some period holds no whole window of this duty, or it is due later"
LESS = "it asks for too few"


@pytest.mark.parametrize(
    ("strong", "weak", "expected"),
    [
        # a month in session and a term: each term holds whole months, the ones at its edges are not needed
        (drills(per="month-in-session"), drills(per="term"), []),
        (drills(per="month-in-session"), drills(per="term", at_least=3), []),
        (drills(per="month-in-session"), drills(per="term", at_least=4), [LESS]),
        (drills(per="month"), drills(per="year", at_least=12), []),
        (drills(per="month"), drills(per="year", at_least=13), [LESS]),
        (drills(per="week"), drills(per="month", at_least=3), []),
        (drills(per="week"), drills(per="month", at_least=4), [LESS]),
        (drills(per="term"), drills(per="month-in-session"), [WIDER]),
        (drills(per="year"), drills(per="school-year"), [WIDER]),
        (drills("{drill_kind: fire}", per="month"), drills("{drill_kind: [fire, evacuation]}", per="month"), []),
        (
            drills("{drill_kind: [fire, evacuation]}", per="month"),
            drills("{drill_kind: fire}", per="month"),
            ["the filter of the deed is not provably narrower"],
        ),
        (drills("{people: {at_least: 50}}", per="month"), drills("{people: {above: 49}}", per="month"), []),
        (drills(per="month", due="{days: 5}", closes="{days: 5}"), drills(per="month"), [WIDER]),
        (drills(per="month", make_good="true", closes="{days: 5}"), drills(per="year"), [WIDER]),
        (
            drills(per="month", enter_within="{workdays: 6}"),
            drills(per="month", enter_within="{workdays: 5}"),
            ["deeds may be entered later"],
        ),
        (drills(per="month", distinct="drill_kind", at_least=2), drills(per="year", at_least=20), []),
        (drills(per="month", distinct="drill_kind"), drills(per="year", distinct="drill_kind", at_least=2), [LESS]),
        (
            drills(per="month", spaced="{days: 5}", at_least=2),
            drills(per="month", spaced="{days: 9}", at_least=2),
            ["it counts in another way"],
        ),
        (drills(per="month"), "never: {deed: {record: drill}, per: month}", ["the two duties have different shapes"]),
        (
            "never: {deed: {record: drill}, per: month}",
            "never: {deed: {record: drill, where: {people: 3}}, per: year}",
            [],
        ),
        (
            "never: {deed: {record: drill, where: {people: 3}}, per: year}",
            "never: {deed: {record: drill}, per: year}",
            ["the filter of the deed is not provably narrower"],
        ),
        (
            "never: {deed: {record: drill}, per: term}",
            "never: {deed: {record: drill}, per: year}",
            ["its periods do not fill the other's"],
        ),
    ],
)
def test_repeat_and_never(strong: str, weak: str, expected: list[str]) -> None:
    found = reasons(strong, weak)
    assert len(found) == len(expected), found
    assert all(said.startswith(wanted) for said, wanted in zip(found, expected, strict=True)), found


HAVE = "have: {entry: guard, where: {certified: true}}, each: quarter"


@pytest.mark.parametrize(
    ("strong", "weak", "proved"),
    [
        (f"ratio: {{{HAVE}, need: 2}}", f"ratio: {{{HAVE}, need: 1}}", True),
        (f"ratio: {{{HAVE}, need: 1}}", f"ratio: {{{HAVE}, need: 2}}", False),
        (
            f"ratio: {{{HAVE}, need: {{table: guards, of: pupils}}}}",
            f"ratio: {{{HAVE}, need: {{table: guards, of: pupils}}}}",
            True,
        ),
        (f"ratio: {{{HAVE}, need: 2}}", "ratio: {have: {entry: guard}, each: quarter, need: 2}", True),
        ("ratio: {have: {entry: guard}, each: quarter, need: 2}", f"ratio: {{{HAVE}, need: 2}}", False),
        (f"ratio: {{{HAVE.replace('quarter', 'month')}, need: 2}}", f"ratio: {{{HAVE}, need: 2}}", True),
        (f"ratio: {{{HAVE}, need: 2}}", f"ratio: {{{HAVE.replace('quarter', 'month')}, need: 2}}", False),
        (
            "ratio: {have: {record: drill, where: {people: 3}}, of: {record: drill}, at_least: 90 %, per: month}",
            "ratio: {have: {record: drill, where: {people: 3}}, of: {record: drill}, at_least: 80 %, per: year}",
            True,
        ),
        (
            "ratio: {have: {record: drill, where: {people: 3}}, of: {record: drill}, at_least: 90 %, per: year}",
            "ratio: {have: {record: drill, where: {people: 3}}, of: {record: drill}, at_least: 80 %, per: month}",
            False,
        ),
        (
            "keep: {every: {entry: guard}, holds: {certified: true}, each: month}",
            "keep: {every: {entry: guard, where: {certified: false}}, holds: {certified: true}, each: month}",
            True,
        ),
        (
            "keep: {every: {entry: guard}, holds: {certified: true}, each: month, mend: {days: 9}}",
            "keep: {every: {entry: guard}, holds: {certified: true}, each: month, mend: {days: 5}}",
            False,
        ),
        (
            "cover: {members: {posts: [guard, principal]}, deed: {record: drill}, per: term}",
            "cover: {members: {posts: guard}, deed: {record: drill}, per: school-year, share: 80 %}",
            True,
        ),
        (
            "cover: {members: {posts: [guard, principal]}, deed: {record: drill}, per: term, share: 90 %}",
            "cover: {members: {posts: guard}, deed: {record: drill}, per: term, share: 80 %}",
            False,
        ),
        (
            "cover: {members: {posts: guard}, deed: {record: drill}, last: {days: 60}}",
            "cover: {members: {posts: guard}, deed: {record: drill}, last: {days: 90}}",
            True,
        ),
    ],
)
def test_the_other_shapes(strong: str, weak: str, *, proved: bool) -> None:
    assert (reasons(strong, weak) == []) is proved, reasons(strong, weak)


def respond(within: str, **more: str) -> str:
    said = "".join(f", {key}: {value}" for key, value in more.items())
    to = "{case: hazard, step: [ordered], as: about}"
    return f"respond: {{to: {to}, with: {{case: hazard, step: rectified}}, within: {within}{said}}}"


@pytest.mark.parametrize(
    ("strong", "weak", "proved"),
    [
        (respond("{days: 3}"), respond("{workdays: 3}"), True),
        (respond("{workdays: 3}"), respond("{days: 3}"), False),
        (respond("{workdays: 3}"), respond("{days: 12}"), True),  # over the long holidays, too
        (respond("{hours: 48}"), respond("{days: 2}"), True),
        (respond("{hours: 49}"), respond("{days: 2}"), False),
        (respond("{days: 3}"), respond("{days: 3}", closes="{days: 9}"), False),
        (respond("{days: 3}", closes="{days: 9}"), respond("{days: 3}"), True),
        (respond("{days: 3}", lifted_by="{step: accepted}"), respond("{days: 3}"), False),
        (respond("{days: 3}"), respond("{days: 3}", lifted_by="{step: accepted}"), True),
    ],
)
def test_respond_compares_deadlines_over_five_years(strong: str, weak: str, *, proved: bool) -> None:
    assert (reasons(strong, weak) == []) is proved, reasons(strong, weak)


SIZES = "ratio: {have: {entry: guard}, need: {table: %s, of: pupils}, each: quarter}"
MORE = "[{from: 0, base: 2}, {from: 1000, base: 3, add: 1, for_every: 400, beyond: 1000}]"
SLOWER = "[{from: 0, base: 2}, {from: 1000, base: 9, add: 1, for_every: 600, beyond: 1000}]"
SHARE = "ratio: {have: {record: drill, where: {people: 3}}, of: {record: drill}, at_most: %s, per: %s}"
LETTERS = "cover: {members: {children: %s}, deed: {step: signed}, per: year%s}"
LINKS = "cover: {members: {children: school}, entry: {entry: guard%s}, each: %s}"
VISITS = "cover: {members: {supervised: food, type: school, where: {boarding: true}}, deed: {record: inspection}, %s}"


@pytest.mark.parametrize(
    ("strong", "weak", "expected"),
    [
        (SIZES % "more", SIZES % "guards", []),
        (SIZES % "guards", SIZES % "more", ["its lower bound is lower, or cannot be compared"]),
        (SIZES % "slower", SIZES % "guards", ["its lower bound is lower, or cannot be compared"]),
        (SHARE % ("10 %", "month"), SHARE % ("20 %", "month"), []),
        (SHARE % ("30 %", "month"), SHARE % ("20 %", "month"), ["its upper bound is higher, or cannot be compared"]),
        (SHARE % ("10 %", "month"), SHARE % ("20 %", "year"), ["the periods differ and nothing can be proved"]),
        (
            "ratio: {have: {record: drill}, more_than: previous, per: year}",
            SHARE % ("10 %", "year"),
            ["it compares with something else"],
        ),
        (
            "ratio: {have: {record: drill}, more_than: previous, per: year}",
            "ratio: {have: {record: lesson}, more_than: previous, per: year}",
            ["it compares other amounts with the period before"],
        ),
        (LETTERS % ("[school, township]", ""), LETTERS % ("school", ""), []),
        (
            LETTERS % ("school", ", share: 80 %"),
            LETTERS % ("school", ", share: 90 %"),
            ["the share or the count is lower"],
        ),
        (
            LETTERS % ("[school, township]", ", share: 90 %"),
            LETTERS % ("school", ", share: 80 %"),
            ["with other members, a share below 100 % proves nothing"],
        ),
        (LETTERS % ("school", ", key: with"), LETTERS % ("school", ""), ["the key that names members differs"]),
        (LINKS % (", where: {certified: true}", "month"), LINKS % ("", "quarter"), []),
        (
            LINKS % ("", "month"),
            LINKS % (", where: {certified: true}", "month"),
            ["the filter of the entries is not provably narrower"],
        ),
        (
            LINKS % ("", "month"),
            LETTERS % ("school", ""),
            ["the deed is of another sort", "the entry is of another sort"],
        ),
        (VISITS % "last: {days: 90}", VISITS % "last: {days: 60}", ["it looks back further"]),
        (
            "keep: {every: {entry: guard}, valid: valid_until, each: month}",
            "keep: {every: {entry: guard}, holds: {certified: true}, each: month}",
            ["what the entries must hold is different or less"],
        ),
        (
            "never: {entry: {entry: guard}, each: month}",
            "never: {entry: {entry: guard, where: {certified: false}}, each: quarter}",
            [],
        ),
        (
            "never: {entry: {entry: guard}, each: month, mend: {days: 2}}",
            "never: {entry: {entry: holding}, each: month}",
            ["the entries are of different kinds or roles", "it may be mended later"],
        ),
        (
            "never: {deed: {record: drill}, per: year, enter_within: {workdays: 3}}",
            "never: {deed: {record: drill}, per: year}",
            ["it leaves out deeds that were entered late"],
        ),
        (
            "never: {deed: {record: drill}, per: year, dated_by: held}",
            "never: {deed: {record: drill}, per: year}",
            ["dated_by or make_good differs"],
        ),
        ("present: whole, " + drills(per="year"), drills(per="year"), ["present differs"]),
        (drills(per="year"), "counts: verified, " + drills(per="year"), ["the other counts verified deeds only"]),
        (drills(per="year", dated_by="held"), drills(per="year"), ["dated_by differs"]),
        (drills(per="year"), drills(per="{special: holidays}"), [WIDER]),
        (drills(per="{special: term-start}"), drills(per="{special: term-start}"), []),
        (respond("{days: 3}", moved_by="{step: extended}"), respond("{days: 3}"), ["it allows more by extension"]),
        (respond("{days: 3}"), respond("{days: 3}", moved_by="{step: extended}"), ["an extension may also shorten"]),
        (respond("{field: deadline}"), respond("{days: 3}"), ["it gives more time"]),
        (
            "respond: {to: {record: drill}, with: {record: lesson}, match: bearer, within: {days: 1}}",
            "respond: {to: {record: drill}, with: {record: lesson}, match: reference, within: {days: 1}}",
            ["match differs"],
        ),
    ],
)
def test_what_is_looked_at_and_what_is_said(strong: str, weak: str, expected: list[str]) -> None:
    tables = f"more: {MORE}\nslower: {SLOWER}\n"
    found = reasons(strong, weak, "{type: school}", tables)
    assert len(found) == len(expected), found
    assert all(any(said.startswith(wanted) for said in found) for wanted in expected), found


def test_bearers_may_be_a_part_but_not_of_another_type() -> None:
    twice, once = drills(per="term", at_least=2), drills(per="term")
    assert reasons(twice, once, "{type: school, where: {boarding: true}}") == []
    assert reasons(twice, once, "{type: township}") == ["it is not owed by: school"]
    assert reasons(twice, once, "{type: [township, school]}") == []


def test_acting_it_out_refutes_what_no_reasoning_was_asked_about() -> None:
    """The two halves of the proof agree: where windows do not nest, just enough deeds leave a period unmet."""
    layers, owed = read(str(BOOKS / "small")), "{type: school, where: {boarding: true}}"
    for strong, weak, refuted in (
        ("year", "month", True),
        ("month", "year", False),
        ("week", "month", False),
        ("month-in-session", "term", False),
        ("term", "month-in-session", True),
    ):
        layers[0][1]["duties/two.yaml"] = "".join(
            f"- {{code: {code}, {FRAME}, owed_by: {owed}, {drills('{people: 3}', per=per)}}}\n"
            for code, per in (("strong", strong), ("weak", weak))
        )
        rulebook, problems = load(layers)
        assert rulebook is not None, problems
        pair = (rulebook.duties["strong"], rulebook.duties["weak"])
        years = (day_of(date(2021, 1, 1)), day_of(date(2025, 12, 31)))
        found = counterexample(rulebook, Calendars.build(rulebook.calendars), pair, "default", years)
        assert bool(found) is refuted, (strong, weak, found)


FIELDS = {"a": (0, 1, 2, 3), "b": ("x", "y"), "c": (True, False)}


def comparisons(name: str) -> st.SearchStrategy[Test]:
    values = st.sampled_from(FIELDS[name])
    equal = st.builds(lambda v: Test(field=name, op="=", value=v), values)
    among = st.builds(
        lambda v: Test(field=name, op="in", value=tuple(v)), st.lists(values, min_size=1, max_size=3, unique=True)
    )
    ops = st.sampled_from(["at_least", "at_most", "below", "above"])
    sized = st.builds(lambda op, v: Test(field=name, op=op, value=v), ops, values)
    return st.one_of(equal, among, sized) if name == "a" else st.one_of(equal, among)


TESTS = st.sampled_from(sorted(FIELDS)).flatmap(comparisons)
PARTS = st.lists(TESTS, max_size=2).map(tuple)
LEAVES = st.builds(lambda a, b, c: Where(all=a, any=b, not_=c), PARTS, PARTS, PARTS)
WHERES = st.one_of(
    st.builds(lambda a, b: Where(all=(*a.all, b), any=a.any, not_=a.not_), LEAVES, LEAVES),
    st.builds(lambda a, b: Where(all=a.all, any=(*a.any, b), not_=(b,)), LEAVES, LEAVES),
    st.builds(lambda a: Where(not_=(a,)), LEAVES),
)


@given(strong=st.one_of(LEAVES, WHERES), weak=st.one_of(LEAVES, WHERES))
@settings(max_examples=200, deadline=None)
def test_an_implication_that_is_claimed_is_true(strong: Where, weak: Where) -> None:
    if implies(strong, weak):
        for a in (*FIELDS["a"], None, 9, [0, 3]):
            for b in (*FIELDS["b"], None, ["x", "y"]):
                for c in (*FIELDS["c"], None):
                    read = {"a": a, "b": b, "c": c}.get
                    assert not satisfies(strong, read) or satisfies(weak, read)


def test_what_is_plain_is_claimed() -> None:
    both = Where(all=(Test(field="a", op="at_least", value=2), Test(field="b", op="=", value="x")))
    assert implies(both, Where(all=(Test(field="a", op="above", value=1),)))
    assert implies(both, Where(any=(Test(field="b", op="in", value=("x", "y")), Test(field="c", op="=", value=True))))
    assert not implies(Where(), both)
    assert implies(
        Where(not_=(Test(field="b", op="in", value=("x", "y")),)), Where(not_=(Test(field="b", op="=", value="x"),))
    )
