"""The desk's side of the telephone: its door, and whether its line is set up well."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lamplighter import logs
from lamplighter.channels.calls.speech_desk import SpeechDesk
from lamplighter.channels.phone.transfers import Ladder, TelephonePager
from lamplighter.channels.speech.espeak import INSTALL, espeak_installed
from lamplighter.channels.speech.models import installed
from lamplighter.channels.web.thread import Threads
from lamplighter.desk.contacts import Contacts
from lamplighter.desk.feed import LiveFeed
from lamplighter.practice.directory import Directory
from lamplighter.practice.load import load
from lamplighter.practice.problems import PracticeProblems, Problem
from lamplighter.settings import AnyTelephone, CarrierLine, Settings, TelephoneLine
from lamplighter.wiring.carrier_lines import carrier_problems, folder_problems, told_of
from lamplighter.wiring.desk import Desk
from lamplighter.wiring.serving import Beside
from lamplighter.wiring.speech import folder_of as models_of
from lamplighter.wiring.telephone_process import (
    SOCKET,
    TelephoneProblem,
    folder_of,
    need_library,
    peers_of,
)

log = logs.get(__name__)


@dataclass(frozen=True, slots=True)
class _Desk:
    contacts: Contacts
    feed: LiveFeed
    threads: Threads
    speech: SpeechDesk


def beside_the_doors(
    settings: Settings,
    answering: Desk,
    feed: LiveFeed,
    speech: SpeechDesk,
    directory: Directory,
    ladder: Ladder,
    pager: TelephonePager,
) -> list[Beside]:
    """What takes the telephone's calls, on the loop of `serve`; nothing where no line is set up or its library isn't
    there: pages and texts are answered all the same."""
    if not can_be_kept(settings):
        return []
    from lamplighter.channels.phone.door import PhoneDoor

    number = settings.telephone.number if settings.telephone else None
    desk = _Desk(answering.contacts, feed, Threads(answering.contacts, answering.records), speech)
    socket = folder_of(settings) / SOCKET
    return [PhoneDoor(desk, directory, socket, number, ladder=ladder, pager=pager).run]


def can_be_kept(settings: Settings) -> bool:
    """A line is set up, and what it needs is installed; the log says what is missing."""
    if settings.telephone is None:
        return False
    try:
        need_library(settings.telephone)
    except TelephoneProblem:
        log.exception("telephone_library_is_missing")
        return False
    return True


# -- whether it is set up well ---------------------------------------------------------------------------------------


def tell_of_telephone(settings: Settings, tell: Callable[[str], object]) -> None:
    """Where calls come from, and what keeps them from coming."""
    line = settings.telephone
    if line is None:
        return
    for problem in _problems(line, settings):
        kind = "WORTH A LOOK" if problem.severity == "warning" else "NO CALLS"
        tell(f"{kind}: {problem.message}. {problem.remedy}")
    for problem in _voiceless(settings):
        tell(f"NO VOICE: {problem.message}. {problem.remedy}")
    where = f"{line.kind} at {line.server}" if isinstance(line, TelephoneLine) else line.kind
    tell(f"  Telephone: {where}. `lamplighter telephone` keeps the line: it runs beside this.")


def telephone_today(folder: Path, settings: Settings) -> tuple[list[str], list[Problem]]:
    """How calls reach the practice in a folder, and what is missing."""
    line = settings.telephone
    if line is None:
        return [], []
    try:
        practice = load(folder)
    except PracticeProblems:
        return [], []
    found = [*_problems(line, settings), *_voiceless(settings)]
    if isinstance(line, CarrierLine):
        found += folder_problems(line, practice)
    if line.number is not None and line.number not in practice.numbers:
        message = f"calls whose line doesn't say what was dialled don't reach {practice.id}"
        found.append(_problem(message, "Put one of its numbers under number, or leave it out.", "warning"))
    if isinstance(line, CarrierLine):
        return [told_of(line, settings)], found
    about = f"Calls by a {line.kind} at {line.server} over {line.transport}, from {', '.join(line.peers) or 'nobody'}"
    return [about], found


def _problems(line: AnyTelephone, settings: Settings) -> Iterator[Problem]:
    try:
        need_library(line)
    except TelephoneProblem as missing:
        message, _, remedy = str(missing).partition(": ")
        yield _problem(message, f"Install the extra: {remedy}.")
    if isinstance(line, CarrierLine):
        yield from carrier_problems(line, settings)
    else:
        yield from problems_of(line, settings)


def problems_of(line: TelephoneLine, settings: Settings) -> Iterator[Problem]:
    if not line.peers:
        yield _problem(
            "no peers are listed: every call is refused", "List the addresses that calls come from."
        )
    try:
        peers = peers_of(line)
    except TelephoneProblem as wrong:
        peers = ()
        yield _problem(str(wrong), "Write each as 10.0.0.5 or 203.0.113.0/28.")
    if any(network.prefixlen == 0 for network in peers):
        yield _problem("everybody is a peer", "List only the addresses that calls truly come from.")
    if line.kind == "extension" and not (line.password or settings.telephone_password):
        yield _problem("the extension has no password", "Set LAMPLIGHTER_TELEPHONE_PASSWORD.", "warning")
    if line.kind == "extension" and line.number is None:
        message = "an extension's calls may not say which number was dialled: with several practices they reach nobody"
        yield _problem(message, "Set number to the one that leads here.", "warning")
    for path in (line.ca_file, line.certificate):
        if path is not None and not path.is_file():
            yield _problem(f"{path} is not there", "Put the file there, or name another.")
    first, last = line.rtp_ports
    if not 1024 <= first < last <= 65535 or last - first < 4 * line.most_calls:
        message = f"{first} to {last} are too few ports for the sound of {line.most_calls} calls"
        yield _problem(message, "Give four for each call under rtp_ports, between 1024 and 65535.", "warning")
    if not line.encrypted and not all(network.is_private for network in peers):
        message = "what callers say travels readable for whoever is on the way"
        yield _problem(message, 'Set encrypted = true and transport = "tls".', "warning")


def _voiceless(settings: Settings) -> Iterator[Problem]:
    held = "whoever calls is held, only their keys are taken, and a person is fetched"
    if not espeak_installed():
        yield _problem(f"espeak-ng is not installed: {held}", f"Type: {INSTALL}")
    if not installed(models_of(settings)):
        message = f"the speech models are not there: until they are, {held}"
        yield _problem(message, "Type: lamplighter models install", "warning")


def _problem(message: str, remedy: str, severity: Literal["error", "warning"] = "error") -> Problem:
    return Problem("lamplighter.toml [telephone]", 0, message, remedy, severity)
