"""The deploy gate: everything that would break is found before anything is stored."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import orjson
from sqlalchemy import Connection, Table, select

from service import bpmn, dmn, engine
from service import forms as form_files
from service.domain.errors import DeploymentRefusedError, Finding
from service.domain.identifiers import LONGEST_NAME, is_process_id
from service.feel import Text
from service.feel.findings import finding_of
from service.persistence.tables import definitions
from service.usecases import other_files
from service.usecases.other_files import OtherFile

_OWN_IDS = Text(
    "请为每个流程、决策和表单使用不同的标识。",
    "Give each process, decision and form an id of its own.",
)
_SHORTER = Text("改短一些。", "Shorten it.")


@dataclass
class Checked:
    """The files of one deployment, parsed."""

    contents: dict[str, bytes] = field(default_factory=dict)
    processes: dict[str, bpmn.BpmnFile] = field(default_factory=dict)
    decisions: dict[str, dmn.Definitions] = field(default_factory=dict)
    forms: dict[str, form_files.Form] = field(default_factory=dict)
    others: dict[str, OtherFile] = field(default_factory=dict)

    @classmethod
    def parse(cls, files: Sequence[tuple[str, bytes]], elsewhere: dmn.Elsewhere) -> "Checked":
        """Parse every file; the findings of all of them are told together.

        Args:
            elsewhere: Gives the DMN files that are deployed, by the namespace of an import.

        Raises:
            DeploymentRefusedError: Some cannot be read.
        """
        checked = cls()
        findings: list[Finding] = []
        for name, content in files:
            checked.contents[name] = content
            try:
                checked._parse_one(name, content)
            except DeploymentRefusedError as error:
                findings.extend(error.findings)
        try:
            checked._parse_decisions(elsewhere)
        except DeploymentRefusedError as error:
            findings.extend(error.findings)
        if findings:
            first = findings[0]
            raise DeploymentRefusedError(
                f"Expected files that can be read, but '{first.resource}' cannot: {first.english}",
                findings,
            )
        return checked

    def _parse_one(self, name: str, content: bytes) -> None:
        if name.endswith(".bpmn"):
            self.processes[name] = bpmn.parse(content, name)
            for process in self.processes[name].processes:
                for embedded in _shown_forms(process):
                    self._parse_embedded_form(process, embedded)
        elif name.endswith(".form"):
            self.forms[name] = form_files.parse(content, name)
        elif not name.endswith(".dmn"):
            self.others[name] = other_files.read(name, content)

    def _parse_embedded_form(self, process: bpmn.ProcessModel, embedded: str) -> None:
        """Take an embedded form as a file of the deployment; what is no form is for the gate."""
        try:
            schema = orjson.loads(process.embedded_forms.get(embedded, ""))
        except orjson.JSONDecodeError:
            return
        if isinstance(schema, dict):
            form_id = bpmn.embedded_form_id(process.id, embedded)
            name = f"{form_id}.form"
            self.contents[name] = orjson.dumps({**schema, "id": form_id})
            self.forms[name] = form_files.parse(self.contents[name], name)

    def _parse_decisions(self, elsewhere: dmn.Elsewhere) -> None:
        """Parse the DMN files, each with those it imports."""
        files = {name: text for name, text in self.contents.items() if name.endswith(".dmn")}
        self.decisions = dmn.parse_together(files, elsewhere)

    @property
    def process_ids(self) -> frozenset[str]:
        """Ids of the processes this deployment brings."""
        return frozenset(
            process.id for file in self.processes.values() for process in file.processes
        )

    @property
    def decision_ids(self) -> frozenset[str]:
        """Ids of the decisions this deployment brings."""
        return frozenset(
            decision.id
            for definitions_ in self.decisions.values()
            for decision in definitions_.decisions
        )

    @property
    def form_ids(self) -> frozenset[str]:
        """Ids of the forms this deployment brings."""
        return frozenset(form.id for form in self.forms.values())

    @property
    def tags(self) -> frozenset[tuple[str, str, str]]:
        """Kind, id and version tag of what this deployment brings with one."""
        processes = [process for file in self.processes.values() for process in file.processes]
        decisions = [decision for one in self.decisions.values() for decision in one.decisions]
        tagged = [("process", one.id, one.version_tag) for one in processes]
        tagged += [("decision", one.id, one.version_tag) for one in decisions]
        tagged += [("form", one.id, one.version_tag) for one in self.forms.values()]
        return frozenset((kind, one_id, tag) for kind, one_id, tag in tagged if tag)

    @property
    def resource_ids(self) -> frozenset[str]:
        """Ids of the files of other kinds that this deployment brings."""
        return frozenset(other.id for other in self.others.values())


@dataclass(frozen=True)
class DeployedIds:
    """What diagrams may refer to with the bindings `latest` and `versionTag` (`tags`)."""

    process_ids: frozenset[str]
    decision_ids: frozenset[str]
    form_ids: frozenset[str]
    tags: frozenset[tuple[str, str, str]]

    def with_ids_of(self, checked: Checked) -> "DeployedIds":
        """Return these ids and those a deployment brings."""
        return DeployedIds(
            self.process_ids | checked.process_ids,
            self.decision_ids | checked.decision_ids,
            self.form_ids | checked.form_ids,
            self.tags | checked.tags,
        )

    def seen_from(self, checked: Checked, house_jobs: frozenset[str]) -> bpmn.Known:
        """Return what the files of one deployment may refer to."""
        return bpmn.Known(
            process_ids=self.process_ids,
            decision_ids=self.decision_ids,
            form_ids=self.form_ids,
            deployment_process_ids=checked.process_ids,
            deployment_decision_ids=checked.decision_ids,
            deployment_form_ids=checked.form_ids,
            deployment_resource_ids=checked.resource_ids,
            house_jobs=house_jobs,
            tags=self.tags,
        )


def deployed_ids(connection: Connection) -> DeployedIds:
    """Return the ids that are deployed already."""
    sources = (
        ("process", definitions.process_definitions, "process_id"),
        ("decision", definitions.decision_definitions, "decision_id"),
        ("form", definitions.forms, "form_id"),
    )

    def latest(table: Table, column: str) -> frozenset[str]:
        query = select(table.c[column]).where(table.c.is_latest)
        return frozenset(connection.execute(query).scalars())

    def tags(kind: str, table: Table, column: str) -> frozenset[tuple[str, str, str]]:
        bears_one = (table.c.version_tag.is_not(None), table.c.state == "ACTIVE")
        query = select(table.c[column], table.c.version_tag).where(*bears_one).distinct()
        return frozenset((kind, one_id, tag) for one_id, tag in connection.execute(query))

    process_ids, decision_ids, form_ids = (latest(table, column) for _, table, column in sources)
    all_tags = (tag for source in sources for tag in tags(*source))
    return DeployedIds(process_ids, decision_ids, form_ids, frozenset(all_tags))


def check(checked: Checked, known: bpmn.Known) -> list[Finding]:
    """Return every finding about parsed files: rules of BPMN, DMN, forms, ids, what cannot run."""
    findings = [*_double_ids(checked), *_long_ids(checked), *_impossible_ids(checked)]
    for file in checked.processes.values():
        found = bpmn.check(file, known)
        findings.extend(found)
        if not any(finding.severity == "error" for finding in found):
            findings.extend(_compile(file))
    for decisions in checked.decisions.values():
        findings.extend(dmn.check(decisions))
    for form in checked.forms.values():
        findings.extend(form.remarks)
    return findings


def _compile(file: bpmn.BpmnFile) -> list[Finding]:
    """Return why processes of the file cannot be executed; empty when all can."""
    findings: list[Finding] = []
    for process in file.processes:
        if not process.is_executable:
            continue
        try:
            engine.compile_model(process)
        except DeploymentRefusedError as error:
            findings.extend(error.findings)
    return findings


def _shown_forms(process: bpmn.ProcessModel) -> list[str]:
    """Return the ids of the embedded forms of an executable process that people see here."""
    named = [e.shown_form for e in process.elements.values() if e.shown_form is not None]
    return list(dict.fromkeys(named)) if process.is_executable else []


def _named(checked: Checked) -> list[tuple[str, str, str]]:
    """Return kind, id and file of all that a deployment brings."""
    named = [
        ("process", process.id, name)
        for name, file in checked.processes.items()
        for process in file.processes
    ]
    named += [
        ("decision", decision.id, name)
        for name, decisions in checked.decisions.items()
        for decision in decisions.decisions
    ]
    named += [("form", form.id, name) for name, form in checked.forms.items()]
    named += [("resource", other.id, name) for name, other in checked.others.items()]
    return named


def _double_ids(checked: Checked) -> list[Finding]:
    named = _named(checked)
    counts = Counter((kind, identifier) for kind, identifier, _ in named)
    return [
        finding_of(
            "error",
            "double_id",
            _double_id(identifier, counts[kind, identifier]),
            _OWN_IDS,
            resource=name,
            element_id=identifier,
        )
        for kind, identifier, name in named
        if counts[kind, identifier] > 1
    ]


def _double_id(identifier: str, count: int) -> Text:
    return Text(
        f"标识“{identifier}”在本次部署中出现了 {count} 次。",
        f"The id '{identifier}' is there {count} times in this deployment.",
    )


def _long_ids(checked: Checked) -> list[Finding]:
    """Return what is named too long to be found by an index; processes have a rule of their own.

    Source: Camunda 8.9 (ids of DMN elements: `max-id-length`).
    """
    named = [one for one in _named(checked) if one[0] != "process"]
    for name, decisions in checked.decisions.items():
        named += [("requirements", decisions.id, name), ("namespace", decisions.namespace, name)]
    return [
        finding_of("error", "lengths", _long_id(identifier), _SHORTER, resource=name)
        for _, identifier, name in named
        if len(identifier) > LONGEST_NAME
    ]


def _long_id(identifier: str) -> Text:
    start, length = identifier[:40], len(identifier)
    return Text(
        f"标识“{start}…”有 {length} 个字符，最多 {LONGEST_NAME} 个。",
        f"The id '{start}…' has {length} characters: there may be {LONGEST_NAME}.",
    )


def _impossible_ids(checked: Checked) -> list[Finding]:
    """Return which decisions have an id that none can have; processes have a rule of their own."""
    return [
        finding_of("error", "ids", _impossible_id(identifier), resource=name, element_id=identifier)
        for kind, identifier, name in _named(checked)
        if kind == "decision" and not is_process_id(identifier)
    ]


def _impossible_id(identifier: str) -> Text:
    return Text(
        f"决策标识“{identifier}”应由字母（汉字也是）、数字和 _ - . 组成，以字母或 _ 开头。",
        f"The decision id '{identifier}' may have letters, digits and _ - . only, "
        "and begins with a letter or _.",
    )
