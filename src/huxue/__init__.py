"""Huxue 护学: what schools and governments owe for the safety of pupils, from a rulebook and a ledger."""

__version__ = "0.4.0"
