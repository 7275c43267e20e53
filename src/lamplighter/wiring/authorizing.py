"""The duty that follows prior authorizations, with its jobs."""

from collections.abc import Mapping

from lamplighter.desk import eap_watch
from lamplighter.desk.authorizations import planning
from lamplighter.desk.authorizations.work import Authorizations
from lamplighter.desk.eap_watch import EapWatch
from lamplighter.desk.ports import Clock, JobRunner, Records
from lamplighter.desk.ports.authorizations import AuthorizationChannels
from lamplighter.law.states import LawData
from lamplighter.practice.model import Practice, PracticeId


def authorizing_by(
    records: Records,
    runner: JobRunner,
    practices: Mapping[PracticeId, Practice],
    clock: Clock,
    channels: AuthorizationChannels | None,
    laws: Mapping[PracticeId, LawData],
) -> Authorizations:
    duty = Authorizations(records, practices, clock, channels, laws)
    runner.register(planning.LOOK, duty.look)
    runner.register(planning.SEND, duty.send)
    runner.register(planning.ASK, duty.ask)
    runner.register(planning.TICK, duty.tick)
    runner.register(eap_watch.JOB, EapWatch(records, practices, clock).look)
    return duty
