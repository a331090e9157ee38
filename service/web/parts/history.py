"""流转记录: events of the history as people read them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from json import loads
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from service.domain.languages import ENGLISH, TRADITIONAL
from service.reports.case_facts import label_of, told
from service.reports.history import HistoryRow
from service.reports.labels import FieldLabel, field_labels
from service.reports.names import group_names, people_names
from service.web.parts import decisions, personal
from service.web.parts.event_kinds import ALARMING, OPENING, QUIET, TELLING, TITLES
from service.web.request.session import language
from service.web.words.texts import gettext


@dataclass(frozen=True)
class Change:
    """One value before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Event:
    """One line of the history."""

    at: datetime
    title: str
    who: str
    text: str
    css_class: str
    rule_refs: tuple[str, ...] = ()
    changes: Sequence[Change] = ()


@dataclass(frozen=True)
class Words:
    """What the names in a history are called.

    Attributes:
        labels: Of form fields, by variable.
        output_labels: Of the outputs of decisions.
    """

    labels: Mapping[str, FieldLabel]
    output_labels: Mapping[str, FieldLabel]
    name_by_username: Mapping[str, str]
    name_by_group: Mapping[str, str]


def read(connection: Connection, rows: Sequence[HistoryRow], *, is_masked: bool) -> list[Event]:
    """Return the events that people read, newest first as the rows are.

    Args:
        connection: Where the labels of fields are read.
        rows: What the report found.
        is_masked: Whether personal data of the customer is hidden from this reader (XC-P-4).
    """
    told_of = _together([row for row in rows if row.kind not in QUIET])
    words = _words(connection, told_of)
    return [_event(row, words, is_masked) for row in told_of]


def _together(rows: Sequence[HistoryRow]) -> list[HistoryRow]:
    """Return the rows, with the variables that one command set as one row."""
    together: list[HistoryRow] = []
    for row in rows:
        last = together[-1] if together else None
        if last is not None and _is_one_command(last, row):
            before = {**_values(row.before), **_values(last.before)}
            after = {**_values(row.after), **_values(last.after)}
            together[-1] = replace(last, before=before, after=after)
        else:
            together.append(row)
    return together


def _is_one_command(newer: HistoryRow, older: HistoryRow) -> bool:
    if not newer.kind == older.kind == "variables.set":
        return False
    return (newer.at, newer.who, newer.instance_key) == (older.at, older.who, older.instance_key)


def title(row: HistoryRow) -> str:
    """Return what an event is called, with the step it happened at.

    A task keeps the name it had then. Messages and signals go by the step that got them: their own names
    are for programs.
    """
    called = str(TITLES.get(row.kind, row.kind))
    is_of_task = row.kind.partition(".")[0] in ("user_task", "clock")
    name = (is_of_task and row.detail.get("name")) or row.element_name
    return gettext("%(event)s：%(step)s", event=called, step=name) if name else called


def _event(row: HistoryRow, words: Words, is_masked: bool) -> Event:
    return Event(
        at=row.at,
        title=title(row),
        who=row.who_name or gettext("系统"),
        text=_text(row, words),
        css_class=_css_class(row.kind),
        rule_refs=row.rule_refs,
        changes=_changes(row, words.labels, is_masked) if row.kind in TELLING else (),
    )


def _css_class(kind: str) -> str:
    if kind in OPENING:
        return "is-current"
    return "is-danger" if kind in ALARMING else "is-done"


def _text(row: HistoryRow, words: Words) -> str:
    teller = _TELLERS.get(row.kind)
    return teller(row, words) if teller else ""


def _changes(
    row: HistoryRow, labels: Mapping[str, FieldLabel], is_masked: bool
) -> tuple[Change, ...]:
    before, after = _values(row.before), _values(row.after)

    def text(values: Mapping[str, Any], name: str) -> str:
        return personal.shown(name, told(values.get(name), labels.get(name)), is_masked=is_masked)

    return tuple(
        Change(label_of(labels, name), text(before, name), text(after, name))
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name)
    )


def _words(connection: Connection, rows: Sequence[HistoryRow]) -> Words:
    names = {
        name
        for row in rows
        if row.kind in TELLING
        for name in (*_values(row.before), *_values(row.after))
    }
    outputs = [_output(row) for row in rows if row.kind == "decision.evaluated"]
    assignees = {_values(row.after).get("assignee") for row in rows}
    return Words(
        labels=field_labels(connection, sorted(names), ()),
        output_labels=decisions.output_labels(connection, outputs),
        name_by_username=people_names(connection, assignees | _named(rows, "user")),
        name_by_group=group_names(connection, _named(rows, "group")),
    )


def _named(rows: Sequence[HistoryRow], kind: str) -> set[str]:
    """Return the groups or people that events name as new readers of a case."""
    added = [row.after for row in rows if row.kind == "case.readers_added"]
    return {entry["name"] for entries in added for entry in entries if entry["kind"] == kind}


def _values(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _output(row: HistoryRow) -> Any:
    return loads(row.after) if isinstance(row.after, str) else row.after


def _decided(row: HistoryRow, words: Words) -> str:
    failure = _in_language(row, "failure", "failure_english", "failure_traditional")
    return failure or decisions.output_text(_output(row), words.output_labels)


def _assigned(row: HistoryRow, words: Words) -> str:
    who = _values(row.after).get("assignee")
    return gettext("办理人 %(name)s", name=words.name_by_username.get(who, who)) if who else ""


def _linked(row: HistoryRow, _words: Words) -> str:
    return str(_values(row.after).get("case_no") or "")


def _readers(row: HistoryRow, words: Words) -> str:
    entries = row.after if isinstance(row.after, list) else []
    names = {**words.name_by_group, **words.name_by_username}
    return gettext("、").join(names.get(entry["name"], entry["name"]) for entry in entries)


def _stated(name: str) -> Callable[[HistoryRow, Words], str]:
    return lambda row, _words: str(row.detail.get(name) or "")


def _why(row: HistoryRow, _words: Words) -> str:
    return _in_language(row, "message", "english", "traditional")


def _in_language(row: HistoryRow, simplified: str, english: str, traditional: str) -> str:
    """Return what an event says under one of three names, in the reader's language if it was said in that."""
    name = {ENGLISH: english, TRADITIONAL: traditional}.get(language(), simplified)
    return str(row.detail.get(name) or row.detail.get(simplified) or "")


def _finished(row: HistoryRow, _words: Words) -> str:
    return gettext("超时办结") if row.detail.get("is_late") else ""


def _late(row: HistoryRow, _words: Words) -> str:
    """Say how late a timer was, once that is a second or more."""
    lateness_s = row.detail.get("lateness_s") or 0
    if lateness_s < 1:
        return ""
    return gettext("比设定时间晚 %(seconds)s 秒", seconds=f"{lateness_s:,.0f}")


_TELLERS: Mapping[str, Callable[[HistoryRow, Words], str]] = MappingProxyType(
    {
        "case.linked": _linked,
        "case.readers_added": _readers,
        "decision.evaluated": _decided,
        "file.stored": _stated("file_name"),
        "incident.raised": _why,
        "instance.canceled": _stated("reason"),
        "job.failed": _stated("message"),
        "notification.sent": _stated("subject"),
        "timer.fired": _late,
        "user_task.assigned": _assigned,
        "user_task.completed": _finished,
    }
)
"""Kind of event → what is said behind its title."""
