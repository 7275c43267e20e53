"""Rule 24 on the staff pages: whom a clinician must not see is said and taken back, of people on file and others."""

from lamplighter.desk import apart
from lamplighter.practice.sample import load_sample
from tests.channels.web.stage import PATIENTS, Stage
from tests.console.people import Enrolled
from tests.console.test_hand_over_card import ledger
from tests.console.test_reading import reads

NORA = PATIENTS[0]
PAGE = f"/persons/{NORA.number}/apart"
OSEI = load_sample().clinicians[0]
VERA = {"first_name": "Vera", "last_name": "Lindqvist", "born": "1985-03-03", "clinician": OSEI.id}


def never(stage: Stage) -> tuple[str, ...]:
    with stage.records.transaction(stage.practice.id) as tx:
        person = tx.people.get(NORA.number)
        assert person is not None
        return apart.clinicians(tx, person)


def entry(page: str) -> str:
    return page.split('name="entry" value="', 1)[1].split('"', 1)[0]


def test_rule_24_a_clinician_is_kept_apart_from_somebody_on_file_and_let_go_again(
    stage: Stage, owner: Enrolled
) -> None:
    assert "From nobody." in owner.browser.get(PAGE).text
    page = owner.post(f"{PAGE}/keep", clinician=OSEI.id)
    assert f"<strong>{OSEI.name}</strong>" in page and f'<option value="{OSEI.id}"' not in page
    assert never(stage) == (OSEI.id,)
    assert [(who, about) for who, about, _ in ledger(stage, "kept_apart_stated")] == [
        ("Rosa Ferro", f"person/{NORA.number}")
    ]
    assert ("opened", f"person/{NORA.number}") in reads(stage)
    assert "From nobody." in owner.post(f"{PAGE}/end", entry=entry(page))
    assert never(stage) == ()
    assert len(ledger(stage, "kept_apart_lifted")) == 1


def test_rule_24_somebody_who_is_not_on_file_is_kept_apart_by_name_and_what_is_wrong_is_said(
    stage: Stage, owner: Enrolled
) -> None:
    wrong = owner.post("/apart/keep", **{**VERA, "born": "2085-03-03"})
    assert "in the past" in wrong and 'value="Lindqvist"' in wrong
    page = owner.post("/apart/keep", **VERA)
    assert "Vera Lindqvist, born 1985-03-03" in page and OSEI.name in page
    assert all("Lindqvist" not in about for _, about, _ in ledger(stage, "kept_apart_stated"))
    assert "Nobody." in owner.post("/apart/end", entry=entry(page))


def test_rule_24_nobody_is_kept_apart_from_somebody_who_does_not_work_here(
    stage: Stage, owner: Enrolled
) -> None:
    owner.post(f"{PAGE}/keep", clinician="nobody")
    assert never(stage) == ()
    assert owner.browser.get("/persons/nobody/apart").status_code == 404
