"""Where an instance stands, as the diagram island takes it."""

from typing import Any

from flask import url_for
from sqlalchemy import Connection

from service.reports.diagrams import DiagramState, ElementState
from service.web.request import current
from service.web.words import formats
from service.web.words.texts import gettext

Rows = list[tuple[str, str]]
"""Labelled texts of the card that opens at a clicked element."""


def island(connection: Connection, state: DiagramState) -> dict[str, Any]:
    """Return the diagram island's data for one instance."""
    return {
        "xmlUrl": url_for("web.processes.process_xml", key=state.process_key),
        "completed": list(state.completed),
        "active": list(state.active),
        "incidents": list(state.incidents),
        "taken": list(state.taken),
        "counts": dict(state.counts),
        "labels": {
            element_id: [*_progress(state, element_id), *rows]
            for element_id, rows in definition_labels(connection, state.process_key).items()
        },
    }


def definition_labels(connection: Connection, process_key: int) -> dict[str, Rows]:
    """Return for each element of a diagram its id and the rules of the catalogue it carries out."""
    model = current.house().definitions.process(connection, process_key).model
    return {
        element_id: _identity(element_id, element.rule_refs)
        for element_id, element in model.elements.items()
    }


def state_text(state: str) -> str:
    """Return how the state of an instance is called."""
    texts = {
        "ACTIVE": gettext("运行中"),
        "SUSPENDED": gettext("已暂停"),
        "COMPLETED": gettext("已结束"),
        "TERMINATED": gettext("已终止"),
    }
    return texts.get(state, state)


def _identity(element_id: str, rule_refs: tuple[str, ...]) -> Rows:
    rows = [(gettext("标识"), element_id)]
    if rule_refs:
        rows.append((gettext("依据"), gettext("、").join(rule_refs)))
    return rows


def _progress(state: DiagramState, element_id: str) -> Rows:
    reached = state.elements.get(element_id)
    if reached is None:
        return [(gettext("状态"), gettext("未到达"))]
    rows = [(gettext("状态"), _element_state(state, element_id, reached))]
    if reached.people:
        rows.append((gettext("办理人"), gettext("、").join(reached.people)))
    rows.append((gettext("开始于"), formats.moment(reached.started_at)))
    if reached.ended_at:
        rows.append((gettext("结束于"), formats.moment(reached.ended_at)))
    if reached.times > 1:
        rows.append((gettext("经过次数"), str(reached.times)))
    return rows


def _element_state(state: DiagramState, element_id: str, reached: ElementState) -> str:
    if element_id in state.incidents:
        return gettext("异常")
    texts = {
        "ACTIVE": gettext("进行中"),
        "COMPLETED": gettext("已完成"),
        "TERMINATED": gettext("已取消"),
    }
    return texts.get(reached.state, reached.state)
