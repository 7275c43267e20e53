"""Accounts of staff."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lamplighter.desk.ports import Account, Bound, Expected, Invitation, KeptSession, Passkey
from lamplighter.records.errors import UnknownRecord
from tests.records.contract.examples import undo
from tests.records.stores import START, Store


def an_account(account_id: str = "a1", **changes: object) -> Account:
    account = Account(
        account_id, "Rosa Ferro", ("owner", "clinician"), START, "link", clinician="osei",
        passkeys=(Passkey("Y3JlZA", "cHVibGlj", 7, "Rosa's telephone", START),), totp_secret="SECRETMARK",
        totp_step=12, recovery=("hash-1", ""), invitation=Invitation("digest", START + timedelta(days=3)),
        expected=Expected("rosa@practice.example", START + timedelta(days=3)),
        bound=Bound("https://id.example", "subject-7", START),
    )  # fmt: skip
    return replace(account, **changes)  # type: ignore[arg-type]


def test_an_account_comes_back_whole_and_is_added_once(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.staff.add(an_account(), "link")
        transaction.staff.add(an_account(name="Somebody else"), "link")
    with store.transaction() as transaction:
        assert transaction.staff.get("a1") == an_account()
        assert transaction.staff.get("a2") is None


def test_an_account_that_changes_says_who_changed_what(store: Store) -> None:
    gone = an_account(revoked=START + timedelta(hours=1), revoked_by="a2")
    with store.transaction() as transaction:
        transaction.staff.add(an_account(), "link")
        transaction.staff.update(gone, "a2", "staff_revoked")
    with store.transaction() as transaction:
        assert transaction.staff.get("a1") == gone
        lines = [(entry.who, entry.what, entry.about) for entry in transaction.ledger.entries()]
    assert lines == [("link", "staff_added", "staff/a1"), ("a2", "staff_revoked", "staff/a1")]


def test_an_account_that_is_not_there_can_not_change(store: Store) -> None:
    with pytest.raises(UnknownRecord), store.transaction() as transaction:
        transaction.staff.update(an_account(), "a2", "staff_revoked")


def test_accounts_come_oldest_first_with_those_who_left(store: Store) -> None:
    later = an_account("a0", created=START + timedelta(minutes=1))
    gone = an_account("a2", revoked=START + timedelta(hours=1), revoked_by="a1")
    with store.transaction() as transaction:
        for account in (later, gone, an_account()):
            transaction.staff.add(account, "link")
        assert transaction.staff.all() == (an_account(), gone, later)


def test_accounts_belong_to_their_practice(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.staff.add(an_account(), "link")
    with store.transaction(practice=f"{store.practice}-other") as other:
        assert other.staff.all() == ()
        assert other.staff.get("a1") is None


def test_a_change_that_failed_never_was(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.staff.add(an_account(), "link")
    undo(store, lambda transaction: transaction.staff.update(an_account(totp_step=13), "a1", "signed_in"))
    undo(store, lambda transaction: transaction.staff.add(an_account("a2"), "a1"))
    with store.transaction() as transaction:
        assert transaction.staff.all() == (an_account(),)


def test_what_proves_who_somebody_is_never_shows_in_a_repr() -> None:
    shown = repr(an_account())
    assert "Rosa" in shown
    for secret in ("SECRETMARK", "cHVibGlj", "hash-1", "digest"):
        assert secret not in shown


def a_session(digest: str = "d1", account: str = "a1", minutes: int = 0) -> KeptSession:
    acted = START + timedelta(minutes=minutes)
    return KeptSession(digest, account, "CSRFMARK", acted, START + timedelta(hours=14), "p1")


def test_a_session_is_kept_in_place_of_what_was_kept_of_it_and_makes_no_entry_of_the_ledger(
    store: Store,
) -> None:
    with store.transaction() as transaction:
        transaction.staff.keep_session(a_session())
        transaction.staff.keep_session(a_session(minutes=3))
        transaction.staff.keep_session(a_session("d2"))
    with store.transaction() as transaction:
        assert transaction.staff.session("d1") == a_session(minutes=3)
        transaction.staff.forget_session("d1")
    with store.transaction() as transaction:
        assert transaction.staff.session("d1") is None
        assert transaction.staff.session("d2") == a_session("d2")
        assert transaction.ledger.entries() == ()


def test_a_session_is_renewed_only_where_it_is_there(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.staff.keep_session(a_session())
        assert transaction.staff.renew_session(a_session(minutes=3))
        assert not transaction.staff.renew_session(a_session("d2"))
    with store.transaction() as transaction:
        assert transaction.staff.session("d1") == a_session(minutes=3)
        assert transaction.staff.session("d2") is None


def test_sessions_of_one_account_or_of_before_are_forgotten_and_no_other(store: Store) -> None:
    with store.transaction() as transaction:
        for session in (a_session("d1"), a_session("d2"), a_session("d3", "a2"), a_session("d4", "a3", 9)):
            transaction.staff.keep_session(session)
        transaction.staff.forget_sessions_of("a1", but="d2")
    with store.transaction() as transaction:
        assert [transaction.staff.session(f"d{n}") is not None for n in (1, 2, 3, 4)] == [0, 1, 1, 1]
        transaction.staff.forget_sessions_of("a1")
    with store.transaction() as transaction:
        assert [transaction.staff.session(f"d{n}") is not None for n in (1, 2, 3, 4)] == [0, 0, 1, 1]
        transaction.staff.forget_sessions_before(START + timedelta(minutes=9))
    with store.transaction() as transaction:
        assert [transaction.staff.session(f"d{n}") is not None for n in (3, 4)] == [0, 1]


def test_a_session_of_another_practice_is_none_here(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.staff.keep_session(a_session())
    with store.transaction(practice=f"{store.practice} next door") as transaction:
        assert transaction.staff.session("d1") is None
        transaction.staff.forget_session("d1")
        transaction.staff.forget_sessions_of("a1")
        transaction.staff.forget_sessions_before(START + timedelta(days=1))
    with store.transaction() as transaction:
        assert transaction.staff.session("d1") == a_session()
