"""实物与单据 of a case in words, and what its forms offer (XC-DOC-2)."""

from types import MappingProxyType

from sqlalchemy import Connection

from service.domain.tracked_items import ITEM_KINDS, OUTCOMES
from service.identity import Person
from service.reports.people import groups
from service.web.words.texts import lazy_gettext

_KIND_NAMES = MappingProxyType(
    {
        "样品": lazy_gettext("样品"),
        "传真件": lazy_gettext("传真件"),
        "发票": lazy_gettext("发票"),
        "其他": lazy_gettext("其他"),
    }
)
_OUTCOME_NAMES = MappingProxyType(
    {
        "归还客户": lazy_gettext("归还客户"),
        "归档": lazy_gettext("归档"),
        "销毁": lazy_gettext("销毁"),
        "遗失": lazy_gettext("遗失"),
    }
)
_MOVE_NAMES = MappingProxyType(
    {
        "registered": lazy_gettext("登记"),
        "handed_over": lazy_gettext("移交"),
        "received": lazy_gettext("签收"),
        "recalled": lazy_gettext("收回"),
        "ended": lazy_gettext("办结"),
    }
)


def kind_name(kind: str) -> str:
    """Return how a kind of item is called."""
    return str(_KIND_NAMES.get(kind, kind))


def outcome_name(outcome: str) -> str:
    """Return how the end of an item's way is called."""
    return str(_OUTCOME_NAMES.get(outcome, outcome))


def move_name(kind: str) -> str:
    """Return how a step of an item is called."""
    return str(_MOVE_NAMES.get(kind, kind))


def choices(connection: Connection, person: Person) -> dict[str, object]:
    """Return what the forms of the section offer: kinds, outcomes, departments, those of the reader."""
    departments = [row for row in groups(connection) if row.is_department]
    own = [row for row in departments if row.key in person.groups or person.has_role("admin")]
    own.sort(key=lambda row: row.key != person.department)
    return {"kinds": ITEM_KINDS, "outcomes": OUTCOMES, "departments": departments, "own": own}
