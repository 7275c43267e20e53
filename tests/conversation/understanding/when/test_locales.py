"""A locale file says only what the grammar can use."""

import re
from importlib import resources
from typing import Any

import pytest
from ruamel.yaml import YAML

from lamplighter.conversation.understanding.when import find_wish, prepare
from lamplighter.conversation.understanding.when.kinds import CHOICE_LISTED, CHOICE_VALUED, LISTED, VALUED

from .sample import NOW, PRACTICE

FOLDER = resources.files("lamplighter.conversation.understanding.when").joinpath("locales")
FILES = sorted(file.name for file in FOLDER.iterdir() if file.name.endswith(".yaml"))
SETTINGS = {
    "locale",
    "month_first",
    "dates_after",
    "bare_number_is_date",
    "soft",
    "reach",
    "past_endings",
    "full",
    "choice",
}


def load(name: str) -> dict[str, Any]:
    read: dict[str, Any] = YAML(typ="safe").load(FOLDER.joinpath(name).read_text("utf-8"))
    return read


@pytest.mark.parametrize("name", FILES)
def test_every_section_of_a_locale_is_one_that_the_grammar_reads(name: str) -> None:
    raw = load(name)
    assert raw.keys() - SETTINGS <= VALUED.keys() | LISTED.keys()
    assert raw.get("choice", {}).keys() <= CHOICE_VALUED.keys() | CHOICE_LISTED.keys()
    valued = {kind for kind, section in {**raw, **raw.get("choice", {})}.items() if isinstance(section, dict)}
    assert valued - {"reach", "choice"} <= VALUED.keys() | CHOICE_VALUED.keys()


@pytest.mark.parametrize("name", FILES)
def test_every_phrase_of_a_locale_is_text(name: str) -> None:
    raw = load(name)
    sections = [section for kind, section in {**raw, **raw.get("choice", {})}.items() if kind not in SETTINGS]
    lists = [phrases for s in sections for phrases in (s.values() if isinstance(s, dict) else [s])]
    odd = [
        phrase for phrases in lists for phrase in phrases if not isinstance(phrase, str) or not phrase.strip()
    ]
    assert odd == []


@pytest.mark.parametrize("name", FILES)
def test_every_span_of_the_day_is_well_formed(name: str) -> None:
    raw = load(name)
    spans = [
        *raw.get("part", ()),
        *raw.get("reach", ()),
        *(key.split("|")[1] for key in raw.get("rel_part", ())),
    ]
    assert [span for span in spans if not re.fullmatch(r"[0-2]\d:[0-5]\d-[0-2]\d:[0-5]\d", span)] == []


@pytest.mark.parametrize("name", FILES)
def test_every_weekday_and_part_of_a_locale_makes_a_wish(name: str) -> None:
    raw = load(name)
    prepare(raw["locale"])
    said = [
        phrase
        for kind in ("weekday", "weekset", "part", "week")
        for ps in raw.get(kind, {}).values()
        for phrase in ps
    ]
    assert [p for p in said if find_wish(p, raw["locale"], NOW, PRACTICE) is None] == []
