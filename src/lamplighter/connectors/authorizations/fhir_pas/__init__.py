"""Prior authorization as FHIR: Da Vinci PAS, a payer's own `Claim/$submit` and `Claim/$inquire`."""

from .client import FhirPas

__all__ = ["FhirPas"]
