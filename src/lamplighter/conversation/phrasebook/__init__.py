"""Every sentence the agent may say, by id. `Phrasebook.render(said)` is the only way from an event to words."""

from lamplighter.conversation.phrasebook.book import Phrase, Phrasebook, PhraseError

__all__ = ["Phrase", "PhraseError", "Phrasebook"]
