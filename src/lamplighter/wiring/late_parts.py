"""The guard and understanding, loaded once a process, by the first words or ahead of them."""

import gc
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import TypeVar

from lamplighter import logs
from lamplighter.conversation.acts import Act
from lamplighter.conversation.events import Silence, dump_body
from lamplighter.conversation.guard import Guard, Verdict
from lamplighter.conversation.understanding import LanguageVote, Understanding
from lamplighter.conversation.understanding.context import Context
from lamplighter.practice.calendar import is_open
from lamplighter.practice.model import Practice

T = TypeVar("T")
_LOADING, _LOADING_PART = threading.Lock(), threading.Lock()
log = logs.get(__name__)


@cache
def guard() -> Guard:
    return Guard.load()


@cache
def understanding() -> Understanding:
    return Understanding.load()


class LateGuard:
    """The guard, loaded by the first words or before them by `warm_up`, so that a start waits for nothing. Whatever
    comes in meanwhile waits for it: nothing passes unread."""

    def check(self, text: str, locale: str, channel: str, *, before: Sequence[str] = ()) -> Verdict:
        return _loaded(guard).check(text, locale, channel, before=before)

    def interim(self, text: str, locale: str, channel: str) -> Verdict:
        return _loaded(guard).interim(text, locale, channel)

    def readable(self, text: str, locale: str) -> bool:
        return _loaded(guard).readable(text, locale)


class LateUnderstanding:
    """The same for understanding."""

    def understand(self, text: str, context: Context) -> tuple[Act, ...]:
        return _loaded(understanding).understand(text, context)

    def language(self, text: str) -> LanguageVote:
        return _loaded(understanding).language(text)


def _loaded(part: Callable[[], T]) -> T:
    """One thread loads, the others wait for it, and for no other part."""
    with _LOADING_PART:
        return part()


@cache
def _words() -> None:
    _loaded(guard).check("hello", "en", "chat")
    _loaded(understanding).warm("en")


@cache
def _every_word() -> None:
    guard().ready()
    understanding().warm()


def ready_for_words() -> None:
    """Returns once words can be read; what only some of them need may come later. Where that fails it is the turn that
    meets it, and ends at a person."""
    try:
        with _LOADING:
            _words()
    except Exception:
        log.exception("words_cannot_be_read")


def warm_up(practices: Iterable[Practice], now: datetime) -> threading.Thread:
    """Loads in the background what a greeting would otherwise wait for, then what words would, then what no words so
    far have asked for. For when the doors are open."""

    def load() -> None:
        dump_body(Silence(0))
        for practice in practices:
            is_open(practice, now)
        ready_for_words()
        _every_word()

    thread = threading.Thread(target=_unswept, args=(load,), daemon=True, name="warm-up")
    thread.start()
    return thread


def _unswept(load: Callable[[], None]) -> None:
    """Without looking for garbage among the words over and over while they are read, nor ever again: they stay."""
    gc.disable()
    try:
        load()
    finally:
        gc.freeze()
        gc.enable()
