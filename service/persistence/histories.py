"""Every row that belongs to the tree of a process instance and its case: read together, removed together."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, false, or_, select

from service.persistence.tables import cases, instances, items, tasks

INSTANCES = instances.process_instances

BY_INSTANCE = (
    instances.element_instances,
    instances.taken_flows,
    instances.variables,
    instances.jobs,
    instances.timers,
    instances.message_subscriptions,
    instances.message_correlations,
    instances.signal_subscriptions,
    instances.signal_deliveries,
    instances.condition_subscriptions,
    instances.suspended_returns,
    instances.incidents,
    instances.decision_instances,
    tasks.user_tasks,
)
BY_TASK = (
    tasks.user_task_candidates,
    tasks.user_task_drafts,
    tasks.task_reads,
    tasks.task_clocks,
    tasks.user_task_changes,
)
BY_CASE = (cases.mails, cases.case_readers, items.tracked_items)
BY_CASE_OR_INSTANCE = (tasks.form_submissions, cases.events)

KEPT = {
    "attachment_contents": "Travels with `attachments`.",
    "archives": "The register of archive numbers; its frozen file stays with it.",
    "batch_operation_items": "What an operator did to many instances at once is his history.",
    "batch_statuses": "A register: the status of a batch outlives the complaint that set it.",
    "quick_notices": "A register: a notice is in force beyond the case that made it.",
    "retained_histories": "Says what was removed.",
}
"""Tables that name an instance, task or case and stay, with the reason."""


@dataclass(frozen=True)
class Tree:
    """Which rows are meant.

    Attributes:
        instance_keys: The root and all that it called, directly or not.
        case_key: Its case, or None.
    """

    root_key: int
    instance_keys: tuple[int, ...]
    case_key: int | None


def tree_of(connection: Connection, root_key: int) -> Tree:
    """Return the tree of a root."""
    rows = connection.execute(
        select(INSTANCES.c.key, INSTANCES.c.case_key).where(INSTANCES.c.root_key == root_key)
    ).all()
    case_key = next((row.case_key for row in rows if row.key == root_key), None)
    return Tree(root_key, tuple(sorted(row.key for row in rows)), case_key)


def rows_of(connection: Connection, tree: Tree) -> dict[Table, list[dict[str, Any]]]:
    """Return all rows of a tree by table, in the order of their keys; no contents of files."""
    found = {}
    for table, which in _parts(tree):
        order = table.primary_key.columns or [c for c in table.c if c.name.endswith("_key")]
        rows = connection.execute(select(table).where(which).order_by(*order)).mappings()
        found[table] = [dict(row) for row in rows]
    return found


def remove(connection: Connection, tree: Tree) -> dict[Table, int]:
    """Remove all rows of a tree; return how many of each table. What others hang on goes last."""
    removed = {}
    file_ids = list(
        connection.execute(select(cases.attachments.c.id).where(_files(tree))).scalars()
    )
    contents = cases.attachment_contents
    connection.execute(delete(contents).where(contents.c.id.in_(file_ids)))
    for table, which in _parts(tree):
        removed[table] = connection.execute(delete(table).where(which)).rowcount
    return removed


def _parts(tree: Tree) -> list[tuple[Table, ColumnElement[bool]]]:
    """Return the tables with what of them belongs to the tree; those that others hang on come last."""
    parts: list[tuple[Table, ColumnElement[bool]]] = []
    of_tree = tasks.user_tasks.c.instance_key.in_(tree.instance_keys)
    task_keys = select(tasks.user_tasks.c.key).where(of_tree)
    parts += [(table, table.c.task_key.in_(task_keys)) for table in BY_TASK]
    letters = cases.notifications
    parts.append((letters, or_(letters.c.task_key.in_(task_keys), _of_case(letters, tree))))
    item_keys = select(items.tracked_items.c.key).where(_of_case(items.tracked_items, tree))
    parts.append((items.item_moves, items.item_moves.c.item_key.in_(item_keys)))
    parts += [
        (table, or_(table.c.instance_key.in_(tree.instance_keys), _of_case(table, tree)))
        for table in BY_CASE_OR_INSTANCE
    ]
    parts.append((cases.attachments, _files(tree)))
    parts += [(table, table.c.instance_key.in_(tree.instance_keys)) for table in BY_INSTANCE]
    links = cases.case_links
    parts.append((links, or_(_of_case(links, tree), _of_case(links, tree, "other_key"))))
    parts += [(table, _of_case(table, tree)) for table in BY_CASE]
    parts.append((cases.cases, _of_case(cases.cases, tree, "key")))
    parts.append((INSTANCES, INSTANCES.c.key.in_(tree.instance_keys)))
    return parts


def _of_case(table: Table, tree: Tree, column: str = "case_key") -> ColumnElement[bool]:
    """Return which rows are of the tree's case; a tree without one has none (NULL is nobody's case)."""
    return false() if tree.case_key is None else table.c[column] == tree.case_key


def _files(tree: Tree) -> ColumnElement[bool]:
    """Return which attachments go: all but the frozen files of archives, which have their own register."""
    table, archives = cases.attachments, cases.archives
    frozen = select(archives.c.file_attachment_id).where(archives.c.file_attachment_id.is_not(None))
    mine = or_(_of_case(table, tree), table.c.instance_key.in_(tree.instance_keys))
    return mine & table.c.id.not_in(frozen)
