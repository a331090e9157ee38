"""Random block-structured diagrams: as BPMN for the engine, and as an oracle that knows no tokens.

A block is a task or a composition of blocks. `draw` writes it as BPMN, `begin` runs it the plain way: as
nested states, each of which says which tasks are open and what it becomes when one is completed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count, pairwise


@dataclass
class Drawing:
    """BPMN lines while a block is drawn; every element gets a number of its own.

    Attributes:
        work: What a `Task` is drawn as: tag and what stands inside.
        roots: What stands beside the process: messages, signals, codes, other processes.
    """

    lines: list[str] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=count)
    roots: list[str] = field(default_factory=list)
    work: tuple[str, str] = (
        "userTask",
        "<bpmn:extensionElements><zeebe:userTask/></bpmn:extensionElements>",
    )

    def new_id(self, tag: str) -> str:
        """Return an id for an element that is to be drawn."""
        return f"{tag}_{next(self.numbers)}"

    def add(self, tag: str, inner: str = "", element_id: str = "", **attributes: str) -> str:
        """Draw an element and return its id."""
        element_id = element_id or self.new_id(tag)
        texts = "".join(f' {name}="{value}"' for name, value in attributes.items())
        self.lines.append(f'<bpmn:{tag} id="{element_id}"{texts}>{inner}</bpmn:{tag}>')
        return element_id

    def flow(self, source: str, target: str, condition: str | None = None) -> str:
        """Draw a sequence flow and return its id."""
        flow_id = f"flow_{next(self.numbers)}"
        inner = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>"
        self.lines.append(
            f'<bpmn:sequenceFlow id="{flow_id}" sourceRef="{source}" targetRef="{target}">'
            f"{inner if condition else ''}</bpmn:sequenceFlow>"
        )
        return flow_id


Open = list["Working"]
SERIALS = count()


class State:
    """A block that runs."""

    def open(self) -> Open:
        """Return the open tasks, in the order of the drawing."""
        raise NotImplementedError

    def complete(self, position: int) -> "State | None":
        """Return the state after the task at that position is done; None: the block is over."""
        raise NotImplementedError


class Block:
    """A part of a diagram with one way in and one way out."""

    def draw(self, drawing: Drawing) -> tuple[str, str]:
        """Draw it and return its first and last element."""
        raise NotImplementedError

    def begin(self) -> State | None:
        """Return its state when a token comes in; None: it is over at once."""
        raise NotImplementedError


@dataclass
class Working(State):
    """Something that is waited for: an open task, or an event.

    Attributes:
        name: The element's id.
        serial: Grows with the moment it was opened.
        kind: What somebody must do: complete a `user` task or a `job`, send a `message` ...
        home: Number of the instance it is in: each call of a process makes one.
        sealed: Instances in which an error that comes out of here is not heard.
    """

    name: str
    serial: int
    kind: str = "user"
    home: int = 0
    sealed: tuple[int, ...] = ()

    def open(self) -> Open:
        """Itself."""
        return [self]

    def complete(self, position: int) -> State | None:
        """Done."""
        return None


@dataclass
class Task(Block):
    """Something that waits, a user task; it gets its name, the element id, when it is drawn."""

    name: str = ""

    def draw(self, drawing: Drawing) -> tuple[str, str]:
        """One element."""
        tag, inner = drawing.work
        self.name = drawing.add(tag, inner)
        return self.name, self.name

    def begin(self) -> State | None:
        """Open."""
        return Working(self.name, next(SERIALS))


@dataclass
class Chain(State):
    """A state, and the blocks that come after it."""

    now: State
    rest: list[Block]

    def open(self) -> Open:
        """What is open now."""
        return self.now.open()

    def complete(self, position: int) -> State | None:
        """Go on with the next block."""
        after = self.now.complete(position)
        return Chain(after, self.rest) if after else chain(self.rest)


def chain(blocks: list[Block]) -> State | None:
    """Return the state of blocks one after the other; those that are over at once are skipped."""
    for index, block in enumerate(blocks):
        if (state := block.begin()) is not None:
            return Chain(state, blocks[index + 1 :])
    return None


@dataclass(eq=False)
class Flowing(State):
    """Blocks that flows connect, one of which runs; its token may be moved to another one by hand.

    Attributes:
        index: Which of them runs.
    """

    now: State
    blocks: list[Block]
    index: int

    def open(self) -> Open:
        """What is open now."""
        return self.now.open()

    def complete(self, position: int) -> State | None:
        """Go on with the next block, or let the hand do what it does here."""
        if HAND.flowing is self:
            HAND.flowing = None
            return HAND.does(self)
        after = self.now.complete(position)
        if after is None:
            return flow(self.blocks, self.index + 1)
        return Flowing(after, self.blocks, self.index)


@dataclass
class Hand:
    """What an operator does by hand, and where."""

    flowing: Flowing | None = None
    does: Callable[[Flowing], State | None] = lambda flowing: flowing


HAND = Hand()


def flow(blocks: list[Block], first: int = 0) -> State | None:
    """Return the state of blocks that flows connect, from one of them on."""
    for index in range(first, len(blocks)):
        if (state := blocks[index].begin()) is not None:
            return Flowing(state, blocks, index)
    return None


@dataclass
class Sequence(Block):
    """One after the other."""

    blocks: list[Block]

    def draw(self, drawing: Drawing) -> tuple[str, str]:
        """Connected by flows."""
        ends = [block.draw(drawing) for block in self.blocks]
        for (_, before), (after, _) in pairwise(ends):
            drawing.flow(before, after)
        return ends[0][0], ends[-1][1]

    def begin(self) -> State | None:
        """The first that is not over at once."""
        return flow(self.blocks)


@dataclass
class Together(State):
    """Several states at the same time."""

    states: list[State]

    def open(self) -> Open:
        """All of them."""
        return [task for state in self.states for task in state.open()]

    def complete(self, position: int) -> State | None:
        """Complete in the one state that holds the task."""
        for index, state in enumerate(self.states):
            size = len(state.open())
            if position < size:
                after = state.complete(position)
                rest = [
                    *self.states[:index],
                    *([after] if after else []),
                    *self.states[index + 1 :],
                ]
                return Together(rest) if rest else None
            position -= size
        raise IndexError(position)


def together(blocks: list[Block]) -> State | None:
    """Return the state of blocks at the same time."""
    states = [state for block in blocks if (state := block.begin()) is not None]
    return Together(states) if states else None


@dataclass
class Fork(Block):
    """A fork and a join of one kind; `taken` says which branches are true."""

    gateway: str
    branches: list[Block]
    taken: list[bool]

    def draw(self, drawing: Drawing) -> tuple[str, str]:
        """Two gateways around the branches; parallel ones have no conditions."""
        fork, join = drawing.add(self.gateway), drawing.add(self.gateway)
        for branch, is_taken in zip(self.branches, self.taken, strict=True):
            first, last = branch.draw(drawing)
            condition = None if self.gateway == "parallelGateway" else f"={str(is_taken).lower()}"
            drawing.flow(fork, first, condition)
            drawing.flow(last, join)
        return fork, join

    def begin(self) -> State | None:
        """The branches that are taken."""
        chosen = [b for b, taken in zip(self.branches, self.taken, strict=True) if taken]
        return together(chosen[:1] if self.gateway == "exclusiveGateway" else chosen)


@dataclass
class Repeat(Block):
    """A block that is done several times, one round after the other, by a gateway that leads back."""

    rounds: int
    block: Block

    def draw(self, drawing: Drawing) -> tuple[str, str]:
        """A counter of its own, set before, raised after each round."""
        name = f"round_{next(drawing.numbers)}"
        zero = drawing.add("scriptTask", _script("=0", name))
        enter = drawing.add("exclusiveGateway")
        first, last = self.block.draw(drawing)
        raise_by_one = drawing.add("scriptTask", _script(f"={name} + 1", name))
        again = drawing.add("exclusiveGateway")
        leave = drawing.add("task")
        for source, target in ((zero, enter), (enter, first), (last, raise_by_one)):
            drawing.flow(source, target)
        drawing.flow(raise_by_one, again)
        drawing.flow(again, enter, f"={name} &lt; {self.rounds}")
        drawing.flow(again, leave, f"={name} &gt;= {self.rounds}")
        return zero, leave

    def begin(self) -> State | None:
        """All rounds in a row."""
        return chain([self.block] * self.rounds)


@dataclass
class SubProcess(Block):
    """A sub-process; `items` None: plain, else multi-instance with that many instances."""

    block: Block
    items: int | None
    is_sequential: bool

    def draw(self, drawing: Drawing) -> tuple[str, str]:
        """The block between a start and an end event."""
        outside, drawing.lines = drawing.lines, []
        first, last = self.block.draw(drawing)
        drawing.flow(drawing.add("startEvent"), first)
        drawing.flow(last, drawing.add("endEvent"))
        inside, drawing.lines = "".join(drawing.lines), outside
        element_id = drawing.add("subProcess", inside + self._marker())
        return element_id, element_id

    def _marker(self) -> str:
        if self.items is None:
            return ""
        items = ", ".join(map(str, range(self.items)))
        return (
            f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(self.is_sequential).lower()}">'
            f'<bpmn:extensionElements><zeebe:loopCharacteristics inputCollection="=[{items}]"/>'
            "</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>"
        )

    def begin(self) -> State | None:
        """The block, as often as there are items."""
        blocks = [self.block] * (1 if self.items is None else self.items)
        return chain(blocks) if self.is_sequential else together(blocks)


def has_join_beside(block: Block, is_beside: bool = False) -> bool:
    """Tell whether an inclusive join waits while another branch of its scope runs.

    Inside a loop Camunda's rule holds such a join up (the other branch could come round to it), so it
    fires later than this oracle's. `test_token_laws.py` holds that case by itself.
    """
    if isinstance(block, Sequence):
        return any(has_join_beside(part, is_beside) for part in block.blocks)
    if isinstance(block, Fork):
        if block.gateway == "inclusiveGateway" and is_beside:
            return True
        several = block.gateway != "exclusiveGateway" and sum(block.taken) > 1
        return any(has_join_beside(branch, is_beside or several) for branch in block.branches)
    return False


def _script(expression: str, name: str) -> str:
    script = f'<zeebe:script expression="{expression}" resultVariable="{name}"/>'
    return f"<bpmn:extensionElements>{script}</bpmn:extensionElements>"


def diagram(block: Block, process_id: str = "process", drawing: Drawing | None = None) -> bytes:
    """Return a whole BPMN file around a block."""
    drawing = drawing or Drawing()
    first, last = block.draw(drawing)
    drawing.flow(drawing.add("startEvent"), first)
    drawing.flow(last, drawing.add("endEvent"))
    return (
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
        ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="definitions">'
        f'<bpmn:process id="{process_id}" isExecutable="true">{"".join(drawing.lines)}</bpmn:process>'
        "</bpmn:definitions>"
    ).encode()
