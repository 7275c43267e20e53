"""What a transaction set is, and what it says."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace

from .acknowledgement import (
    Acknowledgement,
    InterchangeAcknowledged,
    read_acknowledgement,
    read_interchange_acknowledgement,
)
from .authorization import Authorization, read_authorization
from .claim_status import ClaimStatuses, read_claim_status
from .eligibility import Eligibility, read_eligibility
from .envelope import Header, Interchange, TransactionSet, interchanges
from .errors import Remark, X12Error
from .remittance import Remittance, read_remittance

Content = Eligibility | Authorization | ClaimStatuses | Remittance | Acknowledgement | InterchangeAcknowledged

_READERS: dict[str, Callable[[TransactionSet, list[Remark]], Content]] = {
    "270": read_eligibility,
    "271": read_eligibility,
    "276": read_claim_status,
    "277": read_claim_status,
    "278": read_authorization,
    "835": read_remittance,
    "999": read_acknowledgement,
}
_KINDS = {
    "270": "eligibility_request",
    "271": "eligibility_response",
    "276": "claim_status_request",
    "277": "claim_status_response",
    "835": "remittance",
    "999": "acknowledgement",
}
_TAKEN_IN = "X214"  # a 277 under this guide is a 277CA


@dataclass(frozen=True, slots=True)
class Document:
    """One transaction set (or a TA1) as people and programs read it."""

    type: str
    kind: str
    version: str
    control_number: str
    header: Header
    content: Content = field(repr=False)
    segments: int
    remarks: tuple[Remark, ...]


def read_documents(raw: bytes | str) -> tuple[Document, ...]:
    """Everything that a file holds.

    Raises:
        X12Error: with the segment that could not be taken; where a set is cut off, of which kind none is read, or
            says nothing.
    """
    return tuple(documents_before_the_fault(raw))


def documents_before_the_fault(raw: bytes | str) -> Iterator[Document]:
    """The same one after the other, so that what stands before a fault is there.

    Raises:
        X12Error: as `read_documents`.
    """
    for interchange in interchanges(raw):
        yield from documents_of(interchange)


def documents_of(interchange: Interchange) -> Iterator[Document]:
    """The transaction sets and interchange acknowledgements of one interchange.

    Raises:
        X12Error: as `read_documents`.
    """
    for segment in interchange.acknowledgements:
        yield Document(
            "TA1",
            "interchange_acknowledgement",
            interchange.header.version,
            segment.get(1),
            interchange.header,
            read_interchange_acknowledgement(segment),
            1,
            interchange.remarks,
        )
    for one in interchange.sets:
        yield document_of(one)


def whole_documents(raw: bytes | str) -> tuple[Document, ...]:
    """Whatever can be read of a file, passing over sets that are cut off or of a kind that is not read here. Nothing
    where nothing can."""
    found: list[Document] = []
    try:
        for interchange in interchanges(raw):
            found += documents_of(replace(interchange, sets=()))
            for one in interchange.sets:
                with suppress(X12Error):
                    found.append(document_of(one))
    except X12Error:
        """What stood before it is there."""
    return tuple(found)


def document_of(found: TransactionSet) -> Document:
    """What one transaction set says.

    Raises:
        X12Error: it is cut off, of a kind that is not read here, or holds nothing.
    """
    start, last = found.segments[0], found.segments[-1]
    reader = _READERS.get(found.type)
    if reader is None:
        raise X12Error(start.number, "ST", "a transaction set of a kind that is not read here")
    if found.cut_off:
        raise X12Error(last.number, last.tag, "the transaction set is cut off here: no SE ends it")
    if len(found.segments) < 3:
        raise X12Error(last.number, last.tag, "the transaction set holds nothing")
    remarks = list(found.remarks)
    content = reader(found, remarks)
    return Document(
        found.type,
        content.kind if isinstance(content, Authorization) else _kind(found),
        found.version,
        found.control_number,
        found.header,
        content,
        len(found.segments),
        tuple(remarks),
    )


def _kind(found: TransactionSet) -> str:
    if found.type == "277" and found.guide == _TAKEN_IN:
        return "claim_acknowledgement"
    return _KINDS[found.type]
