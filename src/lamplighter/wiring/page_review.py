"""Reviewing and signing on the staff page: the folder, the key of whoever signs, and the ledger."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lamplighter.desk.ports import Account, Clock, Keys, Records
from lamplighter.practice.protocol import Protocol, public_key
from lamplighter.practice.sections import OWNER
from lamplighter.practice.standing import Rehearsing, Standing
from lamplighter.wiring.rehearsing import Apart
from lamplighter.wiring.reviewing import Counted, FolderReview
from lamplighter.wiring.signed_ledger import NOTED, Act, acts_in, approval_act, note_unseen, signature_act
from lamplighter.wiring.signers import Signers
from lamplighter.wiring.signing_keys import SigningKeys


@dataclass(frozen=True, slots=True)
class PageReview:
    """`answers` gives the hash under which the running server answers new contacts. `apart` plays the safety rehearsal;
    none where nobody could sign."""

    review: FolderReview
    records: Records
    practice: str
    clock: Clock
    keys: SigningKeys
    data: Path
    answers: Callable[[], str]
    apart: Apart | None = None

    @property
    def answering(self) -> str:
        return self.answers()

    @property
    def rehearsing(self) -> Rehearsing | None:
        return self.apart.stands if self.apart else None

    def rehearse(self) -> None:
        if self.apart:
            self.apart.start()

    @property
    def signers(self) -> Signers:
        return Signers(self.data)

    def look(self) -> Standing:
        """An approval counts while somebody of that name works here in that role, or once a signature covers it."""
        return self.review.look(self._counted())

    def approve(
        self, account: Account, role: str, section: str, digest: str, *, note: str, reads: bool
    ) -> None:
        """Raises ApprovalWrong, NotKept or Stale."""
        approval = self.review.approve(section, digest, account.name, role, note=note, reads=reads)
        self._note(approval_act(approval, account.id))

    def sign(self, account: Account, protocol_hash: str) -> None:
        """Raises NotSignable, NotKept or Stale."""
        key = self.keys.of(account.id)
        self.signers.add(self.practice, public_key(key))
        signature = self.review.sign(protocol_hash, account.name, OWNER, key, self._counted())
        self._note(signature_act(signature, account.id))

    def note_unseen(self) -> int:
        """What was approved and signed elsewhere, or before a crash: at the start."""
        acts = acts_in(self.review.kept, self.signers)
        return note_unseen(self.records, self.practice, acts, self.clock, self.data / NOTED)

    def _counted(self) -> Counted:
        with self.records.transaction(self.practice) as tx:
            working = [account for account in tx.staff.all() if account.works_here]
        held = {(account.name, role) for account in working for role in account.roles}
        return lambda approval: (approval.name, approval.role) in held

    def _note(self, act: Act) -> None:
        note_unseen(self.records, self.practice, [act], self.clock, self.data / NOTED)


def page_review(
    review: FolderReview, answering: Protocol, records: Records, clock: Clock, keys: Keys, data: Path
) -> PageReview:
    """`answering` is the protocol that the server answers under; `data` its data folder."""
    practice = answering.practice.id
    signing = SigningKeys(data, practice, keys)
    return PageReview(review, records, practice, clock, signing, data, lambda: answering.hash)
