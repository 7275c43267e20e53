"""X12 in the envelopes of CAQH CORE vC2.2.0: MIME forms and SOAP, as Office Ally and most others take them."""

from .authorizations import CoreAuthorizations
from .client import CoreClearinghouse, Envelope

__all__ = ["CoreAuthorizations", "CoreClearinghouse", "Envelope"]
