"""pandas over Arrow files: the same task in merges and groups."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.evaluation.ways import frames, plain
from benchmarks.evaluation.ways.plain import FAR, NOW, START, TODAY

Frames = dict[str, pd.DataFrame]
KEYS = ["o", "duty", "p"]


class Way:
    """pandas over the files of the set."""

    def __init__(self, folders: list[Path]) -> None:
        """Note the folders."""
        self.folders = folders
        self.said: dict[str, Any] = {}

    def run(self) -> None:
        """Evaluate."""
        self.found = pd.concat([evaluate(folder) for folder in self.folders])

    def answer(self, path: Path) -> None:
        """Write the summary."""
        self.found.to_parquet(path)


def _read(folder: Path, name: str, columns: list[str], signals: list[int] | None = None) -> pd.DataFrame:
    filters = [("signal", "in", signals)] if signals else None
    found = pd.read_parquet(folder / f"{name}.parquet", columns=columns, filters=filters)
    return found.astype({c: "int32" for c in columns if c not in ("k", "item", "trait", "f", "at_min", "amount")})


def evaluate(folder: Path) -> pd.DataFrame:
    """Return the summary of one set."""
    small = {
        name: pd.DataFrame(rows, columns=list(columns), dtype="int32")
        for name, (columns, rows) in frames.tables().items()
    }
    oc = _read(folder, "orgcal", ["o", "cal"])
    ap = _read(folder, "app", ["o", "duty", "lo", "hi"])
    ex = _read(folder, "excuse", ["o", "duty", "lo", "hi"]).rename(columns={"lo": "elo", "hi": "ehi"})
    cal = np.zeros(oc["o"].max() + 1, "int32")
    cal[oc["o"]] = oc["cal"]
    tally = _tally(
        _read(folder, "deeds", ["o", "signal", "day", "rday", "amount"], list(small["sc"]["signal"])), cal, small
    )
    cnt = _counted(folder, tally, cal, ap, small)
    whole, owed = _bearers(ap, oc, ex, small)
    sparse = owed.merge(cnt, on=KEYS, how="left")
    sparse["st"] = _status(sparse, sparse["n"] >= sparse["need"])
    sparse["on_time"] = sparse["n_in"] >= sparse["need"]
    sparse["day"] = sparse["due"]
    parts = [
        sparse,
        *_states(folder, ap, oc, small),
        *_others(folder, tally, ap, oc, small),
        _answered(folder, ap, small),
    ]
    judged = pd.concat([part[["o", "duty", "day", "st", "on_time"]] for part in parts], ignore_index=True)
    return _summary(judged, whole, cnt, ex, small)


def _status(frame: pd.DataFrame, met: pd.Series) -> np.ndarray:
    return np.select([met, frame["is_open"] == 1], [0, 1], 3)


def _windowed(
    deeds: pd.DataFrame, cal: np.ndarray, base: np.ndarray, step: np.ndarray, days: pd.DataFrame
) -> pd.DataFrame:
    """Add the window of each deed (p, due); deeds outside every window or entered too late are left out."""
    signal = deeds["signal"].to_numpy()
    key = base[signal] + step[signal] * cal[deeds["o"].to_numpy()] + deeds["day"].to_numpy() - START
    at = np.full((int(days["key"].max()) + 2_000, 3), -1, "int32")
    at[days["key"]] = days[["p", "due", "till"]].to_numpy()
    inside = (key >= 0) & (key < len(at))
    found = at[np.where(inside, key, len(at) - 1)]
    keep = (found[:, 0] >= 0) & (deeds["rday"].to_numpy() <= found[:, 2])
    kept = deeds[keep].copy()
    kept["p"], kept["due"] = found[keep, 0], found[keep, 1]
    return kept


def _places(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    base, step = np.full(128, -(10**6), "int32"), np.zeros(128, "int32")
    base[rows["signal"]], step[rows["signal"]] = rows["base"], rows["step"]
    return base, step


def _tally(deeds: pd.DataFrame, cal: np.ndarray, small: Frames) -> pd.DataFrame:
    kept = _windowed(deeds, cal, *_places(small["sc"]), small["cd"])
    kept["g"] = (kept["o"].astype("int64") * 128 + kept["signal"]) * 64 + kept["p"]
    kept["n_in"] = np.where(kept["rday"] <= kept["due"], kept["amount"], 0)
    found = kept.groupby("g", sort=False)[["amount", "n_in"]].sum().reset_index()
    g = found["g"]
    return pd.DataFrame(
        {
            "o": g // 8192,
            "signal": g // 64 % 128,
            "p": g % 64,
            "n": found["amount"].astype("int64"),
            "n_in": found["n_in"],
        }
    )


def _counted(folder: Path, tally: pd.DataFrame, cal: np.ndarray, ap: pd.DataFrame, small: Frames) -> pd.DataFrame:
    du, order = small["du"], ["o", "duty", "p", "n", "n_in", "need"]
    counts = tally.merge(du[du["duty"].isin([d for d, *_ in plain.COUNTS])], on="signal")
    rows = [(s, frames.class_of(p, 0) * 1000, 1000 if p in plain.BY_CALENDAR else 0) for _, s, p, _ in plain.DISTINCT]
    signals = [s for s, *_ in rows]
    told = _read(folder, "deeds", ["o", "signal", "day", "rday", "k"], signals).dropna(subset=["k"])
    told = _windowed(told, cal, *_places(pd.DataFrame(rows, columns=["signal", "base", "step"])), small["cd"])
    each = (
        told.groupby(["o", "signal", "p", "k"], sort=False, observed=True)
        .agg(early=("rday", "min"), due=("due", "min"))
        .reset_index()
    )
    each["n_in"] = each["early"] <= each["due"]
    distinct = each.groupby(["o", "signal", "p"], sort=False).agg(n=("k", "size"), n_in=("n_in", "sum")).reset_index()
    distinct = distinct.merge(du, on="signal")
    _, lo, hi = next(plain.windows(plain.YEAR, 0))
    spaced = _read(folder, "deeds", ["o", "signal", "day", "rday"], [plain.SPACED[0][1]])
    spaced = spaced[spaced["day"].between(lo, hi)]
    spaced["early"] = spaced["day"].where(spaced["rday"] <= hi)
    found = (
        spaced.groupby("o")
        .agg(a=("day", "min"), b=("day", "max"), c=("early", "min"), d=("early", "max"))
        .reset_index()
    )
    apart = plain.SPACED[0][3]
    found["n"] = 1 + (found["b"] - found["a"] >= apart)
    found["n_in"] = np.where(found["c"].isna(), 0, 1 + (found["d"] - found["c"] >= apart))
    found["p"], found["need"] = 0, 2
    both = found.merge(pd.DataFrame({"duty": [d for d, *_ in plain.SPACED]}), how="cross")
    meeting, signal, _, _ = plain.QUARTERLY_MEETING
    held = _read(folder, "deeds", ["o", "signal", "day", "rday", "amount"], [signal])
    held = held[held["o"].isin(ap.loc[ap["duty"] == meeting, "o"])].merge(small["quarter"], on="day")
    held["n_in"] = np.where(held["rday"] <= held["due"], held["amount"], 0)
    quarterly = held.groupby(["o", "p"]).agg(n=("amount", "sum"), n_in=("n_in", "sum")).reset_index()
    quarterly["duty"], quarterly["need"] = meeting, 1
    return pd.concat([part[order].astype("int64") for part in (counts, distinct, both, quarterly)], ignore_index=True)


def _bearers(ap: pd.DataFrame, oc: pd.DataFrame, ex: pd.DataFrame, small: Frames) -> tuple[pd.DataFrame, pd.DataFrame]:
    bear = _classed(ap, oc, small["classes"].drop_duplicates())
    bear["spans"] = bear.groupby(["o", "duty"])["lo"].transform("size")
    whole = bear.merge(small["cls"], on="class")
    whole = whole[(whole["spans"] == 1) & (whole["lo"] <= whole["clo"]) & (whole["hi"] >= whole["chi"])]
    whole = _without(whole, ex, ["o", "duty"])
    whole = whole[~whole["o"].isin(ex.loc[ex["duty"] == -1, "o"])][["o", "duty", "size", "due", "class"]]
    return whole, _owed(_without(bear, whole, ["o", "duty"]), small)


def _without(frame: pd.DataFrame, other: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    marked = frame.merge(other[keys].drop_duplicates(), on=keys, how="left", indicator=True)
    return marked[marked["_merge"] == "left_only"].drop(columns="_merge")


def _classed(ap: pd.DataFrame, oc: pd.DataFrame, classes: pd.DataFrame) -> pd.DataFrame:
    bear = ap.merge(classes, on="duty").merge(oc, on="o")
    bear["class"] += bear["step"] * bear["cal"]
    return bear


def _owed(bear: pd.DataFrame, small: Frames) -> pd.DataFrame:
    rows = bear.merge(small["win"], on="class")
    rows = rows[(rows["lo"] <= rows["whi"]) & (rows["hi"] >= rows["wlo"])]
    rows["days"] = np.minimum(rows["hi"], rows["whi"]) - np.maximum(rows["lo"], rows["wlo"]) + 1
    found = rows.groupby([*KEYS, "wlo", "whi", "due", "is_open"], sort=False)["days"].sum().reset_index()
    return found[2 * found["days"] >= found["whi"] - found["wlo"] + 1]


def _states(folder: Path, ap: pd.DataFrame, oc: pd.DataFrame, small: Frames) -> list[pd.DataFrame]:
    spans = _read(folder, "spans", ["signal", "o", "item", "lo", "hi", "k", "good", "till"])
    spans = spans.merge(small["states"], on="signal").merge(oc, on="o").sort_values(["o", "item", "lo"])
    entry = spans.groupby(["o", "item"], sort=False)
    spans["run"] = ((entry["hi"].shift() != spans["lo"] - 1) | (entry["good"].shift() != spans["good"])).cumsum()
    since = spans.groupby("run", sort=False)["lo"].transform("min")
    camera = spans["duty"] == plain.HOLDS[0][0]
    spans["till"] = np.select([spans["good"] == 1, camera], [spans["till"], since - 1], spans["lo"] - 1)
    seen = ap.merge(oc, on="o").merge(small["look"], on=["duty", "cal"])
    seen = seen[(seen["lo"] <= seen["snap"]) & (seen["hi"] >= seen["snap"])].drop(columns=["lo", "hi"])
    rows = spans.merge(small["look"], on=["duty", "cal"])
    rows = rows[(rows["lo"] <= rows["snap"]) & (rows["snap"] <= rows["hi"])]
    rows["bad"] = rows["till"] < rows["snap"]
    rows["lapse"] = rows["till"].where(rows["bad"])
    stood = (
        rows.groupby(KEYS, sort=False).agg(m=("till", "size"), bad=("bad", "sum"), lapse=("lapse", "min")).reset_index()
    )
    rules = rows[rows["duty"] == plain.RULES[0]].groupby(KEYS, sort=False)["k"].nunique().rename("kinds").reset_index()
    seen = seen.merge(stood, on=KEYS, how="left").merge(rules, on=KEYS, how="left")
    seen["on_time"], seen["day"] = True, seen["whi"]
    late = np.where(seen["is_open"] == 1, 2, 3)
    mending = np.zeros(len(seen), bool)
    for duty, _, _, days in (*plain.VALID, *plain.HOLDS):
        if days >= 0:
            mending |= (seen["duty"] == duty) & (seen["is_open"] == 1) & (seen["snap"] <= seen["lapse"] + days)
    seen["st"] = np.select([seen["bad"] == 0, mending], [0, 1], late)
    kept = seen[seen["duty"].isin([d for d, *_ in (*plain.VALID, *plain.HOLDS)]) & seen["m"].notna()]
    lease = seen[seen["duty"] == plain.LEASE[0]].copy()
    lease["st"] = np.where(lease["m"].isna(), 0, np.where(lease["is_open"] == 1, 2, 3))
    ruled = seen[seen["duty"] == plain.RULES[0]].copy()
    ruled["st"] = np.where(ruled["kinds"] == plain.RULES[3], 0, np.where(ruled["is_open"] == 1, 2, 3))
    pupils = _read(folder, "traitnum", ["o", "trait", "lo", "hi", "value"])
    guards = seen[seen["duty"] == plain.GUARDS[0]].merge(pupils[pupils["trait"] == "pupils"], on="o")
    guards = guards[(guards["lo"] <= guards["snap"]) & (guards["snap"] <= guards["hi"])]
    value = guards["value"]
    need = np.select([value < 100, value < 1000], [1, 2], 2 + (value - 1000) // 500)
    guards["st"] = np.where(guards["m"].fillna(0) >= need, 0, np.where(guards["is_open"] == 1, 2, 3))
    return [kept, lease, ruled, guards]


def _others(folder: Path, tally: pd.DataFrame, ap: pd.DataFrame, oc: pd.DataFrame, small: Frames) -> list[pd.DataFrame]:
    owed = _owed(_classed(ap, oc, small["others"]), small)
    cover = owed.merge(small["covers"], on="duty")
    cover["snap"] = np.minimum(cover["whi"], TODAY)
    members = cover.merge(_read(folder, "member", ["duty", "o", "k", "lo", "hi"]), on=["o", "duty"])
    members = members[(members["lo"] <= members["snap"]) & (members["snap"] <= members["hi"])]
    members = members[[*KEYS, "due", "is_open", "share", "k"]].drop_duplicates()
    visits = _read(folder, "deeds", ["o", "signal", "day", "rday", "k"], sorted({s for _, s, _, _ in plain.COVERS}))
    done = visits.merge(cover[["o", "duty", "signal", "p", "wlo", "whi"]], on=["o", "signal"])
    done = done[done["day"].between(done["wlo"], done["whi"])]
    done = done.groupby([*KEYS, "k"], sort=False)["rday"].min().rename("early").reset_index()
    covered = members.merge(done, on=[*KEYS, "k"], how="left")
    covered["m_in"] = covered["early"] <= covered["due"]
    by = [*KEYS, "due", "is_open", "share"]
    covered = (
        covered.groupby(by, sort=False)
        .agg(size=("k", "size"), m=("early", "count"), m_in=("m_in", "sum"))
        .reset_index()
    )
    covered["st"] = _status(covered, covered["m"] * 1000 >= covered["size"] * covered["share"])
    covered["on_time"] = covered["m_in"] * 1000 >= covered["size"] * covered["share"]
    base = tally.rename(columns={"signal": "of", "n": "base"})[["o", "of", "p", "base"]]
    shares = owed.merge(small["sides"], on="duty").merge(base[base["base"] > 0], on=["o", "of", "p"])
    shares = shares.merge(tally.rename(columns={"signal": "have"}), on=["o", "have", "p"])
    shares["st"] = _status(shares, shares["n"] * 1000 >= shares["base"] * shares["least"])
    shares["on_time"] = shares["n_in"] * 1000 >= shares["base"] * shares["least"]
    incidents = tally[tally["signal"] == plain.FEWER[1]][["o", "p", "n", "n_in"]]
    before = incidents.rename(columns={"n": "base"})[["o", "p", "base"]]
    before["p"] += 1
    fewer = (
        owed[owed["duty"] == plain.FEWER[0]].merge(before, on=["o", "p"]).merge(incidents, on=["o", "p"], how="left")
    )
    fewer["st"] = _status(fewer, fewer["n"].fillna(0) < fewer["base"])
    fewer["on_time"] = fewer["n_in"].fillna(0) < fewer["base"]
    grave = tally[tally["signal"] == plain.BANNED[1]][["o", "p", "n"]]
    banned = owed[owed["duty"] == plain.BANNED[0]].merge(grave, on=["o", "p"], how="left")
    banned["st"], banned["on_time"] = np.where(banned["n"].isna(), 0, 3), True
    return [part.assign(day=part["due"]) for part in (covered, shares, fewer, banned)]


def _answered(folder: Path, ap: pd.DataFrame, small: Frames) -> pd.DataFrame:
    signals = sorted({s for row in plain.RESPOND for s in row[1:] if s >= 0})
    deeds = _read(folder, "deeds", ["signal", "o", "k", "f", "day", "at_min", "amount"], signals).dropna(subset=["k"])
    asked = deeds.merge(small["asks"], on="signal")
    asked = asked[asked["day"] >= START]
    borne = asked[["o", "duty", "f", "day"]].merge(ap, on=["o", "duty"])
    borne = borne[(borne["lo"] <= borne["day"]) & (borne["day"] <= borne["hi"])][["o", "duty", "f"]].drop_duplicates()
    asked = asked.merge(borne, on=["o", "duty", "f"]).sort_values("f")
    ends = deeds.merge(small["ends"], on="signal")[["duty", "o", "k", "f", "what", "at_min"]]
    ends = ends.rename(columns={"f": "ended", "at_min": "ended_at"}).sort_values("ended")
    first = pd.merge_asof(
        asked,
        ends,
        left_on="f",
        right_on="ended",
        by=["duty", "o", "k"],
        direction="forward",
        allow_exact_matches=False,
    )
    hazard, warning, visit, _, tip, complaint = plain.RESPOND
    moves = deeds[(deeds["signal"] == hazard[4]) & deeds["amount"].notna()]
    moves = moves.rename(columns={"f": "mf", "amount": "moved"})[["o", "k", "mf", "moved"]]
    moved = first[first["duty"] == hazard[0]].merge(moves, on=["o", "k"])
    moved = moved[(moved["mf"] > moved["f"]) & ~(moved["mf"] >= moved["ended"])].sort_values("mf")
    moved = moved.groupby(["o", "duty", "f"])["moved"].last().reset_index()
    first = first[first["what"] != 3].merge(small["afters"], on="day").merge(moved, on=["o", "duty", "f"], how="left")
    day, duty, far = first["day"].astype("int64"), first["duty"], FAR * 1440
    first["due"] = np.select(
        [duty == hazard[0], duty == warning[0], duty == visit[0], duty == complaint[0], duty == tip[0]],
        [
            first["moved"].fillna(first["amount"]).fillna(far), first["at_min"] + 48 * 60, (day + 15) * 1440 + 1439,
            (day + 10) * 1440 + 1439, first["five"].astype("int64") * 1440 + 1439,
        ],
        first["ten"].astype("int64") * 1440 + 1439,
    )  # fmt: skip
    closes = np.where(duty == visit[0], first["due"] + 45 * 1440, far)
    met = (first["what"] == 2) & (first["ended_at"] <= closes)
    first["st"] = np.select([met, first["due"] >= NOW, closes >= NOW], [0, 1, 2], 3)
    first["on_time"] = (first["what"] == 2) & (first["ended_at"] <= first["due"])
    return first


def _summary(
    judged: pd.DataFrame, whole: pd.DataFrame, cnt: pd.DataFrame, ex: pd.DataFrame, small: Frames
) -> pd.DataFrame:
    judged["row"] = np.arange(len(judged))
    one = judged.merge(ex[ex["duty"] >= 0], on=["o", "duty"])
    every = judged.merge(ex[ex["duty"] < 0].drop(columns="duty"), on="o")
    inside = np.zeros(len(judged), bool)
    for found in (one, every):
        inside[found.loc[found["day"].between(found["elo"], found["ehi"]), "row"]] = True
    st = judged["st"]
    flags = {
        "met": st == 0, "due": (st == 1) & ~inside, "overdue": (st == 2) & ~inside, "missed": (st == 3) & ~inside,
        "excused": (st > 0) & inside, "on_time": (st == 0) & judged["on_time"].astype(bool),
    }  # fmt: skip
    rows = judged[["o", "duty"]].assign(**flags).groupby(["o", "duty"], sort=False).sum().reset_index()
    met = cnt[cnt["n"] >= cnt["need"]].merge(whole[["o", "duty", "class"]], on=["o", "duty"])
    met = met.merge(small["win"][["class", "p", "is_open"]], on=["class", "p"])
    met["early"] = met["n_in"] >= met["need"]
    met = met.groupby(["o", "duty"], sort=False).agg(
        met=("p", "size"), opened=("is_open", "sum"), on_time=("early", "sum")
    )
    full = whole.merge(met.reset_index(), on=["o", "duty"], how="left").fillna(0)
    full["missed"] = full["size"] - full["due"] - full["met"] + full["opened"]
    full["due"] -= full["opened"]
    full["overdue"] = full["excused"] = 0
    names = ["o", "duty", "met", "due", "overdue", "missed", "excused", "on_time"]
    return pd.concat([rows[names].astype("int64"), full[names].astype("int64")], ignore_index=True)
