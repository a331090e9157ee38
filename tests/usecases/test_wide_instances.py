"""Wide multi-instances: of hundreds of variables a command reads those that it needs, on both databases."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, select

from service.persistence.database import Database
from service.persistence.tables import instances, tasks
from service.usecases import user_tasks
from service.usecases.execution.running import WIDE_BYTES
from tests.conftest import sqlite_engine
from tests.persistence.postgresql import migrated_database, noted_statements
from tests.usecases.conftest import Office
from tests.usecases.drawing import extension, line, user_task
from tests.usecases.looking import deployed, instance, open_tasks, started, values

ITEMS = 200
LOOP = (
    "<bpmn:multiInstanceLoopCharacteristics>"
    + extension(
        f'<zeebe:loopCharacteristics inputCollection="=for i in 1..{ITEMS} return i * 10" '
        'inputElement="item" outputCollection="items" outputElement="=[item, answer]" />'
    )
    + "<bpmn:completionCondition>=numberOfCompletedInstances = 3</bpmn:completionCondition>"
    "</bpmn:multiInstanceLoopCharacteristics>"
)
WIDE = line(
    "wide",
    user_task("ask").replace("</bpmn:userTask>", f"{LOOP}</bpmn:userTask>"),
    user_task("after"),
)


BY_SCOPE = re.compile(r"variables\.scope_key (IN|= ANY)")
"""A statement that reads the variables of some scopes, on SQLite and on PostgreSQL."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def database(
    request: pytest.FixtureRequest, empty_sqlite: bytes, tmp_path: Path
) -> Iterator[Database]:
    """Put the house of these tests on each kind of database."""
    if request.param == "postgresql":
        with migrated_database() as engine:
            yield Database(engine)
        return
    path = tmp_path / "huiyin.sqlite3"
    path.write_bytes(empty_sqlite)
    engine = sqlite_engine(path)
    yield Database(engine)
    engine.dispose()


@pytest.mark.slow
def test_a_wide_multi_instance_runs_to_its_end(office: Office) -> None:
    """Each sees its own item; the condition stops it, and what is left is terminated and no longer live."""
    deployed(office, WIDE)
    key = started(office, "wide")
    assert len(instance(office, key).engine_state) > WIDE_BYTES
    asked = _asked(office)

    read = [
        _variables_read(office, asked[number], {"answer": f"A{number}"}) for number in (150, 7, 99)
    ]

    assert open_tasks(office) == ["after"]
    given = {index: value for index, value in enumerate(values(office, key)["items"]) if value}
    assert given == {n: [(n + 1) * 10, f"A{n}"] for n in (7, 99, 150)}
    table = instances.variables
    live = office.rows(table, table.c.instance_key == key, table.c.is_live)
    assert {row.scope_key for row in live} == {key}
    # Those of its siblings are read by the last one only, to end them.
    assert [[bool(BY_SCOPE.search(statement)) for statement in one] for one in read] == [
        [True],
        [True],
        [True, False],
    ]


def _variables_read(office: Office, task_key: int, given: dict[str, str]) -> list[str]:
    """Complete a task and return the statements that read variables, but the one that locks.

    That reads those of narrow instances only.
    """
    engine = office.house.database.engine
    noted = noted_statements if engine.dialect.name == "postgresql" else partial(_noted, engine)
    with noted() as statements:
        user_tasks.complete(office.house, office.inspector, task_key, given)
    return [
        statement
        for statement in statements
        if "FROM variables" in statement and "seen_version" not in statement
    ]


@contextmanager
def _noted(engine: Engine) -> Iterator[list[str]]:
    """Give the list that every statement of an engine is noted in."""
    statements: list[str] = []

    def note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def _asked(office: Office) -> list[int]:
    table = tasks.user_tasks
    query = select(table.c.key).where(table.c.element_id == "ask").order_by(table.c.key)
    with office.house.database.reading() as connection:
        return list(connection.execute(query).scalars())
