"""迁移: choose a version, look over the mapping, see what would happen to each instance, then do it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, make_response, render_template, request

from service import engine
from service.bpmn import ElementModel
from service.domain import batch_operations as words
from service.domain.errors import BadInputError
from service.reports import operating as report
from service.reports import processes as definitions_report
from service.usecases import migration
from service.usecases.batch_operations.control import CreateBatch
from service.usecases.definitions import LoadedProcess
from service.usecases.migration import Forecast, MigrationPlan
from service.web import current, formats, refusals
from service.web.access import with_role
from service.web.operations import OPERATORS, begin, chosen_instances, filter_of
from service.web.texts import gettext

blueprint = Blueprint("migrations", __name__)

FIELD = "map:"
"""What the name of a field begins with that maps an element; its id follows."""


@dataclass(frozen=True)
class Choice:
    """A target an element may become."""

    id: str
    label: str


@dataclass(frozen=True)
class MappingRow:
    """An element of the present version that is active, or an event that is waited for.

    Attributes:
        chosen: The id it becomes; empty: it is not mapped.
    """

    id: str
    label: str
    choices: Sequence[Choice]
    chosen: str


@dataclass(frozen=True)
class ForecastRow:
    """What would happen to one instance, in words.

    Attributes:
        refusal: Why it would be refused; empty: it would not.
        lines: What moves, what is kept, closed and opened.
    """

    key: int
    refusal: str
    lines: Sequence[str]


@blueprint.post("/processes/<int:key>/migration")
@with_role(*OPERATORS)
def page(key: int) -> Response:
    """Show the mapping with the forecast of each instance; with `step=go`, begin the migration.

    Raises:
        BadInputError: No instance is chosen, or there is no other version.
    """
    keys = chosen_instances()
    with current.reading() as connection:
        load = current.house().definitions.process
        source = load(connection, key)
        versions = definitions_report.process_versions(connection, source.process_id)
        others = [row for row in versions if row.key != key]
        if not others:
            message = gettext("该流程没有其他版本可以迁移")
            raise BadInputError("Expected another version, but there is none.", message=message)
        chosen = request.form.get("target", "")
        target = load(connection, int(chosen) if chosen.isdecimal() else others[0].key)
        waits = report.waits(connection, keys)
    mapping = _mapping(source, target)
    plan = MigrationPlan(target.key, tuple(mapping.items()))
    if request.form.get("step") == "go":
        stored = {"target": str(plan.target_key), "mapping": [list(pair) for pair in plan.mapping]}
        return begin(CreateBatch(words.MIGRATE, filter_of(keys), stored))
    told = migration.forecast(current.house(), current.person(), keys, plan)
    rows = [_forecast(one) for one in told]
    return make_response(
        render_template(
            "migration.html",
            process=source,
            target=target,
            versions=others,
            keys=keys,
            mapping=_rows(source, target, waits | _missing(told), mapping),
            forecasts=rows,
            fitting=sum(1 for row in rows if not row.refusal),
        )
    )


def _mapping(source: LoadedProcess, target: LoadedProcess) -> dict[str, str]:
    """Return the proposal, changed by what was chosen for the version it was chosen for."""
    mapping = dict(engine.proposed_mapping(source.compiled, target.compiled))
    if request.form.get("mapped_for") != str(target.key):
        return mapping
    for name, chosen in request.form.items():
        if name.startswith(FIELD):
            mapping.pop(name.removeprefix(FIELD), None)
            if chosen:
                mapping[name.removeprefix(FIELD)] = chosen
    return mapping


def _missing(told: Sequence[Forecast]) -> set[str]:
    """Return the ids that refusals name, so that they can be mapped too."""
    refused = [one.refusal.facts for one in told if one.refusal is not None]
    found = {facts.get(name) for facts in refused for name in ("element_id", "flow_id")}
    return {id_ for id_ in found if isinstance(id_, str)}


def _rows(
    source: LoadedProcess, target: LoadedProcess, ids: set[str], mapping: Mapping[str, str]
) -> list[MappingRow]:
    rows = []
    for element in source.model.elements.values():
        if element.id in ids:
            fitting = [one for one in target.model.elements.values() if _is_like(element, one)]
            choices = [Choice(one.id, _label(one)) for one in fitting]
            rows.append(
                MappingRow(element.id, _label(element), choices, mapping.get(element.id, ""))
            )
    for flow in source.model.flows.values():
        if flow.id in ids:
            choices = [Choice(one, one) for one in target.model.flows]
            rows.append(MappingRow(flow.id, flow.id, choices, mapping.get(flow.id, "")))
    return rows


def _is_like(one: ElementModel, other: ElementModel) -> bool:
    """Whether an element may become another one, as far as their kinds say."""
    return (one.kind, one.event_kind) == (other.kind, other.event_kind)


def _label(element: ElementModel) -> str:
    return f"{element.name} ({element.id})" if element.name else element.id


def _forecast(told: Forecast) -> ForecastRow:
    if told.refusal is not None:
        return ForecastRow(told.instance_key, refusals.text_of(told.refusal), ())
    assert told.migrated is not None, told.instance_key
    return ForecastRow(told.instance_key, "", [*_moved(told), *_events(told)])


def _moved(told: Forecast) -> list[str]:
    lines = []
    for one in told.migrated.elements if told.migrated else ():
        changed = one.from_id if one.from_id == one.to_id else f"{one.from_id} → {one.to_id}"
        text = f"{one.to_name} ({changed})" if one.to_name != one.to_id else changed
        if one.state == "INCIDENT":
            text = gettext("%(element)s，异常保留", element=text)
        elif one.state == "JOINING":
            text = gettext("%(element)s，继续等待汇合", element=text)
        lines.append(text)
    return lines


def _events(told: Forecast) -> list[str]:
    lines = []
    for kept in told.migrated.kept if told.migrated else ():
        if kept.due:
            at = formats.moment(datetime.fromisoformat(kept.due))
            lines.append(gettext("保留定时 %(event)s，到期 %(at)s 不变", event=kept.to_id, at=at))
        else:
            lines.append(gettext("保留等待 %(event)s", event=kept.to_id))
    for closed in told.migrated.closed if told.migrated else ():
        lines.append(gettext("不再等待 %(event)s", event=closed.event_id))
    for timer in told.timers:
        at = formats.moment(timer.due_at)
        lines.append(gettext("新的定时 %(event)s，到期 %(at)s", event=timer.element_id, at=at))
    lines += [
        gettext("开始等待 %(event)s", event=opened.element_id) for opened in told.subscriptions
    ]
    return lines
