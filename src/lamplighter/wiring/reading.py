"""The optional large model between the Reader port and understanding: schema out, validated acts back."""

from collections.abc import Callable

from lamplighter.conversation import events as e
from lamplighter.conversation.understanding.context import Context
from lamplighter.conversation.understanding.reader import schema_for, validate
from lamplighter.settings import Settings

DEADLINE = 1.5  # seconds; its silence is never felt by the caller

Read = Callable[[str, Context], str | None]


def reader_of(settings: Settings) -> Read | None:
    """None unless an endpoint is configured: only then its HTTP client is loaded. Raises NoAgreement."""
    if settings.reader_url is None:
        return None
    from lamplighter.connectors.models.openai_compatible import OpenAICompatibleReader

    key = settings.reader_key.get_secret_value() if settings.reader_key else None
    reader = OpenAICompatibleReader(
        settings.reader_url, settings.reader_model, key=key, agreement=settings.reader_agreement
    )

    def read(text: str, context: Context) -> str | None:
        answer = reader.interpret(text, schema_for(context), DEADLINE)
        if answer is None:
            return None
        acts = validate(answer, text, context)
        return e.dump_acts(acts) if acts else None

    return read
