"""Rulebooks: model, loading, checking, layers, editions and their differences."""
