"""Only the sums, of all shards at once: the set is laid on shared storage, and Spark runs the program over it."""

from __future__ import annotations

from huxue.standings.engines import duckdb as engine
from huxue.standings.engines.spark import Cluster, evaluate_sets, session, write_set
from huxue.standings.evaluate import Evaluation
from huxue.standings.sets.opened import Opened
from huxue.standings.sets.read import compiled, load_shard, prepare
from huxue.standings.sets.stand import Stand
from huxue.standings.sets.sums import Sums, sums_of


def sums_elsewhere(opened: Opened, stand: Stand, cluster: Cluster, *, today: int) -> Sums:
    """Evaluate all shards on a cluster and add up here; all standings stay in the cluster's folder.

    Memory here is bounded by the shard. Refused: see ``engines.spark``.
    """
    made = compiled(opened, stand, today)
    with engine.connect() as con, cluster.room() as room:
        prepare(con, opened, stand.duties, made)
        folders = [room / f"{shard:04d}" for shard in opened.shards]
        for shard, folder in zip(opened.shards, folders, strict=True):
            load_shard(con, opened, made, shard)
            write_set(con, folder)
        with session(cluster) as spark:
            evaluate_sets(spark, made, folders, cluster.shared)
        opened.view(con, "org", "closure")
        con.execute(f"CREATE OR REPLACE TEMP VIEW standing AS {cluster.result('standing')}")
        return sums_of(Evaluation(con, made, today, today, opened.manifest.areas))


__all__ = ["sums_elsewhere"]
