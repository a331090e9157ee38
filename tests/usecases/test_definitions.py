"""Compiled definitions are kept in bounds, and each file is read once."""

import threading

from service.usecases.definitions import Definitions, Kept
from tests.usecases.conftest import Office


def test_what_was_used_longest_ago_goes_first() -> None:
    """Asking for a value counts as using it."""
    kept: Kept[str, str] = Kept(2)
    for key in ("a", "b", "a", "c"):
        kept.get(key, key.upper)

    assert [kept.get(key, lambda: "made anew") for key in "acb"] == ["A", "C", "made anew"]


def test_values_are_kept_up_to_a_weight_and_the_last_one_always() -> None:
    """A value heavier than all is allowed is kept alone."""
    kept: Kept[str, str] = Kept(5, len)
    for value in ("aa", "bbb", "cc"):
        kept.get(value, lambda value=value: value)  # type: ignore[misc]
    assert kept.get("bbb", lambda: "made anew") == "bbb"

    kept.get("dddddddd", lambda: "dddddddd")

    assert kept.get("dddddddd", lambda: "made anew") == "dddddddd"
    assert kept.get("bbb", lambda: "anew") == "anew"


def test_a_value_that_two_threads_made_counts_once() -> None:
    """Both may make it, since making is outside the lock."""
    kept: Kept[str, str] = Kept(2)
    both = threading.Barrier(2)

    def make() -> str:
        both.wait()
        return "A"

    threads = [threading.Thread(target=kept.get, args=("a", make)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept.get("b", lambda: "B")

    assert kept.get("a", lambda: "made anew") == "A"


def test_a_process_is_read_once(office: Office) -> None:
    """What runs and what is shown is the same reading of the file."""
    with office.house.database.reading() as connection:
        loaded = Definitions().latest_process(connection, "approval")

    assert loaded is not None
    assert loaded.model is loaded.compiled.model
