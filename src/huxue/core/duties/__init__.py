"""Duties: the grammar (``shapes``), its compilation to rows, the fixed program, the reference and ``explain``."""
