"""answers.<language>.yaml: what we say to questions that the other files don't hold, written for the ear."""

from typing import Final

from lamplighter.practice.reading import Section
from lamplighter.practice.values import TEXT

TOPICS: Final = (
    "directions", "parking", "access", "telehealth", "clinicians", "languages", "insurers", "prices",
    "cancel_policy", "superbills", "sliding_scale", "payment_methods", "payment_plans", "records", "ages",
    "new_patients", "referrals", "hours", "first_visit",
)  # fmt: skip


def read_answers(section: Section) -> dict[str, str]:
    """Texts by topic."""
    return {topic: text for topic in TOPICS if (text := section.maybe(topic, TEXT, ""))}
