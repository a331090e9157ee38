"""The deploy gate: all that is wrong with a file, before anything of it is stored.

A rule is a function that looks at one file and gives findings. Each stands in a file of its own
under `rules/`; its test data lie in `tests/bpmn/<rule>/`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from lxml import etree

from service.bpmn.model import BpmnFile, ElementModel, ProcessModel
from service.bpmn.xml import bpmn, is_true
from service.domain.errors import Finding
from service.feel import Text, verbatim
from service.feel.findings import finding_of


@dataclass(frozen=True)
class Known:
    """What the file may refer to.

    Attributes:
        process_ids: Processes that are deployed or in this deployment.
        decision_ids: Decisions, likewise.
        form_ids: Forms, likewise.
        deployment_process_ids: Processes of this deployment only (for `bindingType="deployment"`).
        deployment_decision_ids: Decisions of this deployment only.
        deployment_form_ids: Forms of this deployment only.
        deployment_resource_ids: Files of other kinds of this deployment only.
        tags: Version tags: kind (`process`, `decision`, `form`), id and tag of what is deployed or in this
            deployment.
        house_jobs: Job types that begin with `huiyin:` and exist.
    """

    process_ids: frozenset[str] = frozenset()
    decision_ids: frozenset[str] = frozenset()
    form_ids: frozenset[str] = frozenset()
    deployment_process_ids: frozenset[str] = frozenset()
    deployment_decision_ids: frozenset[str] = frozenset()
    deployment_form_ids: frozenset[str] = frozenset()
    deployment_resource_ids: frozenset[str] = frozenset()
    tags: frozenset[tuple[str, str, str]] = frozenset()
    house_jobs: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Scene:
    """What a rule looks at."""

    file: BpmnFile
    known: Known

    @property
    def processes(self) -> tuple[ProcessModel, ...]:
        """The executable processes: only these are judged."""
        return tuple(process for process in self.file.processes if process.is_executable)

    @property
    def elements(self) -> Iterator[tuple[ProcessModel, ElementModel]]:
        """All elements of the executable processes, with their process."""
        for process in self.processes:
            for element in process.elements.values():
                yield process, element

    @property
    def owners(self) -> Iterator[ProcessModel | ElementModel]:
        """The executable processes, each followed by its elements: whatever may have extensions."""
        for process in self.processes:
            yield process
            yield from process.elements.values()

    @property
    def nodes(self) -> Iterator[etree._Element]:
        """All XML elements of the file but those of processes that are not executable."""
        yield self.file.root
        for part in self.file.root.iterchildren(tag=etree.Element):
            if part.tag != bpmn("process") or is_true(part, "isExecutable"):
                yield from part.iter(tag=etree.Element)

    def error(
        self,
        rule: str,
        text: Text,
        *,
        advice: Text | None = None,
        element_id: str | None = None,
        line: int | None = None,
    ) -> Finding:
        """Return a finding that refuses the deployment; `advice`: what to draw instead."""
        return finding_of(
            "error",
            rule,
            text,
            advice,
            resource=self.file.resource,
            element_id=element_id,
            line=line or None,
        )

    def errors(
        self, rule: str, element: ElementModel, kind: Text, problems: Iterable[Text]
    ) -> Iterator[Finding]:
        """Give a finding that refuses the deployment for each problem of an element of a kind."""
        name = called(element)
        for problem in problems:
            told = Text(f"{kind} {name} {problem}", f"{kind:en} {name:en} {problem:en}")
            yield self.error(rule, told, element_id=element.id, line=element.line)

    def remark(self, rule: str, text: Text, element: ElementModel, line: int) -> Finding:
        """Return a remark on an element."""
        return self.warning(rule, text, element_id=element.id, line=line)

    def warning(
        self,
        rule: str,
        text: Text,
        *,
        advice: Text | None = None,
        element_id: str | None = None,
        line: int | None = None,
    ) -> Finding:
        """Return a remark that lets the deployment pass."""
        found = self.error(rule, text, advice=advice, element_id=element_id, line=line)
        return replace(found, severity="warning")


Rule = Callable[[Scene], Iterator[Finding]]
RULES: dict[str, Rule] = {}


def rule(check_file: Rule) -> Rule:
    """Enter a rule under the name of its module; a name has one rule only."""
    name = check_file.__module__.rpartition(".")[2]
    if name in RULES:
        raise ValueError(f"the rule {name} is there twice")
    RULES[name] = check_file
    return check_file


def called(owner: ElementModel | ProcessModel) -> Text:
    """Return how a finding names an element: «受理反馈»（receive_feedback）, in English by its id."""
    if isinstance(owner, ProcessModel):
        return Text(f"流程 «{owner.name or owner.id}»", f"process '{owner.id}'")
    own = f"«{owner.name}»（{verbatim(owner.id)}）" if owner.name else f"«{owner.id}»"
    return Text(own, f"'{owner.id}'")
