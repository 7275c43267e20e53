"""OPS-04: nothing of ours that anybody reads claims to be certified or compliant, and documents say what they are."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READ = (".md", ".html", ".yaml", ".toml", ".txt", ".py")
NOT_OURS = ("conversation/guard/", "conversation/put_to_us.yaml", "conversation/understanding/seeds/", "tests/",
            "uv.lock", "docs/guard.md")  # fmt: skip
"""What callers say, which the guard and the small model read; and tests, which nobody reads as a promise."""
CLAIM = re.compile(
    r"\b(?:complian(?:t|ce)|complies|certified|certification|hipaa[- ](?:ready|approved|secure)"
    r"|certificad[oa]s?|cumple con (?:la |las )?(?:hipaa|ley(?:es)?))\b",
    re.I,
)
NO_CLAIM = re.compile(r"\b(?:support(?:s|ing)? compliance|nobody|no software|not|never|no|nadie)\b", re.I)
SENTENCE = re.compile(r"(?<=[.!?;:|])\s+|\n\s*\n")


def claims(text: str) -> list[str]:
    """The sentences that speak of being compliant or certified without denying it, or calling it support."""
    sentences = (" ".join(each.split()) for each in SENTENCE.split(text))
    return [each for each in sentences if CLAIM.search(each) and not NO_CLAIM.search(each)]


def pages() -> list[Path]:
    found = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "NOTICE", ROOT / "pyproject.toml"]
    for folder in ("docs", "src"):
        found += [path for path in (ROOT / folder).rglob("*") if path.suffix in READ]
    return [path for path in found if not any(part in path.as_posix() for part in NOT_OURS)]


def test_ops_04_nothing_that_anybody_reads_claims_to_be_certified_or_compliant() -> None:
    found = {str(path.relative_to(ROOT)): claims(path.read_text("utf-8")) for path in pages()}
    assert {name: told for name, told in found.items() if told} == {}


@pytest.mark.parametrize(
    "claim",
    [
        "Lamplighter is HIPAA compliant.",
        "A HIPAA-certified front desk.",
        "It guarantees compliance with state law.",
        "HIPAA-ready from the first day.",
        "Fully compliant and legally\ncertified.",
        "The product complies with every law of your state.",
        "Un asistente certificado que cumple con HIPAA.",
    ],
)
def test_ops_04_a_claim_would_be_found(claim: str) -> None:
    assert len(claims(f"It runs on one machine. {claim} It is open source.")) == 1


@pytest.mark.parametrize(
    "told",
    ["It supports compliance with HIPAA.", "Software alone makes nobody compliant.", "It is not certified."],
)
def test_ops_04_a_denial_is_no_claim(told: str) -> None:
    assert claims(told) == []


@pytest.mark.parametrize("page", ["README.md", "docs/threat-model.md"])
def test_ops_04_the_documents_say_that_they_support_and_are_no_legal_advice(page: str) -> None:
    text = " ".join((ROOT / page).read_text("utf-8").split())
    assert "not legal advice" in text
    assert re.search(r"supports compliance|supports a risk analysis", text)
    assert re.search(r"makes (?:nobody|anybody) compliant", text)


def test_ops_04_what_a_practice_reads_of_its_law_calls_itself_no_legal_advice() -> None:
    from lamplighter.law.states import SHIPPED
    from lamplighter.law.telling import told

    assert "not legal advice" in told(["NY"], SHIPPED)
