"""What can only be seen by looking at several of a practice's files together."""

from collections.abc import Collection, Mapping
from typing import Final

from lamplighter.practice.model import Practice
from lamplighter.practice.problems import Problem
from lamplighter.practice.reading import line_of
from lamplighter.practice.rota import rungs_of

NO_ONE_NUMBER: Final = ("on_call", "treating", "line")


def across_files(
    practice: Practice, files: Mapping[str, bytes], phrasebooks: Collection[str] | None
) -> list[Problem]:
    """`phrasebooks`: the languages that have one; None where the caller cannot know."""
    return [
        *_languages(practice, files, phrasebooks),
        *_answers(practice),
        *_visits(practice, files),
        *_packet(practice, files),
        *_outage(practice, files),
    ]


def _languages(
    practice: Practice, files: Mapping[str, bytes], phrasebooks: Collection[str] | None
) -> list[Problem]:
    line = line_of(files.get("practice.yaml", b""), "languages", "signed")
    both = set(practice.languages_signed) & set(practice.languages_draft)
    problems = [
        Problem(
            "practice.yaml", line, f"{language} is both signed and draft", "Keep it in one of the two lists."
        )
        for language in sorted(both)
    ]
    if phrasebooks is None:
        return problems
    return problems + [
        Problem(
            "practice.yaml",
            line,
            f"{language} is signed, but there is no phrasebook in it",
            f"Take {language} out of languages; there are {', '.join(sorted(phrasebooks))}.",
        )
        for language in practice.languages_signed
        if language and language not in phrasebooks
    ]


def _answers(practice: Practice) -> list[Problem]:
    """Whoever may be answered in a language is told the same facts in it."""
    texts = practice.answers.by_locale
    topics = {topic for locale in texts.values() for topic in locale}
    return [
        Problem(
            f"answers.{language}.yaml",
            0,
            f"{topic} is answered in another language, but not in {language}",
            f"Add `{topic}:` here, written for the ear in {language}.",
        )
        for language in practice.languages_signed
        if language
        for topic in sorted(topics - set(texts.get(language, {})))
    ]


def _visits(practice: Practice, files: Mapping[str, bytes]) -> list[Problem]:
    line = line_of(files.get("visits.yaml", b""), "visits")
    offered = {kind for clinician in practice.clinicians for kind in clinician.visit_kinds}
    return [
        Problem(
            "visits.yaml",
            line,
            f"nobody in people.yaml offers {kind.id}",
            f"Add {kind.id} to somebody's visits, or take it out here.",
        )
        for kind in practice.visit_kinds
        if kind.id and practice.clinicians and kind.id not in offered
    ]


def _outage(practice: Practice, files: Mapping[str, bytes]) -> list[Problem]:
    """A carrier puts calls through to one number, whoever's week it is."""
    rungs = rungs_of(practice.ladder)
    able = sorted({rung.id for rung in rungs if rung.kind not in NO_ONE_NUMBER})
    if practice.outage is None or not rungs or practice.outage.goes_to in ("", *able):
        return []
    line = line_of(files.get("outage.yaml", b""), "goes_to")
    said = f"{practice.outage.goes_to} is nobody of ladder.yaml whom a carrier could put a call through to"
    return [Problem("outage.yaml", line, said, f"Known here: {', '.join(able)}.")]


def _packet(practice: Practice, files: Mapping[str, bytes]) -> list[Problem]:
    """Everybody gets every paper in their language, and nobody writes one that no page shows."""
    pieces = {piece.id: piece for piece in practice.packet.pieces if piece.id}
    problems = [
        Problem(
            f"packet.{language}.yaml",
            line_of(files.get(f"packet.{language}.yaml", b""), "pieces", name),
            f"{name} is no paper of packet.yaml",
            "Add it there, or take it out here.",
        )
        for language, written in practice.packet.words.items()
        for name in written.pieces
        if name not in pieces
    ]
    for language in practice.languages_signed:
        written = practice.packet.words.get(language)
        found = written.pieces if written else {}
        problems += [
            Problem(
                f"packet.{language}.yaml",
                line_of(files.get(f"packet.{language}.yaml", b""), "pieces", name),
                f"the paper {name} has no words in {language}",
                f"Write `{name}:` with a title and words under `pieces:` in packet.{language}.yaml.",
            )
            for name, piece in pieces.items()
            if name not in found or not (found[name].words or piece.link)
        ]
    return problems
