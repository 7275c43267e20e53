"""Sessions of staff as they outlive a restart: stored sealed, by the digest of what the browser holds.

What is stored lags behind by up to a minute: after a restart a session may end somewhat sooner, never later. What was
proven, shown or opened is not stored: it is proven and noted anew.
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

    def due(self, session: Session) -> bool:
        return self._access.elapsed() - session.kept >= EVERY.total_seconds()

    def keep(self, session: Session) -> None:
        """A store that takes nothing keeps nobody from their work."""
        assert session.account is not None
        now, elapsed = self._clock.now(), self._access.elapsed()
        session.kept = elapsed
        acted = now - timedelta(seconds=elapsed - session.acted)
        until = now + timedelta(seconds=session.until - elapsed)
        process = self._access.process
        kept = KeptSession(digest(session.id), session.account.id, session.csrf, acted, until, process)
        try:
            with self._records.transaction(self._practice) as tx:
                tx.staff.keep_session(kept)
        except Exception:
            log.exception("session_not_kept", practice=self._practice)
        if not self._access.is_open(session):  # it ended meanwhile
            self.forget(session)

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
            tx.staff.keep_session(replace(kept, process=self._access.process))
        seconds, left = untouched.total_seconds(), (kept.until - self._clock.now()).total_seconds()
        found = self._access.restore(cookie, account, kept.csrf, untouched=max(seconds, 0.0), left=left)
        if found is not None and not self._is_kept(found):  # somebody ended it while it was read
            self._access.leave(found)
            return None
        return found

    def _is_kept(self, session: Session) -> bool:
        with self._records.transaction(self._practice) as tx:
            return tx.staff.session(digest(session.id)) is not None

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
        with self._records.transaction(self._practice) as tx:
            tx.staff.forget_session(digest(session.id))

    def forget_all_of(self, account: str) -> None:
        with self._records.transaction(self._practice) as tx:
            tx.staff.forget_sessions_of(account)
