"""Standings: the compiled program over the ledger's facts."""
