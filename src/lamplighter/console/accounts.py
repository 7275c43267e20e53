"""The accounts of those who work here: who is let in, what proves them, and what an owner may do about it.

Names are given once: whoever acts is named in logs and ledger by it. A practice is never left without an owner.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from secrets import token_hex, token_urlsafe

from lamplighter.console import codes
from lamplighter.console.access import digest
from lamplighter.console.passkeys import Made, NotProven
from lamplighter.desk.ports import (
    ROLES,
    Account,
    Bound,
    Clock,
    Expected,
    Invitation,
    Passkey,
    Records,
    Role,
    Transaction,
)
from lamplighter.desk.ports.identity import Vouched
from lamplighter.practice.model import ClinicianId, Practice

INVITATION_LIVES = timedelta(days=3)
LONGEST_NAME = 60
LONGEST_LABEL = 40
LONGEST_EMAIL = 254
EMAIL = re.compile(r"[!-?A-~]+@[!-?A-~]+\.[!-?A-~]+")
MOST_PASSKEYS = 10
LINK = "link"
"""Who stands in the ledger for the first owner's link."""


class NameWrong(Exception):
    """A name is a line of text, at most 60 characters."""


class NameTaken(Exception):
    """Somebody has this name here, or had it: what they did stands under it."""


class EmailWrong(Exception):
    """That is no email address."""


class EmailTaken(Exception):
    """Somebody else here is expected under this email."""


class NoRole(Exception):
    """Whoever works here has at least one role."""


class LastOwner(Exception):
    """Without this account nobody could say who works here."""


class OwnerThere(Exception):
    """The practice has an owner: new accounts come from them."""


class NoAccount(Exception):
    """There is no such account."""


class Accounts:
    """One practice's. `clock` is the practice's; `real_time` is what telephones and their codes go by."""

    def __init__(
        self,
        practice: Practice,
        records: Records,
        clock: Clock,
        real_time: Clock,
        new_id: Callable[[], str] = lambda: f"s-{token_hex(4)}",
    ) -> None:
        self._practice, self._records, self._new_id = practice, records, new_id
        self._desk_clock, self._clock = clock, real_time

    # -- who there is --------------------------------------------------------------------------------------------------

    def all(self) -> tuple[Account, ...]:
        with self._records.transaction(self._practice.id) as tx:
            return tx.staff.all()

    def get(self, account: str) -> Account | None:
        with self._records.transaction(self._practice.id) as tx:
            return tx.staff.get(account)

    def has_owner(self) -> bool:
        """Whether somebody could open the door from within."""
        return bool(_owners(self.all()))

    # -- who comes -----------------------------------------------------------------------------------------------------

    def first_owner(self, name: str, clinician: ClinicianId | None) -> Account:
        """The account, new or begun before by the same link and name. Raises OwnerThere, NameWrong or NameTaken."""
        roles: tuple[Role, ...] = ("owner", "clinician") if clinician else ("owner",)
        with self._records.transaction(self._practice.id) as tx:
            if _owners(tx.staff.all()):
                raise OwnerThere
            begun = next((a for a in tx.staff.all() if a.created_by == LINK and _same(a.name, name)), None)
            if begun is None or not begun.works_here:
                return self._add(tx, name, roles, clinician, LINK, None)
            anew = replace(
                begun, roles=roles, clinician=clinician, totp_secret=None, totp_step=0, recovery=()
            )
            tx.staff.update(anew, LINK, "begun_anew")
            return anew

    def invite(
        self, by: Account, name: str, roles: Iterable[str], clinician: str | None
    ) -> tuple[Account, str]:
        """The account, and the secret of its one-time link. Raises NameWrong, NameTaken or NoRole."""
        token = token_urlsafe(32)
        invitation = Invitation(digest(token), self._clock.now() + INVITATION_LIVES)
        with self._records.transaction(self._practice.id) as tx:
            account = self._add(tx, name, _roles(roles), self._clinician(clinician), by.id, invitation)
        return account, token

    def _add(
        self,
        tx: Transaction,
        name: str,
        roles: tuple[Role, ...],
        clinician: ClinicianId | None,
        by: str,
        invitation: Invitation | None,
    ) -> Account:
        given = " ".join(name.split())
        if not 0 < len(given) <= LONGEST_NAME or not given.isprintable():
            raise NameWrong
        if any(_same(each.name, given) for each in tx.staff.all()):
            raise NameTaken
        now = self._clock.now()
        account = Account(self._new_id(), given, roles, now, by, clinician, invitation=invitation)
        tx.staff.add(account, by)
        return account

    def _clinician(self, clinician: str | None) -> ClinicianId | None:
        return next((each.id for each in self._practice.clinicians if each.id == clinician), None)

    def keep(self, accounts: Sequence[Account]) -> None:
        """Accounts that come from elsewhere, as those of a demonstration. What is there stays."""
        with self._records.transaction(self._practice.id) as tx:
            for account in accounts:
                tx.staff.add(account, account.created_by)

    # -- links ---------------------------------------------------------------------------------------------------------

    def invited(self, token: str) -> Account | None:
        """Whom this link was made for, while it is good."""
        named, now = digest(token), self._clock.now()
        for account in self.all():
            invitation = account.invitation
            if invitation and invitation.digest == named and invitation.until > now and account.works_here:
                return account
        return None

    def use_invitation(self, token: str) -> Account | None:
        """Uses the link up."""
        account = self.invited(token)
        if account is None:
            return None
        return self._change(
            account.id, account.id, "invitation_used", lambda it: replace(it, invitation=None)
        )

    def new_link(self, by: str, account: str, *, even_last_owner: bool = False) -> str:
        """The secret of a new one-time link for somebody who has an account, left or not; what they signed in with is
        void. Raises NoAccount or LastOwner."""
        token = token_urlsafe(32)
        invitation = Invitation(digest(token), self._clock.now() + INVITATION_LIVES)

        def anew(it: Account) -> Account:
            return replace(
                it, passkeys=(), totp_secret=None, totp_step=0, recovery=(), revoked=None, revoked_by=None,
                invitation=invitation, expected=None, bound=None,
            )  # fmt: skip

        self._change(account, by, "staff_invited", anew, keeps_owner=not even_last_owner, signs_out=True)
        return token

    # -- what an owner changes -----------------------------------------------------------------------------------------

    def give_roles(self, by: Account, account: str, roles: Iterable[str], clinician: str | None) -> Account:
        """Raises NoAccount, NoRole or LastOwner."""
        wanted, linked = _roles(roles), self._clinician(clinician)
        return self._change(
            account, by.id, "roles_given", lambda it: replace(it, roles=wanted, clinician=linked)
        )

    def expect(self, by: Account, account: str, email: str) -> Account:
        """Lets the identity provider vouch for them under this email, the first time; whom it knew them as is void.
        Raises NoAccount, EmailWrong or EmailTaken."""
        given = email.strip()
        if not EMAIL.fullmatch(given) or len(given) > LONGEST_EMAIL:
            raise EmailWrong
        if any(one.id != account and self._expects(one, given) for one in self.all()):
            raise EmailTaken
        expected = Expected(given, self._clock.now() + INVITATION_LIVES)

        def anew(it: Account) -> Account:
            return replace(it, expected=expected, bound=None)

        return self._change(account, by.id, "provider_expected", anew, signs_out=True)

    def _expects(self, account: Account, email: str) -> bool:
        expected = account.expected
        if expected is None or not account.works_here or expected.until <= self._clock.now():
            return False
        return expected.email.casefold() == email.casefold()

    def revoke(self, by: Account, account: str) -> Account:
        """Raises NoAccount, or LastOwner also for oneself: nobody shuts the door on themselves."""
        if account == by.id:
            raise LastOwner

        def gone(it: Account) -> Account:
            return replace(it, revoked=self._clock.now(), revoked_by=by.id, invitation=None, expected=None)

        return self._change(account, by.id, "staff_revoked", gone, signs_out=True)

    def _change(
        self,
        account: str,
        by: str,
        what: str,
        change: Callable[[Account], Account],
        *,
        keeps_owner: bool = True,
        signs_out: bool = False,
    ) -> Account:
        with self._records.transaction(self._practice.id) as tx:
            before = tx.staff.get(account)
            if before is None:
                raise NoAccount
            after = change(before)
            everybody = tx.staff.all()
            left = [after if each.id == account else each for each in everybody]
            if keeps_owner and _owners(everybody) and not _owners(left):
                raise LastOwner
            tx.staff.update(after, by, what)
            if signs_out:
                tx.staff.forget_sessions_of(account)
            return after

    # -- one's own -----------------------------------------------------------------------------------------------------

    def add_passkey(self, account: str, made: Made, label: str) -> Account:
        """Raises NoAccount, or NotProven where it is somebody's already."""
        name = " ".join(label.split())[:LONGEST_LABEL]
        passkey = Passkey(
            made.credential,
            made.public_key,
            made.sign_count,
            name if name.isprintable() and name else "Passkey",
            self._clock.now(),
        )
        if any(each.credential == made.credential for one in self.all() for each in one.passkeys):
            raise NotProven

        def with_it(it: Account) -> Account:
            if len(it.passkeys) >= MOST_PASSKEYS:
                raise NotProven
            return replace(it, passkeys=(*it.passkeys, passkey))

        return self._change(account, account, "passkey_added", with_it)

    def remove_passkey(self, account: str, credential: str) -> Account:
        """Raises NoAccount, or LastOwner where it is the only way in of the only owner."""

        def without(it: Account) -> Account:
            return replace(it, passkeys=tuple(p for p in it.passkeys if p.credential != credential))

        return self._change(account, account, "passkey_removed", without)

    def set_app(self, account: str, secret: str, code: str) -> Account:
        """Takes an authenticator app whose first code is right. Raises NotProven."""
        step = codes.step_of(secret, code, self._clock.now(), 0)
        if step is None:
            raise NotProven
        return self._change(
            account, account, "app_set", lambda it: replace(it, totp_secret=secret, totp_step=step)
        )

    def new_recovery(self, account: str) -> tuple[str, ...]:
        """Codes to write down, shown once; those of before are void."""
        shown, hashes = codes.new_recovery()
        self._change(account, account, "recovery_codes_made", lambda it: replace(it, recovery=hashes))
        return shown

    # -- proving who one is --------------------------------------------------------------------------------------------

    def by_codes(self, name: str, app: str, recovery: str) -> Account:
        """A code of the app and a recovery code together, each used up by it. Raises NotProven."""
        account = next((a for a in self.all() if _same(a.name, name)), None)
        if account is None or not account.works_here or not account.enrolled:
            codes.nobodys(recovery)
            raise NotProven
        place = codes.recovery_place(recovery, account.recovery)

        def both(it: Account) -> Account:
            step = self._step(it, app)
            if place is None or step is None or it.recovery != account.recovery:
                raise NotProven
            used = tuple("" if n == place else kept for n, kept in enumerate(it.recovery))
            return replace(it, totp_step=step, recovery=used)

        return self._change(account.id, account.id, "signed_in_by_codes", both)

    def by_app(self, account: str, app: str) -> Account:
        """The code that follows a passkey which did not check who holds it. Raises NotProven."""

        def with_code(it: Account) -> Account:
            step = self._step(it, app)
            if step is None:
                raise NotProven
            return replace(it, totp_step=step)

        return self._change(account, account, "signed_in_by_passkey_and_app", with_code)

    def _step(self, account: Account, app: str) -> int | None:
        if account.totp_secret is None or not account.works_here:
            return None
        return codes.step_of(account.totp_secret, app, self._clock.now(), account.totp_step)

    def holder(self, credential: str) -> tuple[Account, Passkey]:
        """Whose passkey this is. Raises NotProven."""
        for account in self.all():
            for passkey in account.passkeys:
                if passkey.credential == credential and account.works_here:
                    return account, passkey
        raise NotProven

    def passkey_used(self, account: str, passkey: Passkey, count: int, *, verified: bool) -> Account:
        """Raises NotProven where the same count was used in the same moment: somebody copied the passkey."""

        def counted(it: Account) -> Account:
            if passkey not in it.passkeys or not it.works_here:
                raise NotProven
            kept = (replace(p, sign_count=count) if p == passkey else p for p in it.passkeys)
            return replace(it, passkeys=tuple(kept))

        what = "signed_in_by_passkey" if verified else "passkey_proven"
        return self._change(account, account, what, counted)

    def by_provider(self, vouched: Vouched) -> Account:
        """Whoever is bound to whom it vouches for, or, the first time, is expected under the email that it verified.
        Raises NotProven."""
        everybody = [each for each in self.all() if each.works_here]
        known = next((each for each in everybody if _is(each, vouched)), None)
        email = vouched.email
        if known is None and email:
            known = next((e for e in everybody if e.bound is None and self._expects(e, email)), None)
        if known is None:
            raise NotProven

        def seen(it: Account) -> Account:
            if not it.works_here or not (_is(it, vouched) or (email and self._expects(it, email))):
                raise NotProven
            bound = it.bound or Bound(vouched.issuer, vouched.subject, self._clock.now())
            return replace(it, bound=bound, expected=None, invitation=None)

        what = "signed_in_by_provider" if known.bound else "bound_by_provider"
        return self._change(known.id, known.id, what, seen)

    def refused(self, account: str | None, why: str) -> None:
        """A failed try stands in the ledger, without what was typed."""
        self.note(account or "nobody", "sign_in_refused", f"staff/{account}" if account else "door", why)

    def note(self, who: str, what: str, about: str, why: str = "") -> None:
        with self._records.transaction(self._practice.id) as tx:
            tx.ledger.note(at=self._desk_clock.now(), who=who, what=what, about=about, why=why)


def _is(account: Account, vouched: Vouched) -> bool:
    bound = account.bound
    return bound is not None and (bound.issuer, bound.subject) == (vouched.issuer, vouched.subject)


def _same(name: str, typed: str) -> bool:
    return name.casefold() == " ".join(typed.split()).casefold()


def _owners(accounts: Iterable[Account]) -> list[Account]:
    """Those who could sign in and are owners."""
    return [a for a in accounts if a.works_here and "owner" in a.roles and (a.enrolled or a.passkeys)]


def _roles(wanted: Iterable[str]) -> tuple[Role, ...]:
    named = set(wanted)
    roles = tuple(role for role in ROLES if role in named)
    if not roles:
        raise NoRole
    return roles
