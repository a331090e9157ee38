"""Where an instance stands, as the diagram island takes it."""

from typing import Any

from flask import url_for

from service.reports.diagrams import DiagramState
from service.web.texts import gettext


def island(state: DiagramState) -> dict[str, Any]:
    """Return the diagram island's data for one instance."""
    return {
        "xmlUrl": url_for("web.processes.process_xml", key=state.process_key),
        "completed": list(state.completed),
        "active": list(state.active),
        "incidents": list(state.incidents),
        "taken": list(state.taken),
        "counts": dict(state.counts),
    }


def state_text(state: str) -> str:
    """Return how the state of an instance is called."""
    texts = {
        "ACTIVE": gettext("运行中"),
        "COMPLETED": gettext("已结束"),
        "TERMINATED": gettext("已终止"),
    }
    return texts.get(state, state)
