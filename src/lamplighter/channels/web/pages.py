"""The pages themselves: a template and what it shows."""

import asyncio
from functools import partial
from pathlib import Path
from secrets import randbelow
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from phonenumbers import PhoneNumberFormat, format_number, parse
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from lamplighter.channels.web.limits import LONGEST_TEXT
from lamplighter.channels.web.site import Demo, InventedPatient, Site
from lamplighter.channels.web.words import Words, all_words, words_for
from lamplighter.practice import packet
from lamplighter.practice.model import Practice

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
SCRIPT_WORDS = (
    "you", "agent", "joined", "left", "ended", "lost", "connected", "connecting", "too_long", "empty", "malformed",
    "busy", "failed", "not_yours", "not_sent", "sending", "typing", "person", "delivered",
)  # fmt: skip
CALL_WORDS = (
    "call_start", "call_stop", "call_ringing", "call_on", "call_over", "mute", "unmute", "muted", "mic_on",
    "mic_none", "mic_waiting", "listening", "speaking", "thinking", "speech_ready", "speech_installing",
    "speech_installing_more", "speech_absent", "speech_remedy",
)  # fmt: skip
COUNTED = ("contacts", "person_now", "clinician", "desk", "false_alarms")
DONE = {"play": "done_play", "playing": "still_playing", "tomorrow": "done_tomorrow", "not": "not_done"}


def national(number: str) -> str:
    """An E.164 number as people write it."""
    return format_number(parse(number), PhoneNumberFormat.NATIONAL)


class Pages:
    """Each method answers one address."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def home(self, request: Request) -> Response:
        words, practice = words_for(request), self._site.practice(request)
        now = self._site.clock.now().astimezone(practice.timezone)
        return self._page(
            request,
            "home.html",
            now=format_datetime(now, words("clock_format"), locale=words.locale),
            done=DONE.get(request.query_params.get("done", "")),
            born=lambda patient: format_date(patient.born, "long", locale=words.locale),
        )

    async def crisis(self, request: Request) -> Response:
        """What is done when somebody may be in danger, and what the practice has published of its years."""
        words, practice = words_for(request), self._site.practice(request)
        years = await asyncio.to_thread(self._site.counts, practice.id)
        numbers = partial(format_decimal, locale=f"{words.locale}_US")
        return self._page(request, "crisis.html", years=years, counted=COUNTED, number=numbers)

    async def notice(self, request: Request) -> Response:
        """What the automated assistant is, as the practice has signed it."""
        found = packet.notice(self._site.practice(request), words_for(request).locale)
        if found is None:
            return problem(request, "not_found", 404)
        draft = self._site.practice(request).packet.words[found.locale].status == "draft"
        return self._page(request, "notice.html", paper=found, draft=draft)

    async def chat(self, request: Request) -> Response:
        return self._page(request, "chat.html", script=self._script_words(request, SCRIPT_WORDS))

    async def text(self, request: Request) -> Response:
        phones, chosen = self._chosen_phone(request)
        script = self._script_words(request, SCRIPT_WORDS)
        return self._page(request, "text.html", phones=phones, chosen=chosen, script=script)

    async def call(self, request: Request) -> Response:
        script = self._script_words(request, SCRIPT_WORDS + CALL_WORDS)
        phones, chosen = self._chosen_phone(request)
        speech = self._site.speech.status
        return self._page(request, "call.html", phones=phones, chosen=chosen, script=script, speech=speech)

    def _chosen_phone(self, request: Request) -> tuple[list[tuple[str, InventedPatient | None]], str]:
        asked = request.query_params.get("phone", "").strip()
        asked = f"+{asked}" if asked.isdigit() else asked
        phones = self._phones(asked)
        return phones, asked if asked in dict(phones) else phones[-1][0]

    def _phones(self, asked: str) -> list[tuple[str, InventedPatient | None]]:
        """The telephones to choose from: the patients', the one in use, and one of nobody's."""
        patients = self._site.demo.patients if self._site.demo else ()
        phones: list[tuple[str, InventedPatient | None]] = [(patient.number, patient) for patient in patients]
        taken = dict(phones)
        if _is_invented(asked) and asked not in taken:
            return [*phones, (asked, None)]
        fresh = f"+1917555{100 + randbelow(100):04d}"
        return phones if fresh in taken else [*phones, (fresh, None)]

    def _script_words(self, request: Request, names: tuple[str, ...]) -> dict[str, str]:
        words, practice = words_for(request), self._site.practice(request)
        filled = {"busy": {"phone": national(practice.phone)}, "failed": {"phone": national(practice.phone)}}
        filled["too_long"] = {"limit": f"{LONGEST_TEXT:,}"}
        return words.plain(*names) | {name: words(name, **values) for name, values in filled.items()}

    def _page(self, request: Request, template: str, **shown: Any) -> Response:
        words, practice = words_for(request), self._site.practice(request)
        return HTMLResponse(TEMPLATES.get_template(template).render(
            self._common(request, words, practice, self._site.demo) | shown
        ))  # fmt: skip

    def _common(
        self, request: Request, words: Words, practice: Practice, demo: Demo | None
    ) -> dict[str, Any]:
        return {
            "t": words,
            "practice": practice,
            "demo": demo,
            "national": national,
            "draft": self._site.is_draft(practice, words.locale),
            "languages": [each for each in all_words().values() if each.locale != words.locale],
            "path": request.url.path,
            "notice": packet.notice(practice, words.locale) is not None,
            "lamp": LAMP,
        }


def _is_invented(number: str) -> bool:
    return len(number) == 12 and number.startswith("+1") and number[5:10] == "55501" and number[1:].isdigit()


def problem(request: Request, what: str, status: int, **values: object) -> Response:
    page = TEMPLATES.get_template("problem.html")
    words = words_for(request)
    home = what != "nobody_here"
    return HTMLResponse(page.render(t=words, said=words(what, **values), lamp=LAMP, home=home), status)


LAMP = Markup(
    '<svg class="lamp" viewBox="0 0 32 32" aria-hidden="true" focusable="false">'
    '<path class="lamp-glow" d="M16 4c5 5 8 9 8 13a8 8 0 0 1-16 0c0-4 3-8 8-13z"/>'
    '<path class="lamp-flame" d="M16 11c2.500 2.800 4 4.800 4 7a4 4 0 0 1-8 0c0-2.200 1.500-4.200 4-7z"/>'
    '<path class="lamp-foot" d="M11 27h10v2H11z"/></svg>'
)
