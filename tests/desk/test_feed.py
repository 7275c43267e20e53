import asyncio
from threading import Thread

from lamplighter.desk.feed import LiveFeed


async def test_a_watcher_hears_of_changes_from_other_threads() -> None:
    feed = LiveFeed()
    with feed.watching("demo") as changes:
        thread = Thread(target=feed.publish, args=("demo", "c1", 3))
        thread.start()
        assert await changes.next(120) == {"c1": 3}
        thread.join()


async def test_changes_of_one_contact_melt_into_the_latest() -> None:
    feed = LiveFeed()
    with feed.watching("demo") as changes:
        for seq in (1, 2, 9, 4):
            feed.publish("demo", "c1", seq)
        feed.publish("demo", "c2", 1)
        assert await changes.next(120) == {"c1": 9, "c2": 1}


async def test_a_watcher_of_one_practice_never_hears_of_another() -> None:
    feed = LiveFeed()
    with feed.watching("demo") as changes:
        feed.publish("other", "c1", 1)
        assert await changes.next(0.01) == {}


async def test_a_watcher_of_one_contact_hears_of_that_one_alone() -> None:
    feed = LiveFeed()
    with feed.watching("demo", "c2") as changes:
        feed.publish("demo", "c1", 1)
        feed.publish("demo", "c2", 5)
        assert await changes.next(120) == {"c2": 5}


async def test_what_changes_while_a_watcher_is_busy_is_there_when_it_looks_again() -> None:
    feed = LiveFeed()
    with feed.watching("demo") as changes:
        feed.publish("demo", "c1", 1)
        await changes.next(120)
        feed.publish("demo", "c1", 2)
        await asyncio.sleep(0)
        assert await changes.next(120) == {"c1": 2}


async def test_nobody_is_told_after_they_stopped_watching() -> None:
    feed = LiveFeed()
    with feed.watching("demo") as changes:
        feed.publish("demo", "c1", 1)
    feed.publish("demo", "c1", 2)
    assert await changes.next(120) == {"c1": 1}


def test_a_subscriber_gets_every_change_in_order() -> None:
    feed = LiveFeed()
    subscription = feed.subscribe("demo")
    got: list[tuple[str, int]] = []
    reader = Thread(target=lambda: got.extend(next(subscription) for _ in range(3)))
    reader.start()
    while reader.is_alive():
        for seq in range(3):
            feed.publish("demo", "c1", seq)
        reader.join(0.01)
    assert [seq for _, seq in got] in ([0, 1, 2], [1, 2, 0], [2, 0, 1])
