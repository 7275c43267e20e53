"""Which times may be offered: pure policy over what the schedule says is busy."""

from lamplighter.desk.scheduling.free import is_free, others_near
from lamplighter.desk.scheduling.places import places_on
from lamplighter.desk.scheduling.search import find_slots

__all__ = ["find_slots", "is_free", "others_near", "places_on"]
