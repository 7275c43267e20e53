"""Channels of authorizations, as the operator set them up: by which one a practice's requests go."""

from lamplighter.connectors.clearinghouse.core_envelope import CoreAuthorizations, CoreClearinghouse
from lamplighter.desk.ports import Clock, Records
from lamplighter.desk.ports.authorizations import AuthorizationChannel, AuthorizationChannels
from lamplighter.desk.ports.clearinghouse import Clearinghouse
from lamplighter.practice.model import PracticeId
from lamplighter.settings import Settings
from lamplighter.wiring.clearinghouses import SetUpClearinghouses


def authorization_channels(settings: Settings, clock: Clock, records: Records) -> AuthorizationChannels:
    return SetUpAuthorizationChannels(settings, clock, records)


class SetUpAuthorizationChannels:
    """Of each practice those whose settings are whole. Whether there is an agreement with their party is asked by the
    desk before every request."""

    def __init__(self, settings: Settings, clock: Clock, records: Records) -> None:
        self._clearinghouses = SetUpClearinghouses(settings, clock, records)

    def of(self, practice: PracticeId, kind: str) -> AuthorizationChannel | None:
        way = self._clearinghouses.of(practice)
        return _channel(way) if way is not None and kind == _KINDS.get(type(way)) else None


_KINDS: dict[type, str] = {CoreClearinghouse: "x12_278"}


def _channel(way: Clearinghouse) -> AuthorizationChannel | None:
    match way:
        case CoreClearinghouse():
            return CoreAuthorizations(way)
    return None
