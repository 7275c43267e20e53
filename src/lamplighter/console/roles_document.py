"""docs/roles.md, made from the rules that the routes stand under: who may do what, and nothing from memory."""

from collections.abc import Iterable, Iterator
from typing import Final

from starlette.routing import BaseRoute

from lamplighter.console.roles import MEANINGS, NAMES, Place
from lamplighter.desk.ports import ROLES

HEAD: Final = """# Who may do what

Made from the code by `scripts/roles_document.py`; a test holds it to the routes. A route without a rule
is not built; whoever asks for a route that is not for their roles is told who can, and the ledger has what they did
reach. Somebody may have several roles. *See* only looks, *do* changes something.

"""
OTHERS: Final = """
What everybody may do about their own sign-in ("own"), and what is open before anybody has signed in ("open"):

"""


def as_document(routes: Iterable[BaseRoute]) -> str:
    places = sorted(
        (each for each in routes if isinstance(each, Place)), key=lambda each: (each.path, _verb(each))
    )
    staff = [each for each in places if each.rule.who == "staff"]
    others = [each for each in places if each.rule.who != "staff"]
    return f"{HEAD}{_lines(_roles())}{_lines(_table(staff))}{OTHERS[1:]}{_lines(_open(others))[:-1]}"


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines) + "\n"


def _roles() -> Iterator[str]:
    yield from (f"- **{NAMES[role]}**: {MEANINGS[role]}" for role in ROLES)


def _table(places: Iterable[Place]) -> Iterator[str]:
    yield f"| route | | {' | '.join(NAMES[role] for role in ROLES)} |"
    yield "|---|---|" + ":-:|" * len(ROLES)
    for each in places:
        cells = ("yes" if role in each.rule.roles else "" for role in ROLES)
        yield f"| `{each.path}` | {_verb(each)} | {' | '.join(cells)} |"


def _open(places: Iterable[Place]) -> Iterator[str]:
    yield from (f"- `{each.path}` ({_verb(each)}): {each.rule.who}" for each in places)


def _verb(place: Place) -> str:
    return "do" if "POST" in (place.methods or ()) else "see"
