"""The facts of a case as labelled texts, in the order the process names them (docs/dialect.md §2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from service.identity import mask_email, mask_name, mask_phone
from service.persistence.tables import definitions, instances
from service.reports.labels import FieldLabel, field_labels
from service.sla import SHANGHAI

PLATFORM_LABELS = {
    "cc_groups": "抄送组",
    "cc_roles": "抄送",
    "cost_dept": "费用承担部门",
    "severity_label": "严重度等级",
}
"""Names for variables that decisions fill and no form does."""

MASKS = {"contact_phone": mask_phone, "contact_person": mask_name, "contact_email": mask_email}
"""Personal data of customers among the facts (XC-P-4); `customer_name` is masked by the title's rule."""


@dataclass(frozen=True)
class CaseFact:
    """One labelled fact."""

    name: str
    label: str
    text: str


def facts(
    connection: Connection,
    *,
    root_instance_key: int,
    values: Mapping[str, Any],
    form_keys: Iterable[int],
    is_masked: bool,
) -> tuple[CaseFact, ...]:
    """Return the facts that have a value.

    Args:
        connection: Where labels are read.
        root_instance_key: The instance whose process says which facts are shown, in which order.
        values: JSON values by name.
        form_keys: Forms whose labels count first.
        is_masked: Whether personal data of the customer is hidden (XC-P-4).
    """
    names = [name for name in fact_names(connection, root_instance_key) if _is_told(values, name)]
    labels = field_labels(connection, names, form_keys)
    return tuple(
        CaseFact(
            name, label_of(labels, name), _shown(labels.get(name), name, values[name], is_masked)
        )
        for name in names
    )


def fact_names(connection: Connection, root_instance_key: int) -> list[str]:
    """Return the names that the process of an instance lists in `caseFacts`."""
    process, running = definitions.process_definitions, instances.process_instances
    properties = connection.execute(
        select(process.c.properties)
        .join(running, running.c.process_key == process.c.key)
        .where(running.c.key == root_instance_key)
    ).scalar_one_or_none()
    named = str((properties or {}).get("caseFacts", "")).split(",")
    return [name.strip() for name in named if name.strip()]


def label_of(labels: Mapping[str, FieldLabel], name: str) -> str:
    """Return what a variable is called: by a form, else by this house; else its name."""
    return labels[name].label if name in labels else PLATFORM_LABELS.get(name, name)


def told(value: Any, label: FieldLabel | None = None) -> str:
    """Return a JSON value in words: labels of columns and options, dates in Chinese, exact money."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(told(item, label) for item in value)
    if isinstance(value, dict):
        return _told_object(value, label.columns if label else {})
    if isinstance(value, int | float):
        return _number(value, label)
    text = str(value)
    if label and text in label.options:
        return label.options[text]
    return _moment(text, label.kind) if label else text


def _is_told(values: Mapping[str, Any], name: str) -> bool:
    return values.get(name) not in (None, "", [], {})


def _shown(label: FieldLabel | None, name: str, value: Any, is_masked: bool) -> str:
    text = told(value, label)
    if not is_masked:
        return text
    mask = MASKS.get(name) or (mask_name if name == "customer_name" else None)
    return mask(text) if mask else text


def _told_object(value: Mapping[str, Any], columns: Mapping[str, FieldLabel]) -> str:
    if "documentId" in value:
        return str(value.get("metadata", {}).get("fileName", value["documentId"]))
    # In the order of the form: a database may keep the names in one of its own.
    ordered = sorted(value, key=[*columns, *value].index)
    return "；".join(
        f"{label_of(columns, name)}：{told(value[name], columns.get(name))}" for name in ordered
    )


def _number(value: float, label: FieldLabel | None) -> str:
    number = Decimal(str(value))
    if label and "元" in label.label:
        return f"¥{number:,.2f}"
    whole = number.to_integral_value()
    return f"{whole:,}" if whole == number else f"{number:,}"


def _moment(text: str, kind: str) -> str:
    try:
        if kind == "date":
            return _day(date.fromisoformat(text))
        if kind == "datetime":
            moment = datetime.fromisoformat(text)
            local = moment.astimezone(SHANGHAI) if moment.tzinfo else moment
            return f"{_day(local)} {local:%H:%M}"
    except (ValueError, OverflowError):
        return text
    return text


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
