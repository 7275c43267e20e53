"""The parts that the desk reaches other people and other systems by."""

from dataclasses import dataclass, field

from lamplighter.desk.backlog import Backlog
from lamplighter.desk.ports import (
    Carriers,
    Clock,
    Feed,
    Messenger,
    Pager,
)
from lamplighter.desk.ports.authorizations import AuthorizationChannels
from lamplighter.desk.ports.balances import Balances, NoBooks
from lamplighter.desk.ports.chart import Charts
from lamplighter.desk.ports.clearinghouse import Clearinghouses
from lamplighter.desk.ports.payments import PaymentCompanies, StatementsOnly


@dataclass(frozen=True, slots=True)
class Outward:
    """The parts that reach people, payers, time and the practice's books."""

    clock: Clock
    messenger: Messenger
    pager: Pager
    feed: Feed
    carriers: Carriers | None = None
    clearinghouses: Clearinghouses | None = None
    books: Balances = field(default_factory=NoBooks)
    companies: PaymentCompanies = field(default_factory=StatementsOnly)
    charts: Charts | None = None
    authorizations: AuthorizationChannels | None = None
    backlog: Backlog = field(default_factory=Backlog)
