"""What a DMN file says, ready to be evaluated.

Source: DMN 1.5 §6.3, §10.2.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from service.dmn.analysis import TableAnalysis, analyse_table
from service.dmn.logic import Logic
from service.dmn.tables import DecisionTable
from service.domain.errors import Finding
from service.feel.types import FeelType


@dataclass(frozen=True)
class DecisionInfo:
    """What is told about a decision without evaluating it.

    Attributes:
        version_tag: `zeebe:versionTag`, or None.
        inputs: Names of the input data and decisions required, or of the variables a table reads.
        outputs: Names of the outputs of a table, else the decision's variable.
    """

    id: str
    name: str
    version_tag: str | None
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True)
class Reference:
    """Where a requirement points: an element of this or of an imported file."""

    namespace: str
    id: str


@dataclass(frozen=True, eq=False)
class InputData:
    """A value given from outside."""

    id: str
    name: str
    type: FeelType | None


@dataclass(frozen=True, eq=False)
class Decision:
    """A decision.

    Attributes:
        variable: The name its value has for those that require it.
        logic: None when the file gives none; its value is null then.
    """

    id: str
    name: str
    variable: str
    type: FeelType | None
    logic: Logic | None
    requires: tuple[Reference, ...]
    line: int | None = None


@dataclass(frozen=True, eq=False)
class Knowledge:
    """A business knowledge model: a function that decisions call."""

    id: str
    name: str
    parameters: tuple[tuple[str, FeelType | None], ...]
    type: FeelType | None
    logic: Logic | None
    requires: tuple[Reference, ...]


@dataclass(frozen=True, eq=False)
class Service:
    """A decision service: decisions called like a function."""

    id: str
    name: str
    type: FeelType | None
    output_decisions: tuple[Reference, ...]
    input_decisions: tuple[Reference, ...]
    input_data: tuple[Reference, ...]


Node = InputData | Decision | Knowledge | Service


@dataclass(frozen=True, eq=False)
class OwnedTable:
    """A decision table and the element it stands in, however deep.

    Attributes:
        id: Of the table.
        owner_id: Of the decision or knowledge model.
    """

    id: str
    owner_id: str
    owner_name: str
    table: DecisionTable
    line: int | None

    @cached_property
    def analysis(self) -> TableAnalysis:
        """What is wrong with the table; found once, since a file that was read never changes."""
        return analyse_table(self.table, self.owner_id, self.owner_name)


@dataclass(frozen=True, eq=False)
class Definitions:
    """A DMN file.

    Attributes:
        decisions: In order of the file.
        nodes: Decisions, input data, knowledge models and services by id.
        import_names: Prefix by namespace of imported files.
        imports: The imported files that were given when this one was read, by namespace.
        types: Item definitions by name.
        names: Every name with spaces or signs that expressions of this file may speak.
        tables: Every decision table, also inside of other boxed expressions.
        findings: Warnings noticed while reading.
        origin: What the caller knows the file by; told of every decision evaluated.
    """

    id: str
    name: str
    namespace: str
    decisions: tuple[DecisionInfo, ...]
    nodes: Mapping[str, Node] = field(repr=False)
    resource: str = ""
    import_names: Mapping[str, str] = field(default_factory=dict, repr=False)
    imports: Mapping[str, "Definitions"] = field(default_factory=dict, repr=False)
    types: Mapping[str, FeelType] = field(default_factory=dict, repr=False)
    names: frozenset[str] = field(default=frozenset(), repr=False)
    tables: tuple[OwnedTable, ...] = field(default=(), repr=False)
    findings: tuple[Finding, ...] = field(default=(), repr=False)
    origin: Any = None

    def services(self) -> tuple[Service, ...]:
        """Return the decision services, in order of the file."""
        return tuple(node for node in self.nodes.values() if isinstance(node, Service))
