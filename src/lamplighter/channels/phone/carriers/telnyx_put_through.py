"""Calls by Telnyx that are not taken: each is answered, told the words, and transferred to the practice's own line.

A call waits for a command at every step, so that a step that is not done leads to the next, as does one of which
nothing is told for too long. What is to become of the call comes back with each of its events, so that another process
goes on with it; whatever is told twice, a step is done once.
"""

import asyncio
import json
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from lamplighter import logs
from lamplighter.channels.phone.carriers.carrier import NobodyKnows, NotDone
from lamplighter.channels.phone.carriers.our_lines import OurLine
from lamplighter.channels.phone.numbers import NeverDialled, refuse_undialable

log = logs.get(__name__)
STEPS: Final = ("answer", "speak", "transfer", "hangup")
TOLD_BY: Final[Mapping[str, str]] = {"call.answered": "answer", "call.speak.ended": "speak"}
OVER: Final = 422
"""Its answer to a command for a call that has ended, among others."""

TOLD_WITHIN: Final[Mapping[str, float]] = {"answer": 5.0, "speak": 45.0}
"""Seconds after a step was taken in which it is told that it is done; no other is told of."""

SAYS: Final[Mapping[str, str]] = {"en": "en-US", "es": "es-MX"}
Command = Callable[[str, str, Mapping[str, Any]], Awaitable[object]]


class PuttingThrough:
    """`command` asks for one of STEPS for a call, and raises NotDone or NobodyKnows."""

    def __init__(self, command: Command) -> None:
        self._command = command
        self._going: dict[str, asyncio.Task[None]] = {}
        self._told: dict[str, dict[str, asyncio.Event]] = {}
        self._ending: set[asyncio.Task[bool]] = set()

    def begin(self, call: str, line: OurLine, *, first: str = "answer") -> None:
        """From this step on; nothing where it is under way."""
        if call not in self._going:
            self._told[call] = {step: asyncio.Event() for step in TOLD_WITHIN}
            self._going[call] = asyncio.ensure_future(self._go(call, line, first))
            self._going[call].add_done_callback(lambda _: self._forget(call))

    def took(self, call: str, event: str, state: object) -> bool:
        """Whether this event is of a call that is put through, or of its way to the own line."""
        said = _read(state)
        if event == "call.hangup" and "of" in said:
            self._not_reached(str(said["of"]))
        elif event in TOLD_BY and "own_line" in said:
            self._goes_on(call, TOLD_BY[event], _line(said))
        else:
            return False
        return True

    def over(self, call: str) -> None:
        if call in self._going:
            self._going[call].cancel()

    def close(self) -> None:
        for task in (*self._going.values(), *self._ending):
            task.cancel()

    def _goes_on(self, call: str, done: str, line: OurLine) -> None:
        if call in self._told:
            self._told[call][done].set()
        else:
            self.begin(call, line, first=STEPS[STEPS.index(done) + 1])

    def _not_reached(self, call: str) -> None:
        """Or they have talked, and the call is over already."""
        task = asyncio.ensure_future(self._done(call, "hangup", {}))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def _go(self, call: str, line: OurLine, first: str) -> None:
        for step in STEPS[STEPS.index(first) :]:
            wish = _wish(call, step, line)
            if wish is not None and await self._done(call, step, wish):
                if step not in TOLD_WITHIN:
                    return
                await self._is_told(call, step)

    async def _done(self, call: str, step: str, wish: Mapping[str, Any]) -> bool:
        try:
            await self._command(call, step, {**wish, "command_id": f"put-through-{step}"})
        except NotDone as why:
            if (step, why.status) != ("hangup", OVER):
                log.warning("put_through_step_not_done", step=step, status=why.status)
        except NobodyKnows:
            log.warning("put_through_step_unknown", step=step)
        else:
            return True
        return False

    async def _is_told(self, call: str, step: str) -> None:
        try:
            await asyncio.wait_for(self._told[call][step].wait(), TOLD_WITHIN[step])
        except TimeoutError:
            log.warning("put_through_step_not_told", step=step)

    def _forget(self, call: str) -> None:
        del self._going[call], self._told[call]


def _wish(call: str, step: str, line: OurLine) -> Mapping[str, Any] | None:
    """None for what is not to be done for this line. Only the words of the first language are said."""
    state = {"own_line": line.own_line, "words": line.words[:1]}
    if step == "answer":
        return {"client_state": _state(state)}
    if step == "speak" and line.words:
        locale, text = line.words[0]
        language = SAYS.get(locale, locale)
        return {"payload": text, "language": language, "voice": "female", "client_state": _state(state)}
    if step == "transfer" and line.own_line is not None:
        return {"to": line.own_line, "target_leg_client_state": _state({"of": call})}
    return {} if step == "hangup" else None


def _state(said: Mapping[str, Any]) -> str:
    return b64encode(json.dumps(said).encode()).decode()


def _read(state: object) -> Mapping[str, Any]:
    """Empty where it is none of these."""
    try:
        said = json.loads(b64decode(str(state or ""), validate=True))
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _line(said: Mapping[str, Any]) -> OurLine:
    """As it was when the call was put through."""
    words = tuple((str(locale), str(text)) for locale, text in said.get("words") or ())
    own = str(said["own_line"]) if said["own_line"] else None
    try:
        refuse_undialable(own or "988")
    except NeverDialled:
        log.error("own_line_is_never_dialled")
        own = None
    return OurLine(may_carry=False, words=words, own_line=own)
