"""Random unstructured diagrams of more than tasks: events, jobs, boundary events, inclusive joins, ends.

A game as in `graphs.py`, with the same questions as the oracle of drawn blocks (`drawn.Oracle`). Which way
an exclusive or inclusive gateway goes is drawn with it. An inclusive join goes on when all else waits and no
token elsewhere could still come by a flow that has none.

Source: BPMN 2.0.2 §13.3, §13.4; Camunda 8, inclusive gateway (tokens that wait at joins count, too).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from hypothesis import strategies as st

from tests.engine.blocks import Drawing, Working
from tests.engine.leaves import WORK, definitions
from tests.engine.scopes import Event

WAITS = {
    "user": "userTask",
    "service": "serviceTask",
    "receive": "receiveTask",
    "message": "intermediateCatchEvent",
    "timer": "intermediateCatchEvent",
    "signal": "intermediateCatchEvent",
}
GATEWAYS = {"xor": "exclusiveGateway", "and": "parallelGateway", "or": "inclusiveGateway"}
HOSTS = ("user", "service", "receive")
START = -1

Way = tuple[int, int, int]
"""Source, target, and a number that tells flows apart; the source `START` is the start event."""


@dataclass(frozen=True)
class Web:
    """Nodes and the flows between them.

    Attributes:
        kinds: Of each node: of `WAITS`, `GATEWAYS`, `end`, `terminate`, or a boundary event: `leaves` (a timer
            that interrupts) or `beside` (a message that does not).
        flows: In the order of the drawing.
        hosts: Of each boundary event: the node it is attached to.
        taken: Of each exclusive or inclusive gateway: bits that say which of its flows are true.
    """

    kinds: tuple[str, ...]
    flows: tuple[Way, ...]
    hosts: dict[int, int]
    taken: dict[int, int]
    process_id: str = "process"
    names: dict[int, str] = field(default_factory=dict)

    def into(self, node: int) -> list[Way]:
        """Return the flows that end at a node."""
        return [flow for flow in self.flows if flow[1] == node]

    def out_of(self, node: int) -> list[Way]:
        """Return the flows that begin at a node."""
        return [flow for flow in self.flows if flow[0] == node]

    def chosen(self, node: int) -> list[Way]:
        """Return the flows that are taken when a node is left; the last is the default of a gateway."""
        flows, kind = self.out_of(node), self.kinds[node]
        if kind not in ("xor", "or") or len(flows) < 2:
            return flows
        true = [flow for flow in flows[:-1] if self._is_true(flow)] or flows[-1:]
        return true[:1] if kind == "xor" else true

    def _is_true(self, flow: Way) -> bool:
        return bool(self.taken[flow[0]] >> self.out_of(flow[0]).index(flow) & 1)

    def file(self, first_number: int = 0) -> bytes:
        """Return it as a file; numbers in names begin with `first_number`."""
        drawing = Drawing()
        self.names.update({node: f"n{first_number + node}" for node in range(len(self.kinds))})
        self.names[START] = f"start_{first_number}"
        drawing.add("startEvent", element_id=self.names[START])
        for node in range(len(self.kinds)):
            self._draw(drawing, node)
        for number, flow in enumerate(self.flows):
            self._draw_flow(drawing, flow, f"f{first_number + number}")
        return (
            '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
            ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">'
            f'<bpmn:process id="{self.process_id}" isExecutable="true">{"".join(drawing.lines)}'
            f"</bpmn:process>{''.join(drawing.roots)}</bpmn:definitions>"
        ).encode()

    def _draw(self, drawing: Drawing, node: int) -> None:
        kind, name = self.kinds[node], self.names[node]
        attributes: dict[str, str] = {}
        inner = ""
        if kind in GATEWAYS:
            tag, flows = GATEWAYS[kind], self.out_of(node)
            if kind != "and" and len(flows) > 1:
                attributes["default"] = _flow_id(self, flows[-1], name)
        elif kind in HOSTS:
            tag = WAITS[kind]
            inner = WORK[kind][1]
            inner = f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>" if inner else ""
            if kind == "receive":
                definitions(drawing, name, Event(("message",)))
                attributes["messageRef"] = f"m_{name}"
        elif kind in WAITS:
            tag = WAITS[kind]
            inner, _ = definitions(drawing, name, Event((kind,)))
        elif kind in ("leaves", "beside"):
            tag = "boundaryEvent"
            inner, _ = definitions(
                drawing, name, Event(("timer" if kind == "leaves" else "message",))
            )
            attributes["attachedToRef"] = self.names[self.hosts[node]]
            attributes["cancelActivity"] = str(kind == "leaves").lower()
        else:
            tag = "endEvent"
            inner = "<bpmn:terminateEventDefinition />" if kind == "terminate" else ""
        drawing.add(tag, inner, name, **attributes)

    def _draw_flow(self, drawing: Drawing, flow: Way, flow_id: str) -> None:
        source, target, _ = flow
        condition = ""
        if source != START and self.kinds[source] in ("xor", "or"):
            flows = self.out_of(source)
            if flow != flows[-1]:
                told = f"={str(self._is_true(flow)).lower()}"
                condition = f"<bpmn:conditionExpression>{told}</bpmn:conditionExpression>"
        drawing.lines.append(
            f'<bpmn:sequenceFlow id="{flow_id}" sourceRef="{self.names[source]}"'
            f' targetRef="{self.names[target]}">{condition}</bpmn:sequenceFlow>'
        )


def _flow_id(web: Web, flow: Way, name: str) -> str:
    """Return the id of a flow, numbered like the nodes: `name` is that of its source."""
    first = int(name[1:]) - flow[0]
    return f"f{first + web.flows.index(flow)}"


KINDS = [*WAITS, "user", "service", "xor", "xor", "and", "or", "or", "leaves", "beside", "end"]


@st.composite
def webs(draw: st.DrawFn) -> Web:
    """Any nodes, any flows between them."""
    kinds = draw(st.lists(st.sampled_from([*KINDS, "terminate"]), min_size=2, max_size=9))
    hosting = [node for node, kind in enumerate(kinds) if kind in HOSTS]
    if not hosting:
        kinds = ["user" if kind in ("leaves", "beside") else kind for kind in kinds]
    bound = [node for node, kind in enumerate(kinds) if kind in ("leaves", "beside")]
    reached = [node for node in range(len(kinds)) if node not in bound]
    nodes = st.sampled_from(reached)
    flows: list[Way] = [(START, draw(nodes), 0)]
    for source, kind in enumerate(kinds):
        most = 0 if kind in ("end", "terminate") else 3 if kind in GATEWAYS else 2
        targets = draw(st.lists(nodes, min_size=1 if source in bound else 0, max_size=most))
        flows += [(source, target, number) for number, target in enumerate(targets)]
    hosts = {node: draw(st.sampled_from(hosting)) for node in bound}
    taken = {node: draw(st.integers(0, 7)) for node in range(len(kinds))}
    return Web(tuple(kinds), tuple(flows), hosts, taken)


class StalledError(Exception):
    """Inclusive joins wait for each other: which goes first is not this game's to say."""


class WebGame:
    """One game; `state` None: it is over.

    Attributes:
        waiting: Tokens on flows before joins.
        nodes: Nodes that wait, by serial.
        ears: Boundary events that wait, by serial: their node, and the serial of the host.
    """

    def __init__(self, web: Web) -> None:
        """Put the first token."""
        self.web = web
        self.waiting: Counter[Way] = Counter()
        self.nodes: dict[int, int] = {}
        self.ears: dict[int, tuple[int, int]] = {}
        self._serial = 0
        self._put(web.out_of(START))

    @property
    def state(self) -> object | None:
        """None when no token is left."""
        return (self.nodes or self.waiting.total()) or None

    def open(self) -> list[Working]:
        """What may happen, oldest first."""
        waits = {"service": "job", "receive": "message"}
        found = [
            Working(self.web.names[node], serial, waits.get(kind, kind))
            for serial, node in self.nodes.items()
            for kind in [self.web.kinds[node]]
        ]
        kinds = {"leaves": "timer", "beside": "message"}
        found += [
            Working(self.web.names[node], serial, kinds[self.web.kinds[node]])
            for serial, (node, _) in self.ears.items()
        ]
        return sorted(found, key=lambda working: working.serial)

    def waits(self) -> Counter[tuple[str, str]]:
        """Return how often each is waited for."""
        return Counter((working.name, working.kind) for working in self.open())

    def act(self, working: Working) -> int:
        """Let something happen; return which of its like it was.

        Raises:
            StalledError: What follows is left open.
        """
        alike = [w for w in self.open() if (w.name, w.kind) == (working.name, working.kind)]
        if working.kind == "message":
            working = alike[0]
        reached = alike if working.kind == "signal" else [working]
        for one in reached:
            if one.serial in self.nodes:
                self._put(self.web.chosen(self._leave(one.serial)))
            elif one.serial in self.ears:
                self._hear(one.serial)
        return [w.serial for w in alike].index(working.serial)

    def cancel(self) -> None:
        """End it from outside."""
        self.waiting.clear()
        self.nodes, self.ears = {}, {}

    def move(self, serial: int, target: int) -> int:
        """Move a token by hand from where it waits to another node; return which of its like it was.

        Raises:
            StalledError: What follows is left open.
        """
        alike = sorted(one for one, node in self.nodes.items() if node == self.nodes[serial])
        self._open(target)
        self._leave(serial)
        self._put([])
        return alike.index(serial)

    def _hear(self, serial: int) -> None:
        node, host = self.ears[serial]
        if self.web.kinds[node] == "leaves":
            self._leave(host)
        self._put(self.web.out_of(node))

    def _leave(self, serial: int) -> int:
        self.ears = {own: ear for own, ear in self.ears.items() if ear[1] != serial}
        return self.nodes.pop(serial)

    def _put(self, flows: list[Way]) -> None:
        todo = list(flows)
        while todo or self._fire_join(todo):
            if not todo:
                continue
            flow = todo.pop(0)
            node = flow[1]
            kind = self.web.kinds[node]
            before = self.web.into(node)
            if kind in WAITS:
                self._open(node)
            elif kind == "terminate":
                self.cancel()
                return
            elif kind in ("and", "or") and len(before) > 1:
                self.waiting[flow] += 1
                if all(self.waiting[one] for one in before):
                    self.waiting.subtract(before)
                    todo += self.web.chosen(node)
            elif kind in GATEWAYS:
                todo += self.web.chosen(node)

    def _open(self, node: int) -> None:
        host = self._next()
        for bound, place in self.web.hosts.items():
            if place == node:
                self.ears[self._next()] = (bound, host)
        self.nodes[host] = node

    def _next(self) -> int:
        self._serial += 1
        return self._serial

    def _fire_join(self, todo: list[Way]) -> bool:
        """Let an inclusive join go on that nothing can reach any more; False when there is none."""
        joins = sorted({flow[1] for flow, count in self.waiting.items() if count > 0})
        joins = [node for node in joins if self.web.kinds[node] == "or"]
        held = False
        for node in joins:
            came = [flow for flow in self.web.into(node) if self.waiting[flow]]
            by = set(self._reaching(node, came))
            if not by & {*self.nodes.values(), *self._at_joins(node)}:
                self.waiting.subtract(came)
                todo += self.web.chosen(node)
                return True
            held = held or not by & {*self.nodes.values()}
        if held:
            raise StalledError
        return False

    def _at_joins(self, but: int) -> Iterator[int]:
        return (flow[1] for flow, count in self.waiting.items() if count > 0 and flow[1] != but)

    def _reaching(self, join: int, came: list[Way]) -> Iterator[int]:
        """Give the nodes from which a flow into a join that has no token can be reached."""
        todo = [flow[0] for flow in self.web.into(join) if flow not in came]
        seen: set[int] = set()
        while todo:
            node = todo.pop()
            if node in (START, join) or node in seen:
                continue
            seen.add(node)
            yield node
            todo += [flow[0] for flow in self.web.into(node)]
            todo += [self.web.hosts[node]] if node in self.web.hosts else []
