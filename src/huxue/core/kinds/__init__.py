"""Kinds: registers, records and cases declared in a rulebook, and the checks of what is written under them."""

from huxue.core.kinds.check import COMMON_ROLES, SPOT, Checked, Checker, checked, checked_roles, fields_of_step
from huxue.core.kinds.model import Field, FieldType, FlowStep, Kind, Names, Retention, Role
from huxue.core.kinds.structure import Declared, Finding, field_problems, list_problems
from huxue.core.kinds.text import canonical
from huxue.core.kinds.wrong import Mistake

__all__ = [
    "COMMON_ROLES",
    "SPOT",
    "Checked",
    "Checker",
    "Declared",
    "Field",
    "FieldType",
    "Finding",
    "FlowStep",
    "Kind",
    "Mistake",
    "Names",
    "Retention",
    "Role",
    "canonical",
    "checked",
    "checked_roles",
    "field_problems",
    "fields_of_step",
    "list_problems",
]
