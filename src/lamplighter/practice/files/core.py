"""core.<language>.yaml: a practice's own wording of the twelve safety sentences, for whoever speaks a language that it
doesn't. In the form of the file that ships, so that somebody who reads the language takes that and puts it right."""

from typing import Final

from lamplighter.practice.files.known import language_of
from lamplighter.practice.reading import Section
from lamplighter.practice.values import LANGUAGE, NAME, TEXT, Kind, Unreadable

SENTENCES: Final = (
    "crisis", "medical", "home", "licensed", "person", "keys", "interpreter", "waiting.1", "waiting.2", "waiting.3",
    "nobody", "promised",
)  # fmt: skip
NAMES: Final = {
    "crisis": ("988", "911"),
    "medical": ("911",),
    "home": ("911",),
    "licensed": ("911",),
    "keys": ("0", "PERSON"),
    "nobody": ("988", "911"),
}
"""What a sentence can't do without, whatever the language."""


def core_language(name: str) -> str | None:
    """`vi` for core.vi.yaml."""
    return language_of(name, "core")


def read_core(section: Section) -> None:
    """Nothing is kept of it: what is said stands in the file itself, as it is signed."""
    section.maybe("locale", LANGUAGE, "")
    section.need("author", NAME)
    section.maybe("reviewer", NAME, "")
    section.maybe("status", NAME, "")
    phrases = section.need_section("phrases")
    if phrases is None:
        return
    for each in SENTENCES:
        phrases.need(f"core.{each}", _sentence(each))
    phrases.close()


def _sentence(name: str) -> Kind[str]:
    def read(written: str) -> str:
        text = TEXT.read(written)
        if "{" in text or "}" in text:
            raise Unreadable("nothing is filled in here", "Take the braces out.")
        if lacking := [each for each in NAMES.get(name, ()) if each not in text]:
            raise Unreadable(f"this sentence has to name {' and '.join(lacking)}", "Put it in.")
        return text

    return Kind(read, "")
