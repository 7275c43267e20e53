"""Acts written on one line, so that hundreds of utterances can stand in a file with what they should mean.

`intend:move` (`intend?:` when unsure), `first_name=Maya` (`!=` for a correction), `-email` declined, `yes`, `no`,
`wrong:phone`, `choose:1`, `none:any`, `unmatched`, `ask:prices` or `ask:insurers(Aetna)`, `aside:repeat`, `speak:es`.
A value `*` fits any value.
"""

import re

from lamplighter.conversation.acts import (
    Act,
    Affirm,
    AskAbout,
    Choose,
    Decline,
    Deny,
    Give,
    Intend,
    Interject,
    NoneOfThose,
    SpeakIn,
    Unmatched,
    Wrong,
)
from lamplighter.conversation.details import Key


def written(act: Act) -> str:
    match act:
        case Intend(errand, sure):
            return f"intend{'' if sure else '?'}:{errand}"
        case Give():
            return f"{act.key}{'!' if act.correction else ''}={act.value}"
        case Decline(detail, subject):
            return f"-{Key(subject, detail)}"
        case Affirm():
            return "yes"
        case Deny():
            return "no"
        case Wrong(detail, subject):
            return f"wrong:{Key(subject, detail)}"
        case Choose(index):
            return f"choose:{index}"
        case NoneOfThose(towards):
            return f"none:{towards}"
        case Unmatched():
            return "unmatched"
        case AskAbout(topic, about):
            return f"ask:{topic}({about})" if about else f"ask:{topic}"
        case Interject(aside):
            return f"aside:{aside}"
        case SpeakIn(language):
            return f"speak:{language}"


def differences(acts: tuple[Act, ...], expected: str) -> list[str]:
    """What is missing and what is too much, empty when the acts are the expected ones in any order."""
    heard = [written(act) for act in acts]
    if expected == "*":
        return []
    wanted = [part.strip() for part in expected.split(" | ") if part.strip()]
    missing = [want for want in wanted if not any(_fits(want, got) for got in heard)]
    surplus = [got for got in heard if not any(_fits(want, got) for want in wanted)]
    return [f"missing {want}" for want in missing] + [f"surplus {got}" for got in surplus]


def _fits(want: str, got: str) -> bool:
    if want.endswith("*"):
        return re.match(re.escape(want[:-1]), got) is not None
    return want == got
