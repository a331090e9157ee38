"""By which road SQLite finds who has to do with a case."""

from sqlalchemy import select
from sqlalchemy.dialects import sqlite

from service.persistence.database import Database
from service.persistence.tables import cases
from service.reports.taking_part import ways_to_read
from tests import rows


def test_who_could_take_a_task_of_a_case_is_asked_by_its_tasks(database: Database) -> None:
    """Not by all tasks that he could take, for each case anew: of thousands there are hundreds."""
    person = rows.person("lina")
    query = select(cases.cases.c.key).where(ways_to_read(person, cases.cases.c.key)[-1])
    text = query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})

    with database.reading() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}").all()

    roads = [row[3] for row in plan if "user_task_candidates" in row[3]]
    assert roads
    assert all("(task_key=?" in road for road in roads)
