"""Lets the DMN TCK's runner ask this house: `evaluate` is its adapter."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tckkit import values

from service import dmn
from service.dmn.model import Decision
from service.feel import Surroundings
from service.feel import values as ours

SURROUNDINGS = Surroundings(datetime(2026, 11, 24, 1, 2, 3, tzinfo=UTC), ZoneInfo("UTC"))


def evaluate(model: Path, name: str, inputs: dict[str, Any]) -> Any:
    """Return the value of a decision or decision service, in the runner's values."""
    definitions = load(model)
    variables = {key: _from_runner(value) for key, value in inputs.items()}
    decisions = {node.name for node in definitions.nodes.values() if isinstance(node, Decision)}
    stand_ins = {key: value for key, value in variables.items() if key in decisions}
    node_id = next(node.id for node in definitions.nodes.values() if node.name == name)
    outcome = dmn.evaluate(definitions, node_id, variables, SURROUNDINGS, stand_ins=stand_ins)
    return _to_runner(outcome.value)


@cache
def load(model: Path) -> dmn.Definitions:
    """Return a model with the models it imports, which lie beside it."""
    xml = model.read_bytes()
    wanted = {
        node.get("namespace")
        for node in ET.fromstring(xml).iter()
        if node.tag.rpartition("}")[2] == "import"
    }
    imports = {}
    for sibling in model.parent.glob("*.dmn"):
        namespace = ET.parse(sibling).getroot().get("namespace")
        if namespace in wanted and sibling != model:
            imports[namespace or ""] = load(sibling)
    return dmn.parse(xml, model.name, imports)


def _from_runner(value: Any) -> Any:
    if isinstance(value, list):
        return [_from_runner(item) for item in value]
    if isinstance(value, dict):
        return {key: _from_runner(item) for key, item in value.items()}
    build = _BUILDERS.get(type(value).__name__)
    return value if build is None else build(value)


_BUILDERS: dict[str, Callable[[Any], Any]] = {
    "Date": lambda day: ours.Date(day.year, day.month, day.day),
    "Time": lambda clock: ours.Time(
        clock.hour, clock.minute, clock.second, clock.nanos, clock.offset, clock.zone
    ),
    "DateTime": lambda moment: ours.DateTime(_from_runner(moment.date), _from_runner(moment.time)),
    "DaysTimeDuration": lambda length: ours.DaysTimeDuration(length.nanos),
    "YearsMonthsDuration": lambda length: ours.YearsMonthsDuration(length.months),
}


def _to_runner(value: Any) -> Any:
    if isinstance(value, list):
        return [_to_runner(item) for item in value]
    if isinstance(value, dict):
        return {key: _to_runner(item) for key, item in value.items()}
    build = _RUNNER_BUILDERS.get(type(value))
    return value if build is None else build(value)


def _time(clock: ours.Time) -> Any:
    return values.Time(
        clock.hour, clock.minute, clock.second, clock.nanos, clock.offset, clock.zone
    )


def _date(day: ours.Date) -> Any:
    return values.Date(day.year, day.month, day.day)


_RUNNER_BUILDERS: dict[type, Callable[[Any], Any]] = {
    ours.Date: _date,
    ours.Time: _time,
    ours.DateTime: lambda moment: values.DateTime(_date(moment.date), _time(moment.time)),
    ours.DaysTimeDuration: lambda length: values.DaysTimeDuration(length.nanos),
    ours.YearsMonthsDuration: lambda length: values.YearsMonthsDuration(length.months),
}
