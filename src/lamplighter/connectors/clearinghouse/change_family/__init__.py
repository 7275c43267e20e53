"""The JSON that Change Healthcare began (medicalnetwork/eligibility/v3), and Optum and Stedi speak."""

from .client import ChangeFamilyClearinghouse

__all__ = ["ChangeFamilyClearinghouse"]
