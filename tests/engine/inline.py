"""Small processes that a test draws itself, line by line."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from service import engine
from service.engine import CompiledProcess
from tests.engine.player import Player

NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
)


def extended(inner: str) -> str:
    """Return extension elements."""
    return f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>"


FOR_PEOPLE = "<zeebe:userTask />"
PERSON = extended(FOR_PEOPLE)
WORKER = extended('<zeebe:taskDefinition type="work" />')


def element(tag: str, id_: str, inner: str = "", **attributes: str) -> str:
    """Return an element."""
    told = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<bpmn:{tag} id="{id_}"{told}>{inner}</bpmn:{tag}>'


def flows(*ids: str) -> str:
    """Return the flows from each element to the next."""
    pairs = pairwise(ids)
    return "".join(
        f'<bpmn:sequenceFlow id="{source}_to_{target}" sourceRef="{source}" targetRef="{target}" />'
        for source, target in pairs
    )


def process(*lines: str, roots: str = "") -> CompiledProcess:
    """Return a process of these lines; `roots` stand beside it: errors, messages and the like."""
    file = (
        f'<bpmn:definitions {NAMESPACES} id="d" targetNamespace="t">'
        f'<bpmn:process id="process" isExecutable="true">{"".join(lines)}</bpmn:process>{roots}'
        "</bpmn:definitions>"
    )
    return engine.compile_process(file.encode(), "process")


class Inline(Player):
    """An instance of a process that is compiled already."""

    def __init__(self, drawn: CompiledProcess, variables: Mapping[str, Any] | None = None) -> None:
        """Start it."""
        self.drawn = drawn
        super().__init__("", variables)

    def compiled(self, name: str) -> CompiledProcess:
        """Return the process to run."""
        return self.drawn
