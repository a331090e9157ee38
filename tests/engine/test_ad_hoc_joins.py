"""Joins in ad-hoc sub-processes: what was started one by one comes together.

Source: BPMN 2.0.2 §10.3.5 (flows and gateways between the activities), Camunda 8.10
(AdHocSubProcessSharedJoinTest).
"""

import pytest

from service.domain.errors import WrongStateError
from service.engine import Activate, AdHocActivation, AdHocResult, Modification
from tests.engine.player import Drawn
from tests.usecases import drawing
from tests.usecases.drawing import flow, job

TOGETHER = flow("a", "join") + flow("b", "join") + flow("join", "c")
MESSAGE = '<bpmn:messageEventDefinition messageRef="stop" />'


def ad_hoc(
    inside: str,
    *,
    listed: str = '["a", "b"]',
    gateway: str = "parallelGateway",
    beside: str = "",
    how: str = "",
    **attributes: str,
) -> bytes:
    """Return a process whose ad-hoc sub-process `part` starts `a` and `b`, which come together at `join`."""
    listing = f"activeElementsCollection='={listed}' outputElement='=x' outputCollection='done'"
    start = how or f"<zeebe:adHoc {listing} />"
    told = "".join(f' {name}="{value}"' for name, value in attributes.items())
    part = (
        f'<bpmn:adHocSubProcess id="part"{told}>{drawing.extension(start)}{job("a", "t")}{job("b", "t")}'
        f'<bpmn:{gateway} id="join" />{inside}</bpmn:adHocSubProcess>'
    )
    definitions = drawing.message("stop", "1")
    return drawing.line("process", part, beside=beside, definitions=definitions).content


class Joined(Drawn):
    """An instance of such a process."""

    def strands(self) -> int:
        """Return how many scopes of started activities there are."""
        return list(self.active.values()).count("part#innerInstance")


@pytest.mark.parametrize("gateway", ["parallelGateway", "inclusiveGateway"])
def test_what_was_started_comes_together_once(gateway: str) -> None:
    """Behind the join a scope of its own begins: what the activities have written stays in theirs."""
    player = Joined(ad_hoc(job("c", "t") + TOGETHER, gateway=gateway))
    player.complete("b", x=1)
    assert (player.open, player.strands()) == (["a"], 1)
    player.complete("a", x=2)
    assert (player.open, player.strands()) == (["c"], 1)
    assert "x" not in player.local("c")
    player.complete("c", x=3)

    assert (player.step.ended, player.root["done"]) == ("COMPLETED", [1, 2, 3])


def test_an_inclusive_join_waits_for_nobody_who_was_not_started() -> None:
    """The list names one of two."""
    file = ad_hoc(job("c", "t") + TOGETHER, listed='["a"]', gateway="inclusiveGateway")
    player = Joined(file)
    player.complete("a")

    assert player.open == ["c"]


def test_each_flow_out_of_a_join_has_a_scope_of_its_own() -> None:
    """And they may come together again."""
    again = '<bpmn:parallelGateway id="again" />' + job("e", "t")
    flows = (
        TOGETHER
        + flow("join", "other")
        + flow("c", "again")
        + flow("other", "again")
        + flow("again", "e")
    )
    player = Joined(ad_hoc(job("c", "t") + job("other", "t") + again + flows))
    player.complete("a")
    player.complete("b")
    assert (player.open, player.strands()) == (["c", "other"], 2)
    player.complete("c")
    player.complete("other")
    assert (player.open, player.strands()) == (["e"], 1)
    player.complete("e")

    assert player.step.ended == "COMPLETED"


def test_a_join_of_one_activity_joins_in_its_scope() -> None:
    """Two started alike do not mix."""
    fork = '<bpmn:parallelGateway id="fork" />' + job("other", "t")
    flows = flow("a", "fork") + flow("fork", "c") + flow("fork", "other") + flow("c", "join")
    player = Joined(
        ad_hoc(fork + job("c", "t") + flows + flow("other", "join"), listed='["a", "a"]')
    )
    player.complete("a")
    player.complete("a")
    player.complete("c")
    player.complete("c")
    assert player.happened("COMPLETED").count("join") == 0
    player.complete("other")

    assert (player.happened("COMPLETED").count("join"), player.strands()) == (1, 1)


def test_who_waits_at_a_join_is_waited_for_when_the_rest_is() -> None:
    """The condition was true after the first; what follows the join is done all the same."""
    condition = "<bpmn:completionCondition>=true</bpmn:completionCondition>"
    inside = job("c", "t") + TOGETHER + condition
    player = Joined(ad_hoc(inside, cancelRemainingInstances="false"))
    player.complete("a")
    player.complete("b")
    assert player.open == ["c"]
    player.complete("c")

    assert player.step.ended == "COMPLETED"


def test_one_thing_at_a_time_behind_a_join_too() -> None:
    """An ordered sub-process takes the second flow when the first is done."""
    flows = TOGETHER + flow("join", "other")
    player = Joined(ad_hoc(job("c", "t") + job("other", "t") + flows, ordering="Sequential"))
    for element_id in ("a", "b", "c", "other"):
        assert player.open == [element_id]
        player.complete(element_id)

    assert player.step.ended == "COMPLETED"


def test_a_worker_is_asked_again_when_what_follows_the_join_is_done() -> None:
    """It has started both."""
    how = '<zeebe:taskDefinition type="lead" />'
    player = Joined(ad_hoc(job("c", "t") + TOGETHER, how=how))
    both = AdHocResult((AdHocActivation("a"), AdHocActivation("b")))
    player.answer_job("part", both)
    for element_id in ("a", "b", "c"):
        player.complete(element_id)
    assert player.open == ["part"]
    player.answer_job("part", AdHocResult((), is_fulfilled=True))

    assert player.step.ended == "COMPLETED"


def test_who_waits_at_a_join_ends_with_the_sub_process() -> None:
    """An event that interrupts it leaves nothing behind."""
    beside = drawing.boundary("part", MESSAGE)
    player = Joined(ad_hoc(job("c", "t") + TOGETHER, beside=beside))
    player.complete("a")
    player.deliver("part_left")

    assert player.open == ["part_mended"]
    player.complete("part_mended")
    assert player.step.ended == "COMPLETED"


def test_a_join_that_is_activated_by_hand_waits_for_nobody() -> None:
    """As everywhere."""
    player = Joined(ad_hoc(job("c", "t") + TOGETHER))
    player.modify(Modification(activate=(Activate("join"),)))

    assert player.open == ["a", "b", "c"]


def test_who_waits_at_a_join_migrates_to_one_where_he_still_waits() -> None:
    """Not to one that nothing but `a` can reach."""
    player = Joined(ad_hoc(job("c", "t") + TOGETHER))
    player.complete("a")
    same = [(name, name) for name in ("part", "b", "join", "a_to_join")]
    alone = flow("a", "join") + flow("a", "other") + flow("other", "join") + flow("join", "c")
    player.file = ad_hoc(job("c", "t") + job("other", "t") + alone)
    with pytest.raises(WrongStateError):
        player.migrate("", *same)

    player.file = ad_hoc(job("c", "t") + TOGETHER)
    player.migrate("", *same)
    player.complete("b")
    assert player.open == ["c"]
