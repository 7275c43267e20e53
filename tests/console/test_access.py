import pytest

from lamplighter.console.access import LINK_LIVES, SESSION_LIVES, Access, LinkUsed, LinkWrong, may_post
from tests.console.watch import Watch


@pytest.fixture
def access(watch: Watch) -> Access:
    return Access(elapsed=watch)


def token(access: Access) -> str:
    return access.new_link("http://127.0.0.1:8301/").rpartition("/")[2]


def test_a_link_opens_a_session_once(access: Access) -> None:
    link = token(access)
    session = access.enter(link)
    assert access.session(session.id) is session
    with pytest.raises(LinkUsed):
        access.enter(link)


@pytest.mark.parametrize("wrong", ["", "x", "\ud800", "a" * 10_000, "../../"])
def test_a_link_that_was_not_made_opens_nothing(access: Access, wrong: str) -> None:
    with pytest.raises(LinkWrong):
        access.enter(wrong)


def test_a_link_grows_old(access: Access, watch: Watch) -> None:
    link = token(access)
    watch.seconds += LINK_LIVES.total_seconds() + 1
    with pytest.raises(LinkWrong):
        access.enter(link)


def test_a_session_ends_with_the_shift(access: Access, watch: Watch) -> None:
    session = access.enter(token(access))
    watch.seconds += SESSION_LIVES.total_seconds() + 1
    assert access.session(session.id) is None


def test_whoever_left_is_out(access: Access) -> None:
    session = access.enter(token(access))
    access.leave(session)
    assert access.session(session.id) is None


def test_sessions_do_not_open_each_others_forms(access: Access) -> None:
    one, other = access.enter(token(access)), access.enter(token(access))
    assert may_post(one, one.csrf)
    assert not may_post(one, other.csrf)
    assert not may_post(one, None)
    assert not may_post(one, "é")


def test_what_opens_the_desk_never_shows_in_a_repr(access: Access) -> None:
    session = access.enter(token(access))
    assert session.id not in repr(session)
    assert session.csrf not in repr(session)
