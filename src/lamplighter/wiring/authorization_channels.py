"""Channels of authorizations, as the operator set them up: by which one a practice's requests go."""

from lamplighter.connectors.clearinghouse.core_envelope import CoreAuthorizations, CoreClearinghouse
from lamplighter.desk.ports import Clock, Records
from lamplighter.desk.ports.authorizations import AuthorizationChannel, AuthorizationChannels
from lamplighter.desk.ports.clearinghouse import Clearinghouse
from lamplighter.practice.model import PracticeId
from lamplighter.settings import FilesAccount, Settings
from lamplighter.wiring.clearinghouses import SetUpClearinghouses


def authorization_channels(settings: Settings, clock: Clock, records: Records) -> AuthorizationChannels:
    return SetUpAuthorizationChannels(settings, clock, records)


class SetUpAuthorizationChannels:
    """Of each practice those whose settings are whole. Whether there is an agreement with their party is asked by the
    desk before every request."""

    def __init__(self, settings: Settings, clock: Clock, records: Records) -> None:
        ways = SetUpClearinghouses(settings, clock, records)
        found = ((name, account, ways.of(name)) for name, account in settings.clearinghouses.items())
        self._channels = {
            (name, kind): channel
            for name, account, way in found
            if way is not None
            for kind, channel in _channels(way, isinstance(account, FilesAccount)).items()
        }

    def of(self, practice: PracticeId, kind: str) -> AuthorizationChannel | None:
        return self._channels.get((practice, kind))


def _channels(way: Clearinghouse, files: bool) -> dict[str, AuthorizationChannel]:
    """By the way that plans are asked by, where it can do more."""
    if isinstance(way, CoreClearinghouse):
        return {"x12_278": CoreAuthorizations(way)}
    if files:
        from lamplighter.connectors.clearinghouse.sftp_files import SftpAuthorizations, SftpClearinghouse

        assert isinstance(way, SftpClearinghouse)
        return {"x12_278": SftpAuthorizations(way)}
    return {}
