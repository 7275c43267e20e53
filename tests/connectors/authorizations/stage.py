"""Channels of every kind before an invented reviewer, each on a server of its own on loopback."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from lamplighter.connectors.authorizations.fhir_pas import FhirPas
from lamplighter.connectors.authorizations.fhir_pas.standin import PasStandIn
from lamplighter.connectors.clearinghouse.availity import AvailityReviews
from lamplighter.connectors.clearinghouse.availity.reviews_standin import ReviewsStandIn
from lamplighter.connectors.clearinghouse.availity.standin import Door
from lamplighter.connectors.clearinghouse.change_family import OptumAuthorizations
from lamplighter.connectors.clearinghouse.change_family.standin import ChangeFamilyStandIn
from lamplighter.connectors.clearinghouse.core_envelope import CoreAuthorizations, CoreClearinghouse, Envelope
from lamplighter.connectors.clearinghouse.core_envelope.standin import CoreStandIn
from lamplighter.connectors.clearinghouse.insurer import Insurer
from lamplighter.connectors.clearinghouse.keys import OAuthKey
from lamplighter.connectors.clearinghouse.reviewer import Reviewer
from lamplighter.connectors.clearinghouse.sftp_files import SftpAuthorizations
from lamplighter.connectors.clearinghouse.x12.writing import Partner
from lamplighter.connectors.fhir_rest import FhirServer
from lamplighter.connectors.smart_backend import BackendServices, SigningKey
from lamplighter.desk.ports.authorizations import AuthorizationChannel
from lamplighter.desk.ports.clearinghouse import Why
from tests.connectors.clearinghouse.numbers import CountedNumbers
from tests.connectors.clearinghouse.stage import KEY, StoppedClock, clearinghouse_of, files, served

KINDS = ("x12-mime", "x12-soap", "fhir-pas", "availity", "optum", "files")


@dataclass(slots=True)
class Reached:
    channel: AuthorizationChannel
    reviewer: Reviewer
    stranger: AuthorizationChannel  # the same with a key that is not theirs
    tells_what_is_wanted: bool = True
    waits_through: tuple[Why, ...] = ()  # what decides nothing there: a request has left, and is waited for
    next_round: Callable[[], None] = lambda: None  # of whoever answers by batches


@contextmanager
def reached(kind: str, reviewer: Reviewer) -> Iterator[Reached]:
    if kind == "fhir-pas":
        ours, another = signing_key(), signing_key()
        with served(PasStandIn(reviewer, ours).app) as url:
            yield Reached(_pas(url, ours), reviewer, _pas(url, another))
        return
    if kind == "availity":
        with served(ReviewsStandIn(reviewer, Door(KEY)).app) as url:
            yield Reached(availity(url, KEY), reviewer, availity(url, "another"), tells_what_is_wanted=False)
        return
    if kind == "files":
        with TemporaryDirectory() as folder, files(Path(folder), Insurer(), reviewer) as found:
            ours, another = found.folders, replace(found.folders, password="another")
            channels = (SftpAuthorizations(clearinghouse_of(each)) for each in (ours, another))
            yield Reached(
                next(channels), reviewer, next(channels), waits_through=(Why.UNREADABLE,),
                next_round=found.theirs.fetch,
            )  # fmt: skip
        return
    if kind == "optum":
        with served(ChangeFamilyStandIn(Insurer(), KEY, KEY, reviewer=reviewer).app) as url:
            yield Reached(_optum(url, KEY), reviewer, _optum(url, "another"))
        return
    with served(CoreStandIn(Insurer(), "harbor", KEY, reviewer).app) as url:
        yield Reached(_core(kind, url, KEY), reviewer, _core(kind, url, "another"))


def signing_key() -> SigningKey:
    pem = ec.generate_private_key(ec.SECP384R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    return SigningKey.read(pem.decode())


def _pas(url: str, key: SigningKey) -> AuthorizationChannel:
    services = BackendServices(f"{url}/token", "harbor", key, "system/Claim.c", StoppedClock())
    return FhirPas(FhirServer(f"{url}/fhir", services), "Lantern Health", StoppedClock())


def availity(url: str, key: str) -> AuthorizationChannel:
    keys = OAuthKey(f"{url}/v1/token", "harbor", key, StoppedClock(), "hipaa")
    return AvailityReviews(url, keys, "Availity", CountedNumbers(), pause=0.01)


def _optum(url: str, key: str) -> AuthorizationChannel:
    keys = OAuthKey(f"{url}/apip/auth/v2/token", "harbor", key, StoppedClock())
    names = Partner("HARBORLANE", "OPTUM", production=False)
    return OptumAuthorizations(url, keys, "Optum", names, CountedNumbers(), StoppedClock())


def _core(kind: str, url: str, key: str) -> AuthorizationChannel:
    return CoreAuthorizations(
        CoreClearinghouse(
            f"{url}/core", "Clearing Example", Partner("HARBORLANE", "CLEARHOUSE", production=False),
            CountedNumbers(), StoppedClock(), Envelope(kind.removeprefix("x12-")), "harbor", key,
        )
    )  # fmt: skip
