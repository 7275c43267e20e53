"""To whom the papers for somebody go: to themselves where they are of an age to agree to them, else to whoever is on
record as agreeing to their care. Nothing goes to a child's own number; where nobody is on record, the desk sees to it.
"""

from datetime import date, datetime

from lamplighter.desk.ports import Person, Transaction
from lamplighter.desk.preferences import Way, way_to
from lamplighter.law.profile import OF_AGE, profile_for
from lamplighter.law.states import SHIPPED, LawData
from lamplighter.practice.model import Practice


def way(
    tx: Transaction, practice: Practice, person: Person, now: datetime, law: LawData = SHIPPED
) -> Way | None:
    own = way_to(tx, practice, person)
    if agrees(practice, person, now, law):
        return own
    if person.contact_channel not in (None, "sms", "email"):
        return None
    return next((Way("sms", number) for number in _who_consents(person)), None)


def reached_at(
    practice: Practice, person: Person, now: datetime, law: LawData = SHIPPED
) -> frozenset[str | None]:
    """Where a link to the papers may have gone, and is still good."""
    if agrees(practice, person, now, law):
        return frozenset({person.phone, person.email})
    return frozenset(_who_consents(person))


def _who_consents(person: Person) -> tuple[str, ...]:
    return tuple(proxy.phone for proxy in person.proxies if proxy.consents)


def agrees(practice: Practice, person: Person, now: datetime, law: LawData = SHIPPED) -> bool:
    """Whether they may agree to papers by themselves, by the law of where they are. Whose birth date nobody has asked
    for is taken for of age."""
    if person.date_of_birth is None:
        return True
    day = now.astimezone(practice.timezone).date()
    age = _age(person.date_of_birth, day)
    if age >= OF_AGE:
        return True
    state = person.state if person.state in law.facts else practice.state
    assert state is not None
    return profile_for((state,), day, law).minor_rule(state).agrees_alone(age)


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
