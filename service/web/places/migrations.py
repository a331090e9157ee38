"""迁移: choose a version, look over the mapping, see what would happen to each instance, then do it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, make_response, render_template, request
from sqlalchemy import Connection

from service import engine
from service.bpmn import ElementModel
from service.domain import batch_operations as words
from service.domain.errors import BadInputError
from service.reports import operating as report
from service.reports import processes as definitions_report
from service.reports.search import batch_items
from service.usecases import migration
from service.usecases.batch_operations import control
from service.usecases.batch_operations.control import CreateBatch
from service.usecases.definitions import LoadedProcess
from service.usecases.migration import Forecast, MigrationPlan
from service.usecases.migration_overview import MOST, Overview, overview
from service.web.frame.redirects import see_other
from service.web.parts.chosen_instances import Chosen, chosen_instances
from service.web.request import current
from service.web.request.access import OPERATORS, with_role
from service.web.words import formats, refusals
from service.web.words.texts import gettext

blueprint = Blueprint("migrations", __name__)

TRIED = 50
"""Instances whose forecast is on one page; each is tried in a transaction of its own."""

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


@dataclass(frozen=True)
class Tried:
    """A page of the instances that are chosen, to be tried.

    Attributes:
        keys: Of the page, oldest first.
        rest: What follows the first page, as far as an overview may try it; nothing follows other pages.
        total: How many are chosen.
    """

    keys: Sequence[int]
    rest: Sequence[int]
    total: int
    is_first: bool
    is_last: bool

    @property
    def is_whole(self) -> bool:
        """Whether all that are chosen are on this page."""
        return self.is_first and self.is_last


@blueprint.post("/processes/<int:key>/migration")
@with_role(*OPERATORS)
def page(key: int) -> Response:
    """Show the mapping with the forecasts, page by page (`after`); with `step=go`, begin the migration.

    Raises:
        BadInputError: No instance is chosen, or there is no other version.
    """
    chosen = chosen_instances(key)
    with current.reading() as connection:
        load = current.house().definitions.process
        source = load(connection, key)
        versions = definitions_report.process_versions(connection, source.process_id)
        others = [row for row in versions if row.key != key]
        if not others:
            message = gettext("该流程没有其他版本可以迁移")
            raise BadInputError("Expected another version, but there is none.", message=message)
        wanted = request.form.get("target", "")
        target = load(connection, int(wanted) if wanted.isdecimal() else others[0].key)
        waits = _waits(connection, chosen)
        tried = _tried(connection, chosen)
    mapping = _mapping(source, target)
    plan = MigrationPlan(target.key, tuple(mapping.items()))
    if request.form.get("step") == "go":
        stored = {"target": str(plan.target_key), "mapping": [list(pair) for pair in plan.mapping]}
        command = CreateBatch(words.MIGRATE, chosen.filter, stored)
        batch_key = control.create(current.house(), current.person(), command)
        return see_other("web.operations.batch", key=batch_key)
    told = migration.forecast(current.house(), current.person(), tried.keys, plan)
    rows = [_forecast(one) for one in told]
    whole = overview(current.house(), current.person(), told, tried.rest, plan)
    return make_response(
        render_template(
            "migration.html",
            process=source,
            target=target,
            versions=others,
            chosen=chosen,
            tried=tried,
            mapping=_rows(source, target, waits | _missing(whole) | _seen(), mapping),
            forecasts=rows,
            fitting=sum(1 for row in rows if not row.refusal),
            overview=whole,
            reasons=[(refusals.text_of(one.refusal), one.count) for one in whole.refused],
        )
    )


def _waits(connection: Connection, chosen: Chosen) -> set[str]:
    if chosen.keys:
        return report.waits(connection, chosen.keys)
    return report.waits_of_all(connection, chosen.process_key)


def _tried(connection: Connection, chosen: Chosen) -> Tried:
    """Return the page that is asked for: what follows the instance `after`, oldest first."""
    after = request.form.get("after", "")
    before = int(after) if after.isdecimal() and "step" not in request.form else None
    most = MOST if before is None else TRIED + 1
    if chosen.keys:
        left = [key for key in chosen.keys if before is None or key > before]
        total, keys = len(chosen.keys), left[:most]
    else:
        who = current.person()
        total = batch_items.count(connection, who, words.MIGRATE, chosen.filter)
        wanted = batch_items.Keys(most, after=before)
        found = batch_items.items(connection, who, words.MIGRATE, chosen.filter, wanted)
        keys = [one.key for one in found]
    return Tried(
        keys[:TRIED],
        keys[TRIED:] if before is None else (),
        total,
        is_first=before is None,
        is_last=len(keys) <= TRIED,
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


def _seen() -> set[str]:
    """Return the ids that could be mapped so far: what was chosen for them counts on every page."""
    return {name.removeprefix(FIELD) for name in request.form if name.startswith(FIELD)}


def _missing(whole: Overview) -> set[str]:
    """Return the ids that refusals name, so that they can be mapped too."""
    refused = [one.refusal.facts for one in whole.refused]
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
        elif one.is_converted:
            text = gettext("%(element)s，原作业结束，改为待办任务", element=text)
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
