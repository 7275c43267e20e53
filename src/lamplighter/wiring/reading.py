"""The optional large model between the Reader port and understanding: schema out, validated acts back."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from lamplighter.connectors.models.whereabouts import is_here
from lamplighter.conversation.acts import dump_acts
from lamplighter.conversation.understanding.context import Context
from lamplighter.conversation.understanding.reader import schema_for, validate
from lamplighter.practice.agreements import agreed_with
from lamplighter.practice.model import Practice, PracticeId
from lamplighter.settings import Settings

DEADLINE = 1.5  # seconds; its silence is never felt by the caller

Read = Callable[[str, Context], str | None]


def reader_of(settings: Settings, in_force: Mapping[PracticeId, Practice]) -> Read | None:
    """None unless an endpoint is configured: only then its HTTP client is loaded. `in_force` are the practices as they
    were signed last. Raises NoAgreement."""
    if settings.reader_url is None:
        return None
    from lamplighter.connectors.models.openai_compatible import OpenAICompatibleReader

    key = settings.reader_key.get_secret_value() if settings.reader_key else None
    reader = OpenAICompatibleReader(
        settings.reader_url, settings.reader_model, key=key, agreement=settings.reader_party
    )

    def read(text: str, context: Context) -> str | None:
        answer = reader.interpret(text, schema_for(context), DEADLINE)
        if answer is None:
            return None
        acts = validate(answer, text, context)
        return dump_acts(acts) if acts else None

    if is_here(settings.reader_url):
        return read
    return only_with_agreement(read, settings.reader_party or "", in_force)


def only_with_agreement(read: Read, party: str, in_force: Mapping[PracticeId, Practice]) -> Read:
    """Nothing leaves for a practice whose last signed version names no agreement with whoever runs the model, whenever
    the contact began."""

    def agreed(text: str, context: Context) -> str | None:
        allowed = agreed_with(in_force[context.practice.id], party, context.now.date())
        return read(text, context) if allowed else None

    return agreed


def unread(practices: Iterable[Practice], settings: Settings, day: date) -> list[PracticeId]:
    """The practices for which a model elsewhere is configured and never asked, since they signed no agreement."""
    if settings.reader_url is None or is_here(settings.reader_url):
        return []
    party = settings.reader_party or ""
    return [each.id for each in practices if not agreed_with(each, party, day)]
