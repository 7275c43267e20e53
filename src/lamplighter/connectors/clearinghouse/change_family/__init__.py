"""The JSON that Change Healthcare began (medicalnetwork/eligibility/v3), and Optum and Stedi speak; and Optum's
authorizations."""

from .authorizations import OptumAuthorizations
from .client import ChangeFamilyClearinghouse

__all__ = ["ChangeFamilyClearinghouse", "OptumAuthorizations"]
