"""Polars, streaming: the same task in expressions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
from polars import col

from benchmarks.evaluation.ways import frames, plain
from benchmarks.evaluation.ways.plain import FAR, NOW, START, TODAY

FINAL = ["o", "duty", "day", "st", "on_time"]


class Way:
    """Polars over the files of the set."""

    def __init__(self, folders: list[Path]) -> None:
        """Note the folders."""
        self.folders = folders
        self.said: dict[str, Any] = {}

    def run(self) -> None:
        """Evaluate."""
        self.found = pl.concat([evaluate(folder) for folder in self.folders])

    def answer(self, path: Path) -> None:
        """Write the summary."""
        self.found.write_parquet(path)


def _collected(frame: pl.LazyFrame) -> pl.DataFrame:
    return frame.collect(engine="streaming")


def evaluate(folder: Path) -> pl.DataFrame:
    """Return the summary of one set."""
    small = {
        name: pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.Int32), orient="row")
        for name, (columns, rows) in frames.tables().items()
    }
    at = {name: pl.scan_parquet(folder / f"{name}.parquet") for name in frames.READS}
    oc = at["orgcal"].select("o", col("cal").cast(pl.Int32)).collect()
    ap = at["app"].with_columns(col("lo", "hi").cast(pl.Int32)).collect()
    ex = at["excuse"].with_columns(col("lo", "hi").cast(pl.Int32)).rename({"lo": "elo", "hi": "ehi"}).collect()
    keyed = at["deeds"].select("o", "signal", col("day", "rday", "amount").cast(pl.Int32), "k").join(oc.lazy(), on="o")
    tally = _collected(
        keyed.drop("k").join(small["sc"].lazy(), on="signal")
        .with_columns(key=col("base") + col("step") * col("cal") + col("day") - START)
        .join(small["cd"].lazy(), on="key").filter(col("rday") <= col("till"))
        .group_by("o", "signal", "p")
        .agg(n=col("amount").sum(), n_in=pl.when(col("rday") <= col("due")).then(col("amount")).otherwise(0).sum())
    )  # fmt: skip
    cnt = _counted(keyed, tally, ap, small)
    whole, owed = _bearers(ap, oc, ex, small)
    sparse = owed.join(cnt, on=["o", "duty", "p"], how="left").select(
        "o",
        "duty",
        day="due",
        st=_status(col("n") >= col("need")),
        on_time=(col("n_in") >= col("need")).fill_null(value=False),
    )
    judged = pl.concat(
        [frame.select("o", "duty", col("day").cast(pl.Int64), col("st").cast(pl.Int32), "on_time")
         for frame in (sparse, *_states(at, ap, oc, small), *_others(at, tally, ap, oc, small), _answered(at, ap, small))]
    )  # fmt: skip
    return _summary(judged, whole, cnt, ex, small)


def _status(met: pl.Expr) -> pl.Expr:
    return pl.when(met).then(0).when(col("is_open") == 1).then(1).otherwise(3)


def _counted(
    keyed: pl.LazyFrame, tally: pl.DataFrame, ap: pl.DataFrame, small: dict[str, pl.DataFrame]
) -> pl.DataFrame:
    plainly = [d for d, *_ in plain.COUNTS]
    order = ["o", "duty", "p", "n", "n_in", "need"]
    counts = tally.join(small["du"].filter(col("duty").is_in(plainly)), on="signal").select(order)
    rows = [(s, frames.class_of(p, 0) * 1000, 1000 if p in plain.BY_CALENDAR else 0) for _, s, p, _ in plain.DISTINCT]
    signals = pl.DataFrame(rows, schema=dict.fromkeys(("signal", "base", "step"), pl.Int32), orient="row")
    distinct = _collected(
        keyed.filter(col("signal").is_in([s for s, *_ in rows]), col("k").is_not_null()).join(signals.lazy(), on="signal")
        .with_columns(key=col("base") + col("step") * col("cal") + col("day") - START)
        .join(small["cd"].lazy(), on="key").group_by("o", "signal", "p", "k")
        .agg(early=col("rday").min(), due=col("due").min()).group_by("o", "signal", "p")
        .agg(n=pl.len(), n_in=(col("early") <= col("due")).sum())
    ).join(small["du"], on="signal").select(order)  # fmt: skip
    _, lo, hi = next(plain.windows(plain.YEAR, 0))
    apart = plain.SPACED[0][3]
    spaced = _collected(
        keyed.filter(col("signal") == plain.SPACED[0][1], col("day").is_between(lo, hi)).group_by("o")
        .agg(col("day").min().alias("a"), col("day").max().alias("b"),
             col("day").filter(col("rday") <= hi).min().alias("c"), col("day").filter(col("rday") <= hi).max().alias("d"))
    ).select("o", p=pl.lit(0), n=1 + (col("b") - col("a") >= apart).cast(pl.Int32),
             n_in=(1 + (col("d") - col("c") >= apart).cast(pl.Int32)).fill_null(0), need=pl.lit(2))  # fmt: skip
    both = spaced.join(
        pl.DataFrame({"duty": [plain.SPACED[0][0], plain.SPACED[1][0]]}, schema={"duty": pl.Int32}), how="cross"
    )
    meeting, signal, _, _ = plain.QUARTERLY_MEETING
    counties = ap.filter(col("duty") == meeting).select("o").unique()
    quarterly = _collected(
        keyed.filter(col("signal") == signal).join(counties.lazy(), on="o", how="semi")
        .join(small["quarter"].lazy(), on="day").group_by("o", "p")
        .agg(n=col("amount").sum(), n_in=pl.when(col("rday") <= col("due")).then(col("amount")).otherwise(0).sum())
    ).with_columns(duty=pl.lit(meeting), need=pl.lit(1))  # fmt: skip
    parts = (counts, distinct, both, quarterly)
    return pl.concat([part.select(col(order).cast(pl.Int32)) for part in parts])


def _bearers(
    ap: pl.DataFrame, oc: pl.DataFrame, ex: pl.DataFrame, small: dict[str, pl.DataFrame]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    bear = _classed(ap, oc, small["classes"]).with_columns(spans=pl.len().over("o", "duty"))
    whole = (
        bear.join(small["cls"], on="class").filter(col("spans") == 1, col("lo") <= col("clo"), col("hi") >= col("chi"))
        .join(ex, on=["o", "duty"], how="anti").join(ex.filter(col("duty") == -1), on="o", how="anti")
        .select("o", "duty", "size", "due", "class")
    )  # fmt: skip
    return whole, _owed(bear.join(whole, on=["o", "duty"], how="anti"), small)


def _classed(ap: pl.DataFrame, oc: pl.DataFrame, classes: pl.DataFrame) -> pl.DataFrame:
    return ap.join(classes, on="duty").join(oc, on="o").with_columns(col("class") + col("step") * col("cal"))


def _owed(bear: pl.DataFrame, small: dict[str, pl.DataFrame]) -> pl.DataFrame:
    return (
        bear.join(small["win"], on="class").filter(col("lo") <= col("whi"), col("hi") >= col("wlo"))
        .group_by("o", "duty", "p", "wlo", "whi", "due", "is_open")
        .agg(days=(pl.min_horizontal("hi", "whi") - pl.max_horizontal("lo", "wlo") + 1).sum())
        .filter(2 * col("days") >= col("whi") - col("wlo") + 1)
    )  # fmt: skip


def _states(
    at: dict[str, pl.LazyFrame], ap: pl.DataFrame, oc: pl.DataFrame, small: dict[str, pl.DataFrame]
) -> list[pl.DataFrame]:
    spans = at["spans"].with_columns(col("lo", "hi", "till").cast(pl.Int32)).collect()
    spans = spans.join(small["states"], on="signal").join(oc, on="o")
    camera = col("duty") == plain.HOLDS[0][0]
    before = ["o", "item"]
    spans = spans.sort("o", "item", "lo").with_columns(
        fresh=((col("hi").shift(1).over(before) != col("lo") - 1) | (col("good").shift(1).over(before) != col("good"))).fill_null(value=True)
    ).with_columns(run=col("fresh").cum_sum().over(before)).with_columns(since=col("lo").min().over(*before, "run"))  # fmt: skip
    # of extinguishers only whether they hold matters, not since when
    spans = spans.with_columns(
        till=pl.when(col("good") == 1).then(col("till")).when(camera).then(col("since") - 1).otherwise(col("lo") - 1)
    )
    seen = (
        ap.join(oc, on="o").join(small["look"], on=["duty", "cal"])
        .filter(col("lo") <= col("snap"), col("hi") >= col("snap")).drop("lo", "hi")
    )  # fmt: skip
    stood = (
        spans.join(small["look"], on=["duty", "cal"]).filter(col("lo") <= col("snap"), col("snap") <= col("hi"))
        .group_by("o", "duty", "p")
        .agg(m=pl.len(), kinds=col("k").n_unique(), bad=(col("till") < col("snap")).sum(),
             lapse=col("till").filter(col("till") < col("snap")).min())
    )  # fmt: skip
    seen = seen.join(stood, on=["o", "duty", "p"], how="left").with_columns(on_time=pl.lit(value=True), day="whi")
    late = pl.when(col("is_open") == 1).then(2).otherwise(3)
    mends = {d: days for d, _, _, days in (*plain.VALID, *plain.HOLDS) if days >= 0}
    mending = pl.lit(value=False)
    for duty, days in mends.items():
        mending |= (col("duty") == duty) & (col("is_open") == 1) & (col("snap") <= col("lapse") + days)
    kept = seen.filter(col("duty").is_in([d for d, *_ in (*plain.VALID, *plain.HOLDS)]), col("m").is_not_null())
    kept = kept.with_columns(st=pl.when(col("bad") == 0).then(0).when(mending).then(1).otherwise(late))
    lease = seen.filter(col("duty") == plain.LEASE[0]).with_columns(
        st=pl.when(col("m").is_null()).then(0).otherwise(late)
    )
    rules = seen.filter(col("duty") == plain.RULES[0])
    rules = rules.with_columns(st=pl.when(col("kinds") == plain.RULES[3]).then(0).otherwise(late))
    pupils = at["traitnum"].filter(col("trait") == "pupils").select("o", "lo", "hi", "value").collect()
    value = col("value")
    need = pl.when(value < 100).then(1).when(value < 1000).then(2).otherwise(2 + (value - 1000) // 500)
    guards = (
        seen.filter(col("duty") == plain.GUARDS[0]).join(pupils, on="o")
        .filter(col("lo") <= col("snap"), col("snap") <= col("hi"))
        .with_columns(st=pl.when(col("m").fill_null(0) >= need).then(0).otherwise(late))
    )  # fmt: skip
    return [kept, lease, rules, guards]


def _others(
    at: dict[str, pl.LazyFrame], tally: pl.DataFrame, ap: pl.DataFrame, oc: pl.DataFrame, small: dict[str, pl.DataFrame]
) -> list[pl.DataFrame]:
    owed = _owed(_classed(ap, oc, small["others"]), small)
    cover = owed.join(small["covers"], on="duty")
    members = (
        cover.join(at["member"].collect(), on=["o", "duty"])
        .filter(col("lo") <= pl.min_horizontal("whi", pl.lit(TODAY)), pl.min_horizontal("whi", pl.lit(TODAY)) <= col("hi"))
        .select("o", "duty", "p", "due", "is_open", "share", "k").unique()
    )  # fmt: skip
    signals = [s for _, s, _, _ in plain.COVERS]
    visits = _collected(at["deeds"].filter(col("signal").is_in(signals)).select("o", "signal", "day", "rday", "k"))
    done = (
        visits.join(cover.select("o", "duty", "signal", "p", "wlo", "whi"), on=["o", "signal"])
        .filter(col("day").is_between(col("wlo"), col("whi"))).group_by("o", "duty", "p", "k").agg(early=col("rday").min())
    )  # fmt: skip
    covered = (
        members.join(done, on=["o", "duty", "p", "k"], how="left").group_by("o", "duty", "p", "due", "is_open", "share")
        .agg(size=pl.len(), m=col("early").count(), m_in=(col("early") <= col("due")).sum())
        .with_columns(day="due", st=_status(col("m") * 1000 >= col("size") * col("share")),
                      on_time=col("m_in") * 1000 >= col("size") * col("share"))
    )  # fmt: skip
    have = tally.rename({"signal": "have", "n": "have_n", "n_in": "have_in"})
    base = tally.select("o", "p", of="signal", base="n")
    shares = (
        owed.join(small["sides"], on="duty").join(base, on=["o", "of", "p"]).filter(col("base") > 0)
        .join(have, on=["o", "have", "p"])
        .with_columns(day="due", st=_status(col("have_n") * 1000 >= col("base") * col("least")),
                      on_time=col("have_in") * 1000 >= col("base") * col("least"))
    )  # fmt: skip
    incidents = tally.filter(col("signal") == plain.FEWER[1]).drop("signal")
    fewer = (
        owed.filter(col("duty") == plain.FEWER[0])
        .join(incidents.select("o", col("p") + 1, base="n"), on=["o", "p"]).join(incidents, on=["o", "p"], how="left")
        .with_columns(day="due", st=_status(col("n").fill_null(0) < col("base")), on_time=col("n_in").fill_null(0) < col("base"))
    )  # fmt: skip
    grave = tally.filter(col("signal") == plain.BANNED[1]).select("o", "p", "n")
    banned = (
        owed.filter(col("duty") == plain.BANNED[0]).join(grave, on=["o", "p"], how="left")
        .with_columns(day="due", st=pl.when(col("n").is_null()).then(0).otherwise(3), on_time=pl.lit(value=True))
    )  # fmt: skip
    return [covered, shares, fewer, banned]


def _answered(at: dict[str, pl.LazyFrame], ap: pl.DataFrame, small: dict[str, pl.DataFrame]) -> pl.DataFrame:
    signals = sorted({s for row in plain.RESPOND for s in row[1:] if s >= 0})
    deeds = _collected(
        at["deeds"].filter(col("signal").is_in(signals), col("k").is_not_null())
        .select("signal", "o", "k", "f", "day", "at_min", "amount")
    )  # fmt: skip
    asked = deeds.join(small["asks"], on="signal").filter(col("day") >= START)
    borne = asked.join(ap, on=["o", "duty"]).filter(col("lo") <= col("day"), col("day") <= col("hi"))
    asked = asked.join(borne, on=["o", "duty", "f"], how="semi").sort("f")
    ends = deeds.join(small["ends"], on="signal").select("duty", "o", "k", ended="f", what="what", ended_at="at_min")
    first = asked.join_asof(
        ends.sort("ended"), left_on="f", right_on="ended", by=["duty", "o", "k"], strategy="forward",
        allow_exact_matches=False, check_sortedness=False,
    )  # fmt: skip
    hazard, warning, visit, _, tip, complaint = plain.RESPOND
    moves = deeds.filter(col("signal") == hazard[4], col("amount").is_not_null()).select(
        "o", "k", mf="f", moved="amount"
    )
    moved = (
        first.filter(col("duty") == hazard[0]).join(moves, on=["o", "k"])
        .filter(col("mf") > col("f"), col("mf") < col("ended").fill_null(2**62))
        .sort("mf").group_by("o", "f").agg(col("moved").last()).with_columns(duty=pl.lit(hazard[0]))
    )  # fmt: skip
    far = FAR * 1440
    first = first.filter(col("what").fill_null(0) != 3).join(small["afters"].cast(pl.Int64), on="day")
    first = first.join(moved, on=["o", "f", "duty"], how="left")
    duty = col("duty")
    due = (
        pl.when(duty == hazard[0]).then(pl.coalesce("moved", "amount", pl.lit(far)))
        .when(duty == warning[0]).then(col("at_min") + 48 * 60).when(duty == visit[0]).then((col("day") + 15) * 1440 + 1439)
        .when(duty == complaint[0]).then((col("day") + 10) * 1440 + 1439).when(duty == tip[0]).then(col("five") * 1440 + 1439)
        .otherwise(col("ten") * 1440 + 1439)
    )  # fmt: skip
    first = first.with_columns(due=due).with_columns(
        closes=pl.when(duty == visit[0]).then(col("due") + 45 * 1440).otherwise(far),
        answered=(col("what") == 2).fill_null(value=False),
    )
    met = col("answered") & (col("ended_at") <= col("closes"))
    return first.with_columns(
        st=pl.when(met).then(0).when(col("due") >= NOW).then(1).when(col("closes") >= NOW).then(2).otherwise(3),
        on_time=(col("answered") & (col("ended_at") <= col("due"))).fill_null(value=False),
    )


def _summary(
    judged: pl.DataFrame,
    whole: pl.DataFrame,
    cnt: pl.DataFrame,
    ex: pl.DataFrame,
    small: dict[str, pl.DataFrame],
) -> pl.DataFrame:
    judged = judged.with_row_index("row")
    inside = pl.concat([
        judged.join(ex.filter(col("duty") >= 0), on=["o", "duty"]).filter(col("day").is_between(col("elo"), col("ehi"))).select("row"),
        judged.join(ex.filter(col("duty") < 0).drop("duty"), on="o").filter(col("day").is_between(col("elo"), col("ehi"))).select("row"),
    ]).unique().with_columns(ex=pl.lit(value=True))  # fmt: skip
    judged = judged.join(inside, on="row", how="left").with_columns(col("ex").fill_null(value=False))
    st = col("st")
    rows = judged.group_by("o", "duty").agg(
        met=(st == 0).sum(), due=((st == 1) & ~col("ex")).sum(), overdue=((st == 2) & ~col("ex")).sum(),
        missed=((st == 3) & ~col("ex")).sum(), excused=((st > 0) & col("ex")).sum(), on_time=((st == 0) & col("on_time")).sum(),
    )  # fmt: skip
    met = (
        cnt.filter(col("n") >= col("need")).join(whole.select("o", "duty", "class"), on=["o", "duty"])
        .join(small["win"].select("class", "p", "is_open"), on=["class", "p"]).group_by("o", "duty")
        .agg(met=pl.len(), met_open=col("is_open").sum(), on_time=(col("n_in") >= col("need")).sum())
    )  # fmt: skip
    arithmetic = (
        whole.join(met, on=["o", "duty"], how="left").with_columns(col("met", "met_open", "on_time").fill_null(0))
        .select("o", "duty", "met", due=col("due") - col("met_open"), overdue=pl.lit(0),
                missed=col("size") - col("due") - col("met") + col("met_open"), excused=pl.lit(0), on_time="on_time")
    )  # fmt: skip
    return pl.concat([rows.cast(pl.Int64), arithmetic.cast(pl.Int64)])
