"""The templates, and the short pages that say what happened."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from lamplighter.console import wording
from lamplighter.console.roles import MEANINGS, NAMES

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.filters["phone"] = wording.phone
TEMPLATES.filters["language"] = wording.language
TEMPLATES.globals["role_names"] = NAMES
TEMPLATES.globals["role_meanings"] = MEANINGS

WHAT = (
    "used", "wrong", "closed", "form", "contact", "floor", "reply", "page", "failed", "left", "has_it", "role",
    "prove", "reason", "glass", "person", "choice", "errand", "should", "no_call", "never", "second",
)  # fmt: skip


def draw(page: str, **given: object) -> str:
    return TEMPLATES.get_template(page).render(given)


def notice(practice: str, what: str, name: str = "", *, again: bool = False, glass: str = "") -> str:
    """`name` is whom or what it is about, in the notices that name somebody; `again`: a button opens the desk anew.
    `glass`: whose page may be opened all the same."""
    return draw("notice.html", practice=practice, what=what, name=name, again=again, glass=glass)
