"""Availity's REST APIs: coverages (a form, then asking for the answer) and service reviews (278 as JSON)."""

from .client import AvailityClearinghouse
from .service_reviews import AvailityReviews

__all__ = ["AvailityClearinghouse", "AvailityReviews"]
