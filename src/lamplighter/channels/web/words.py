"""The words of our own pages, a file for each language; nothing in them is said by the assistant."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML
from starlette.requests import HTTPConnection

FOLDER = Path(__file__).with_name("words")
COOKIE = "language"
FIRST = "en"


@dataclass(frozen=True, slots=True)
class Words:
    """A page's words in one language: `words("joined", name="Rosa")`. Raises KeyError for a word it hasn't."""

    locale: str
    _texts: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        text = self._texts[key]
        return text.format(**values) if values else text

    def keys(self) -> tuple[str, ...]:
        return tuple(self._texts)

    def plain(self, *keys: str) -> dict[str, str]:
        """Some of them as they stand, for a script to fill in."""
        return {key: self._texts[key] for key in keys}


@cache
def all_words() -> Mapping[str, Words]:
    """By locale; every file has exactly the keys of the first."""
    found = {
        path.stem: Words(path.stem, dict(YAML(typ="safe").load(path.read_text(encoding="utf-8"))))
        for path in sorted(FOLDER.glob("*.yaml"))
    }
    keys = set(found[FIRST]._texts)
    for words in found.values():
        if set(words._texts) != keys:
            raise ValueError(f"words/{words.locale}.yaml differs in: {sorted(keys ^ set(words._texts))}")
    return found


def words_for(connection: HTTPConnection) -> Words:
    """In the language picked on the page, else the first of the browser's that we have."""
    offered = all_words()
    asked = [connection.query_params.get("lang", ""), connection.cookies.get(COOKIE, "")]
    asked += _accepted(connection.headers.get("accept-language", "")[:200])
    tags = (tag.split("-")[0].strip().lower() for tag in asked)
    files = {locale.split("-")[0].lower(): locale for locale in offered}
    return offered[next((files[tag] for tag in tags if tag in files), FIRST)]


def _accepted(header: str) -> list[str]:
    """The languages of an Accept-Language header, best first."""
    weighed = []
    for place, part in enumerate(header.split(",")):
        tag, _, quality = part.partition(";q=")
        try:
            weighed.append((-float(quality or 1), place, tag.strip()))
        except ValueError:
            continue
    return [tag for _, _, tag in sorted(weighed)]
