"""Plays a drawn diagram in a house, beside it in memory, and beside that by its oracle.

After each step what happened and what is open is the same. Whose hands carry out the commands, here or in
processes that are killed, is the test's own.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

from hypothesis import strategies as st

from service.usecases.deployments import DeployFile
from tests.engine.blocks import Working
from tests.engine.drawn import Oracle
from tests.engine.handing_over import handed_over
from tests.engine.renaming import renamed
from tests.engine.stage import WAYS, Stage
from tests.engine.webs import WAITS, WebGame
from tests.usecases.acting import TROUBLES, Acted, Command, require_same, starting
from tests.usecases.operating import OPERATIONS, Operator

MOST_OPEN = 30


class Hands(Protocol):
    """Who carries out what is asked for, and all that follows from it."""

    def deploy(self, file: DeployFile) -> None:
        """Deploy a file."""
        ...

    def do(self, command: Command) -> None:
        """Carry out a command."""
        ...

    def fire(self, timer_key: int | None) -> None:
        """Let a timer fire; None: those that start processes."""
        ...


@dataclass
class Play:
    """One run of a diagram.

    Attributes:
        start: Where it begins; None: the none start event.
        most_steps: How many things happen at the most before it is cancelled.
        sent: Numbers of the messages that are sent before anybody waits for them.
    """

    hands: Hands
    file: bytes
    acted: Acted
    oracle: Oracle | WebGame
    start: str | None
    data: st.DataObject
    most_steps: int
    sent: "count[int]" = field(default_factory=count)

    def run(self) -> None:
        """From its start to its end, or to its cancellation."""
        numbers = count(1)

        newest = self.file

        def renew(what: str) -> None:
            nonlocal newest
            if what.startswith("hands over"):
                newest, tasks = handed_over(newest)
                self.acted.for_people |= tasks
            text = f"<!-- {next(numbers)} -->".encode()
            file = renamed(newest) if what.startswith("renames") else newest
            self.hands.deploy(DeployFile("drawn.bpmn", file + text))

        self.hands.deploy(DeployFile("drawn.bpmn", self.file))
        # Whoever deploys a timer that is due starts another instance.
        starts_anew = getattr(self.acted.whole, "start", "none") == "timer"
        operator = Operator(self.acted, None if starts_anew else renew)
        for command in starting(self.acted.whole):
            self.hands.do(command)
        self.hands.fire(None)
        stage = Stage(self.file, is_saved=False, start=self.start)
        for _ in range(self.most_steps):
            assert stage.open() == self.oracle.waits()
            require_same(self.acted, stage)
            choices = [one for one in self.oracle.open() if self.acted.may(one.name, one.kind)]
            if not choices or len(choices) > MOST_OPEN:
                break
            self._step(stage, operator, self.data.draw(st.sampled_from(choices), label="happens"))
        require_same(self.acted, stage)
        if stage.ended is None:
            self._cancel(stage)

    def _step(self, stage: Stage, operator: Operator, working: Working) -> None:
        self._send_ahead(stage)
        nth = self.oracle.act(working)
        what = self.data.draw(st.sampled_from(OPERATIONS), label="the operator")
        if +stage.ahead and what == "holds the caller":
            # Whether he hears what his callee gives back first, or a message that waits, is not told here.
            what = "nothing"
        before, after = operator.does(what, working, nth)
        for command in before:
            self.hands.do(command)
        if working.kind == "timer":
            self.hands.fire(self.acted.timer(working.name, nth))
        else:
            self._act(working, nth)
        for command in after:
            self.hands.do(command)
        with self._hearing(stage):
            stage.act(working.name, working.kind, nth)
        self._move(stage)

    @contextmanager
    def _hearing(self, stage: Stage) -> Iterator[None]:
        """Let the oracle hear what messages the stage takes meanwhile of those that were sent ahead."""
        sent = +stage.ahead
        yield
        taken = sent - stage.ahead
        while came := [
            w for w in self.oracle.open() if w.kind == "message" and taken[f"m_{w.name}"]
        ]:
            taken[f"m_{came[0].name}"] -= 1
            self.oracle.act(came[0])
        assert not +taken

    def _move(self, stage: Stage) -> None:
        """Modify the instance by hand, seldom: oracle and game know what follows."""
        if not self.data.draw(st.sampled_from([False] * 9 + [True]), label="moves"):
            return
        if isinstance(self.oracle, WebGame):
            self._move_in_web(self.oracle, stage)
        elif moves := self.oracle.moves():
            moving = self.data.draw(st.sampled_from(moves), label="moved")
            way = self.data.draw(st.sampled_from(moving.ways), label="how")
            command = self.acted.move(moving.source, 0, moving.target, way)
            self.oracle.move(moving)
            self.hands.do(command)
            with self._hearing(stage):
                stage.move(moving.source, 0, moving.target, way)

    def _move_in_web(self, game: WebGame, stage: Stage) -> None:
        if not game.nodes:
            return
        way = self.data.draw(st.sampled_from(WAYS), label="how")
        web = game.web
        serial = self.data.draw(st.sampled_from(sorted(game.nodes)), label="from")
        targets = [node for node, kind in enumerate(web.kinds) if kind in WAITS]
        target = self.data.draw(st.sampled_from(targets), label="to")
        source = web.names[game.nodes[serial]]
        nth = game.move(serial, target)
        self.hands.do(self.acted.move(source, nth, web.names[target], way))
        with self._hearing(stage):
            stage.move(source, nth, web.names[target], way)

    def _send_ahead(self, stage: Stage) -> None:
        """Send a message that nobody waits for, now and then: it is kept for who comes."""
        unheard = [name for name in self._messages() if (name, "message") not in stage.open()]
        name = self.data.draw(st.sampled_from([None] * 12 + unheard), label="sent ahead")
        if name is not None:
            self.hands.do(("send ahead", [f"m_{name}", str(next(self.sent))]))
            stage.ahead[f"m_{name}"] += 1

    def _messages(self) -> list[str]:
        """Return the elements that wait for a message; what starts the process is heard at once."""
        found = re.findall(r'<bpmn:message id="m_(\w+)"', self.file.decode())
        starting = {getattr(self.acted.whole, "start_id", None)}
        # The other messages of a gateway that starts a process would start another instance.
        starts = getattr(self.acted.whole, "start", "none") == "race"
        return [] if starts else sorted({*found} - starting)

    def _act(self, working: Working, nth: int) -> None:
        trouble = self.data.draw(st.sampled_from(TROUBLES), label="trouble")
        for command in self.acted.trouble(working.name, working.kind, nth, trouble):
            self._do(command)
        for command in self.acted.commands(working.name, working.kind, nth):
            self._do(command)

    def _do(self, command: Command) -> None:
        """Carry out a command; an incident is resolved alone, or with all others of its instance."""
        name, arguments = command
        if name == "resolve" and self.data.draw(st.booleans(), label="resolves many"):
            command = self.acted.resolve_all(arguments[0])
        self.hands.do(command)

    def _cancel(self, stage: Stage) -> None:
        key = self.acted.root.key
        one = {"processInstanceKey": str(key)}
        direct: Command = ("cancel", [key])
        many: Command = ("batch", ["cancellation", one])
        self.oracle.cancel()
        self.hands.do(self.data.draw(st.sampled_from([direct, many]), label="cancel"))
        stage.cancel()
        require_same(self.acted, stage)
        while choices := self.oracle.open():
            assert stage.open() == self.oracle.waits()
            possible = [one for one in choices if self.acted.may(one.name, one.kind)]
            working = self.data.draw(st.sampled_from(possible), label="hears of it")
            nth = self.oracle.act(working)
            self._act(working, nth)
            stage.act(working.name, working.kind, nth)
            require_same(self.acted, stage)
        assert stage.ended is not None
