"""One FHIR router for all tests of a process: it takes a second to start."""

from collections.abc import Iterator

import pytest

from tests.fhir import router as fhir_router


@pytest.fixture(scope="session")
def router() -> Iterator[str]:
    with fhir_router.running() as address:
        yield address
