"""X12 (005010): 270, 271, 276, 277, 277CA, 278, 835, 999 and TA1. Read tolerantly, written strictly."""

from .as_json import as_data, lines
from .errors import Remark, X12Error
from .reading import Document, document_of, documents_of, read_documents, whole_documents

__all__ = [
    "Document",
    "Remark",
    "X12Error",
    "as_data",
    "document_of",
    "documents_of",
    "lines",
    "read_documents",
    "whole_documents",
]
