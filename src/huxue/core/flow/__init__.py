"""Flows: where a case is, what may be done next and by whom, and its clocks."""

from huxue.core.flow.actors import PUBLIC, RELATIONS, Actor, actor
from huxue.core.flow.clocks import Clock, Stretch, clock
from huxue.core.flow.conditions import holds
from huxue.core.flow.deadlines import Deadlines, deadline_after
from huxue.core.flow.permissions import Permission, Reason, allowed, permission, take
from huxue.core.flow.states import NOT_YET, State, Taker, state
from huxue.core.flow.structure import structure_problems

__all__ = [
    "NOT_YET",
    "PUBLIC",
    "RELATIONS",
    "Actor",
    "Clock",
    "Deadlines",
    "Permission",
    "Reason",
    "State",
    "Stretch",
    "Taker",
    "actor",
    "allowed",
    "clock",
    "deadline_after",
    "holds",
    "permission",
    "state",
    "structure_problems",
    "take",
]
