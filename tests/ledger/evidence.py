"""What to read when the ledger disagrees: the history of the trees that its sentences name."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, text

from service.usecases.house import House

MOST_TREES = 3
KEY = re.compile(r"\b\d{15,19}\b")

ROOTS = """
SELECT root_key FROM process_instances WHERE key = :key UNION
SELECT i.root_key FROM element_instances e JOIN process_instances i ON i.key = e.instance_key
WHERE e.key = :key UNION
SELECT i.root_key FROM jobs j JOIN process_instances i ON i.key = j.instance_key WHERE j.key = :key UNION
SELECT root_key FROM user_tasks WHERE key = :key
"""
OF_TREE = (
    "SELECT * FROM process_instances WHERE root_key = :root ORDER BY key",
    "SELECT * FROM element_instances WHERE state = 'ACTIVE' AND instance_key IN "
    "(SELECT key FROM process_instances WHERE root_key = :root) ORDER BY key",
    "SELECT * FROM events WHERE root_key = :root OR instance_key = :root ORDER BY key",
)


def evidence(house: House, sentences: Sequence[str]) -> Iterator[str]:
    """Give the rows of the trees that some sentences of the ledger are about, of a few of them."""
    with house.database.reading() as connection:
        for root in list(dict.fromkeys(_roots(connection, sentences)))[:MOST_TREES]:
            for query in OF_TREE:
                for row in connection.execute(text(query), {"root": root}):
                    yield str(
                        {name: value for name, value in row._mapping.items() if _tells(value)}
                    )


def _roots(connection: Connection, sentences: Sequence[str]) -> Iterator[int]:
    for sentence in sentences:
        for found in KEY.findall(sentence):
            yield from connection.execute(text(ROOTS), {"key": int(found)}).scalars()


def _tells(value: Any) -> bool:
    return value not in (None, "", [], {}, False)
