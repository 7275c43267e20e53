"""What the conversation asks of the outside about a bill, and what may be told of one. Values, as in `actions.py`."""

from dataclasses import dataclass
from typing import Final, Literal

BY_MAIL: Final = ".mail"
"""How the phrases go on that ask whether we may write by email, to an address that nobody else reads."""

AboutBill = Literal[
    "balance",
    "charge",
    "plan",
    "approval",
    "plan_unknown",
    "receipt",
    "superbill",
    "insurance",
    "payment",
    "statement",
    "estimate",
    "coverage",
    "told_nothing",
    "authorization",
]


@dataclass(frozen=True, slots=True)
class AskBiller:
    """Whoever keeps the books looks at something of this person's account, and calls back. `amount` is canonical."""

    about: AboutBill
    person: str | None = None
    amount: str | None = None
    payments: int | None = None
    details: tuple[tuple[str, str], ...] = ()
    kind: Literal["ask_biller"] = "ask_biller"


@dataclass(frozen=True, slots=True)
class SendPayLink:
    """A link to a page of the practice's payment company, for the balance that they were told, to the number on
    file. `payment`: the day (ISO 8601) of the payment of their plan that it is for instead."""

    person: str
    amount: str
    payment: str = ""
    kind: Literal["send_pay_link"] = "send_pay_link"


@dataclass(frozen=True, slots=True)
class StartPlan:
    """The balance in monthly payments: each with its day (ISO 8601) and amount."""

    person: str
    payments: tuple[tuple[str, str], ...]
    kind: Literal["start_plan"] = "start_plan"


@dataclass(frozen=True, slots=True)
class AgreeToWords:
    """Whether we may write to them of ourselves: about a payment of their plan that is missing ("billing"), or about
    what is open ("balance"). `asked`: the phrase that asked."""

    person: str
    purpose: Literal["billing", "balance"]
    yes: bool
    asked: str
    kind: Literal["agree_to_words"] = "agree_to_words"


HowWritten = Literal["sms", "email", "shared", "none"]
BillWrite = AskBiller | SendPayLink | StartPlan | AgreeToWords


@dataclass(frozen=True, slots=True)
class FindBalance:
    """What an identified person owes, as the practice's books have it."""

    person: str
    kind: Literal["find_balance"] = "find_balance"


@dataclass(frozen=True, slots=True)
class Owing:
    """What may be told of an account: amounts are canonical, `as_of` the day on which they were true, `charges` the
    newest ones with their days and what they are for. `unclear` is for whoever keeps the books; `not_asked`: the law
    lets nobody ask them for money. `pays`: how it can be paid. `beyond_plan`: more is open than their plan foresees, as
    it is late or something came to the balance since. `due`: day and amount of a payment of their plan that has fallen
    due and is not in the books; `payable`: of what they may pay of it by itself, due or not yet. `writes`: how we write
    to them; "shared": by email, to an address that somebody else on file has too."""

    state: Literal["owes", "nothing", "credit", "unclear", "not_asked"] = "unclear"
    amount: str = "0 USD"
    as_of: str = ""
    charges: tuple[tuple[str, str, str], ...] = ()  # (day, amount, what for)
    insurer: tuple[tuple[str, str, str], ...] = ()  # (day of the charge, what was paid, what is left to them)
    pays: Literal["link", "statement", "none"] = "none"
    has_plan: bool = False
    beyond_plan: bool = False
    due: tuple[str, str] | None = None
    payable: tuple[str, str] | None = None
    writes: HowWritten = "sms"
    kind: Literal["owing"] = "owing"
