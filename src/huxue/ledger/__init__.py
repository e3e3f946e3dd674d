"""The ledger: the only place that is written to, and everything that follows from its facts."""
