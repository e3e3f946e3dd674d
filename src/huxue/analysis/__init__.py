"""Numeric work over values: no Django, no clock, no ledger. Floats stay inside; what leaves is an integer."""
