"""What a caller says when the file doesn't tell: yes, no and not knowing, in their own language."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ruamel.yaml import YAML


@dataclass(frozen=True, slots=True)
class Words:
    yes: str
    no: str
    no_thanks: str
    dont_know: str
    rather_not_say: str


@cache
def locales() -> dict[str, Words]:
    text = files("lamplighter.rehearsal").joinpath("words.yaml").read_text("utf-8")
    return {locale: Words(**words) for locale, words in YAML(typ="safe", pure=True).load(text).items()}


def words_of(locale: str) -> Words:
    """The words of a BCP 47 tag, the bare language standing in. Raises KeyError for a language without any."""
    return locales().get(locale) or locales()[locale.split("-")[0]]
