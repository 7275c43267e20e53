"""What `lamplighter doctor` says of the languages of a practice: whether their words can be read, and are there."""

from pathlib import Path

from lamplighter.conversation.answers import found_in
from lamplighter.conversation.phrasebook.book import core_files
from lamplighter.conversation.reached import wished_in
from lamplighter.conversation.understanding.lexicon import LocaleUnreadable, languages, lexicon
from lamplighter.conversation.understanding.when import prepare
from lamplighter.practice.load import load
from lamplighter.practice.problems import PracticeProblems, Problem

ADDING = "docs/languages.md says what each file of a language holds."


def languages_today(folder: Path) -> list[Problem]:
    """Every language's files are read whatever is spoken, so that a mistake in any of them is one of every practice."""
    try:
        for language in languages():
            lexicon(language).ready()
            prepare(language)
        found_in("-", "email")
        wished_in("-")
    except LocaleUnreadable as wrong:
        return [Problem(wrong.file, wrong.line, wrong.what, f"Mend this line: {ADDING}")]
    return _not_understood(folder)


def _not_understood(folder: Path) -> list[Problem]:
    try:
        practice = load(folder)
    except PracticeProblems:
        return []
    without_few = [
        Problem(
            "practice.yaml",
            0,
            f"{tag} stands under `core`, and the twelve safety sentences are not there in it",
            f"Take it out of `languages`; there are {', '.join(core_files())}.",
            "go_live",
        )
        for tag in practice.languages_core
        if tag not in core_files()
    ]
    return without_few + [
        Problem(
            "practice.yaml",
            0,
            f"{tag} can be spoken here, and there are no words to understand it by",
            f"Take it out of `languages`, or add the words of {tag}: {ADDING}",
            "go_live",
        )
        for tag in practice.languages_signed
        if tag.split("-")[0].lower() not in languages()
    ]
