"""Drafts: what somebody has typed and not yet handed in, kept on the server."""

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import insert, select, update

from service.domain.errors import BadInputError, WrongStateError
from service.persistence.tables import tasks
from service.persistence.unit import Unit


def save(
    unit: Unit,
    task_key: int,
    username: str,
    variables: Mapping[str, Any],
    draft_version: int | None,
    limit_bytes: int,
) -> int:
    """Write the draft and return its new version (from 1).

    Raises:
        BadInputError: It is too large.
        WrongStateError: `draft_version` is not the version that stands there.
    """
    size = len(orjson.dumps(variables))
    if size > limit_bytes:
        raise BadInputError(f"Expected a draft of at most {limit_bytes} bytes, but got {size}.")
    table = tasks.user_task_drafts
    is_his = (table.c.task_key == task_key) & (table.c.username == username)
    version = unit.connection.execute(
        select(table.c.draft_version).where(is_his)
    ).scalar_one_or_none()
    if draft_version is not None and version is not None and draft_version != version:
        raise WrongStateError(
            f"Expected draft version {version}, but got {draft_version}: "
            "the draft was changed in another window.",
            draft_version=version,
        )
    values = {"variables": dict(variables), "saved_at": unit.now}
    if version is None:
        unit.connection.execute(
            insert(table).values(task_key=task_key, username=username, draft_version=1, **values)
        )
        return 1
    unit.connection.execute(update(table).where(is_his).values(draft_version=version + 1, **values))
    return int(version) + 1
