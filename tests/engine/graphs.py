"""Random unstructured diagrams, cycles and all: as BPMN for the engine, and as a plain token game.

The game knows no engine: tokens lie on flows, a node takes what lies before it and puts what follows. A
task takes one token; an exclusive gateway passes it on by the flow that the variable `turn` says; a
parallel gateway takes one token of each flow and puts one on each.

Source: BPMN 2.0.2 §13.3.3, §13.4.1, §13.4.2.
"""

from collections import Counter
from dataclasses import dataclass, field

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">'
    '<bpmn:process id="process" isExecutable="true"><bpmn:startEvent id="start" />'
)
TAIL = "</bpmn:process></bpmn:definitions>"
TAGS = {"task": "userTask", "xor": "exclusiveGateway", "and": "parallelGateway"}

Flow = tuple[int, int, int]
"""Source, target, and a number that tells parallel flows apart; the source -1 is the start event."""


@dataclass(frozen=True)
class Graph:
    """Nodes by kind (`task`, `xor`, `and`) and the flows between them, in the order of the drawing."""

    kinds: tuple[str, ...]
    flows: tuple[Flow, ...]

    def into(self, node: int) -> list[Flow]:
        """Return the flows that end at a node."""
        return [flow for flow in self.flows if flow[1] == node]

    def out_of(self, node: int) -> list[Flow]:
        """Return the flows that begin at a node."""
        return [flow for flow in self.flows if flow[0] == node]

    def chosen(self, node: int, turn: int) -> Flow:
        """Return the flow an exclusive gateway takes."""
        flows = self.out_of(node)
        return flows[(turn + node) % len(flows)]

    def diagram(self) -> bytes:
        """Return it as a file."""
        nodes = "".join(map(self._node, range(len(self.kinds))))
        return (HEAD + nodes + "".join(map(self._flow, self.flows)) + TAIL).encode()

    def _node(self, node: int) -> str:
        tag = TAGS[self.kinds[node]]
        if tag == "userTask":
            extension = "<bpmn:extensionElements><zeebe:userTask /></bpmn:extensionElements>"
            return f'<bpmn:userTask id="n{node}">{extension}</bpmn:userTask>'
        flows = self.out_of(node)
        forks = self.kinds[node] == "xor" and len(flows) > 1
        default = f' default="{_id(flows[-1])}"' if forks else ""
        return f'<bpmn:{tag} id="n{node}"{default} />'

    def _flow(self, flow: Flow) -> str:
        source, target, _ = flow
        begin = "start" if source < 0 else f"n{source}"
        condition = ""
        if source >= 0 and self.kinds[source] == "xor":
            flows = self.out_of(source)
            if flow != flows[-1]:
                text = f"=modulo(turn + {source}, {len(flows)}) = {flows.index(flow)}"
                condition = f"<bpmn:conditionExpression>{text}</bpmn:conditionExpression>"
        return (
            f'<bpmn:sequenceFlow id="{_id(flow)}" sourceRef="{begin}" targetRef="n{target}">'
            f"{condition}</bpmn:sequenceFlow>"
        )


@dataclass
class Game:
    """One game: tokens on flows before parallel gateways, and tasks that are open."""

    graph: Graph
    turn: int
    waiting: Counter[Flow] = field(default_factory=Counter)
    open: Counter[int] = field(default_factory=Counter)

    def begin(self) -> None:
        """Put the first token."""
        self._put(self.graph.out_of(-1))

    def complete(self, node: int, turn: int) -> None:
        """One open task is done."""
        self.turn = turn
        self.open[node] -= 1
        self._put(self.graph.out_of(node))

    @property
    def tasks(self) -> list[str]:
        """Ids of the open tasks, with repetition."""
        return sorted(f"n{node}" for node in self.open.elements())

    @property
    def is_over(self) -> bool:
        """Whether no token is left anywhere."""
        return not self.waiting.total() and not self.open.total()

    def _put(self, flows: list[Flow]) -> None:
        todo = list(flows)
        while todo:
            flow = todo.pop()
            node = flow[1]
            match self.graph.kinds[node]:
                case "task":
                    self.open[node] += 1
                case "xor":
                    todo += [self.graph.chosen(node, self.turn)] if self.graph.out_of(node) else []
                case _:
                    self.waiting[flow] += 1
                    before = self.graph.into(node)
                    if all(self.waiting[one] for one in before):
                        self.waiting.subtract(before)
                        todo += self.graph.out_of(node)


def _id(flow: Flow) -> str:
    source, target, number = flow
    return f"f{source + 1}_{target}_{number}"
