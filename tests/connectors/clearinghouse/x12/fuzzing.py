"""The program that the fuzz test starts: whatever comes in is read or refused."""

import sys

import atheris

with atheris.instrument_imports(include=["lamplighter.connectors.clearinghouse"]):
    from lamplighter.connectors.clearinghouse.x12 import X12Error, as_data, read_documents


def once(raw: bytes) -> None:
    try:
        for document in read_documents(raw):
            as_data(document)
    except X12Error:
        pass


if __name__ == "__main__":
    atheris.Setup(sys.argv, once)
    atheris.Fuzz()
