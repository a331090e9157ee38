"""Documents belong to the instance in whose variables they are named: who works there may read them."""

from collections.abc import Iterable

import orjson
from sqlalchemy import update

from service.forms import DOCUMENT_MARK, document_ids
from service.persistence.tables import cases
from service.persistence.unit import Unit

_MARKED = f'"{DOCUMENT_MARK}"'


def take_in(unit: Unit, instance_key: int, values: Iterable[str]) -> None:
    """Give documents that no other instance has to an instance whose variables name them.

    A form binds its files besides (`attachments.bind`); a document of a worker is in variables only.

    Args:
        unit: The transaction.
        instance_key: The instance.
        values: Variables that were written, as JSON.
    """
    named = [value for value in values if _MARKED in value]
    ids = [found for value in named for found in document_ids(orjson.loads(value))]
    if not ids:
        return
    table = cases.attachments
    is_free = table.c.id.in_(ids) & table.c.instance_key.is_(None) & table.c.case_key.is_(None)
    unit.connection.execute(update(table).where(is_free).values(instance_key=instance_key))
