"""Kinds: registers, records and cases declared in a rulebook, and the checks of what is written under them."""

from huxue.core.kinds.model import Field, FieldType, FlowStep, Kind, Names, Retention, Role

__all__ = ["Field", "FieldType", "FlowStep", "Kind", "Names", "Retention", "Role"]
