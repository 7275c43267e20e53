"""Sessions of staff as they outlive a restart: stored sealed, by the digest of what the browser holds.

What is stored lags behind by up to a minute: after a restart a session may end somewhat sooner, never later. What was
proven, shown or opened is not stored: it is proven and noted anew. Where several processes answer, what is stored is
how each hears that a session was ended in another.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from lamplighter import logs
from lamplighter.console.access import Access, Session, digest
from lamplighter.desk.ports import Clock, KeptSession, Records
from lamplighter.practice.model import PracticeId

log = logs.get(__name__)
EVERY: Final = timedelta(seconds=60)
BACKWARDS: Final = timedelta(seconds=60)
"""By how much this machine's clock may have been put back, so that how long nobody touched the page is known."""


class KeptSessions:
    """One practice's. `clock` is real time, whatever day a demonstration has. All but `due` waits for the store."""

    def __init__(self, practice: PracticeId, records: Records, access: Access, clock: Clock) -> None:
        self._practice, self._records, self._access, self._clock = practice, records, access, clock
        self._owed = set[str]()  # digests that are to be forgotten, and that the store did not take

    def due(self, session: Session) -> bool:
        return self._access.elapsed() - session.kept >= EVERY.total_seconds()

    def keep(self, session: Session) -> None:
        """A store that takes nothing keeps nobody from their work. What is there no longer is not stored again:
        somebody ended it."""
        assert session.account is not None
        now, elapsed = self._clock.now(), self._access.elapsed()
        session.kept = elapsed
        acted = now - timedelta(seconds=elapsed - session.acted)
        until = now + timedelta(seconds=session.until - elapsed)
        process = self._access.process
        kept = KeptSession(digest(session.id), session.account.id, session.csrf, acted, until, process)
        try:
            with self._records.transaction(self._practice) as tx:
                if not session.stored:
                    tx.staff.keep_session(kept)
                elif not tx.staff.renew_session(kept):
                    self._access.leave(session)
            session.stored = True
        except Exception:
            log.exception("session_not_kept", practice=self._practice)
        if not self._access.is_open(session):  # it ended meanwhile
            self.forget(session)
        elif self._owed:
            self._forget_owed()

    def found(self, cookie: str) -> Session | None:
        """The open session under this cookie, of before a restart."""
        try:
            return self._found(cookie)
        except Exception:
            log.exception("session_not_found", practice=self._practice)
            return None

    def _found(self, cookie: str) -> Session | None:
        with self._records.transaction(self._practice) as tx:
            kept = tx.staff.session(digest(cookie))
            account = tx.staff.get(kept.account) if kept is not None else None
            if kept is None:
                return None
            untouched = self._clock.now() - kept.acted
            if account is None or not account.works_here or untouched < -BACKWARDS:
                tx.staff.forget_session(kept.digest)
                return None
            if not tx.staff.renew_session(replace(kept, process=self._access.process)):
                return None
        seconds, left = untouched.total_seconds(), (kept.until - self._clock.now()).total_seconds()
        found = self._access.restore(cookie, account, kept.csrf, untouched=max(seconds, 0.0), left=left)
        if found is not None:
            found.stored = True
        return found

    def ended(self, session: Session) -> bool:
        """Whether somebody ended it, here or in another process, since it was first stored."""
        if not session.stored:
            return False
        with self._records.transaction(self._practice) as tx:
            return tx.staff.session(digest(session.id)) is None

    def lapsed(self, session: Session) -> bool:
        """Whether it is over, and no longer kept. Where another process saw its person last, that one knows."""
        with self._records.transaction(self._practice) as tx:
            kept = tx.staff.session(digest(session.id))
            if kept is not None and kept.process != self._access.process:
                self._access.lives_elsewhere(session)
                return False
            tx.staff.forget_session(digest(session.id))
        return True

    def forget(self, session: Session) -> None:
        """A store that takes nothing keeps nobody from leaving: it is forgotten once one is kept again."""
        self._owed.add(digest(session.id))
        self._forget_owed()

    def _forget_owed(self) -> None:
        owed = tuple(self._owed)
        try:
            with self._records.transaction(self._practice) as tx:
                for each in owed:
                    tx.staff.forget_session(each)
        except Exception:
            log.exception("session_not_forgotten", practice=self._practice)
        else:
            self._owed.difference_update(owed)

    def forget_all_of(self, account: str) -> None:
        with self._records.transaction(self._practice) as tx:
            tx.staff.forget_sessions_of(account)

    def forget_others_of(self, session: Session) -> None:
        """Those of the same account, but this one."""
        assert session.account is not None
        with self._records.transaction(self._practice) as tx:
            tx.staff.forget_sessions_of(session.account.id, but=digest(session.id))
