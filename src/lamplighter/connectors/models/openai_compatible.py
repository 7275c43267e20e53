"""A Reader over any OpenAI-compatible chat endpoint, self-hosted or under an agreement.

One POST with a JSON schema. What comes back is only ever data for understanding: the conversation validates it against
the schema and against what was said. Sends the one utterance and nothing else about the person.
"""

import json
from dataclasses import dataclass, field

import httpx

from lamplighter.connectors.models.whereabouts import is_here

INSTRUCTION = (
    "You turn one utterance to the front desk of a practice into JSON that follows the given schema. "
    "Use only what the utterance says. Leave out what it doesn't say. Never answer the person."
)


class NoAgreement(Exception):
    """A model that is not on this machine may be asked only when the agreement with whoever runs it is on record."""

    def __init__(self) -> None:
        super().__init__(
            "the model endpoint is not on this machine and nobody is named with whom there is an agreement: set "
            "reader_party to the name in parties.yaml of whoever runs it, or leave reader_url empty"
        )


@dataclass(frozen=True, slots=True)
class OpenAICompatibleReader:
    """`base_url` ends before `/chat/completions`. `key` is sent as a bearer token where given."""

    base_url: str
    model: str
    key: str | None = field(default=None, repr=False)
    agreement: str | None = None

    def __post_init__(self) -> None:
        if not is_here(self.base_url) and not self.agreement:
            raise NoAgreement

    def interpret(self, utterance: str, schema: dict[str, object], deadline: float) -> str | None:
        """JSON text, or None: too late, unreachable, refused, or not an answer. Never raises, never logs words."""
        try:
            with httpx.Client(timeout=httpx.Timeout(deadline), trust_env=False) as client:
                response = client.post(
                    f"{self.base_url.rstrip('/')}/chat/completions",
                    json=self._body(utterance, schema),
                    headers=self._headers(),
                )
            response.raise_for_status()
            content = response.json()["choices"][0]["message"]["content"]
            json.loads(content)
        except (httpx.HTTPError, ValueError, KeyError, IndexError, TypeError):
            return None
        return str(content)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"} if self.key else {}

    def _body(self, utterance: str, schema: dict[str, object]) -> dict[str, object]:
        return {
            "model": self.model,
            "temperature": 0,
            "messages": [
                {"role": "system", "content": INSTRUCTION},
                {"role": "user", "content": utterance},
            ],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "acts", "schema": schema, "strict": False},
            },
        }
