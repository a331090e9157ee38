"""What somebody may ask for in a storm: drawn by chance from what stands open in the rows."""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from sqlalchemy import Row, text

from service.usecases.house import House
from tests.ledger.rule import LIVE
from tests.usecases.requesting import Sent

Wish = tuple[str, Sent]
"""What it is, and the request."""

MOST_ROOTS = 40
"""Living instances, beyond which no more are started on purpose, and some are cancelled."""

TRIES = 5


@dataclass(frozen=True)
class Drawn:
    """A diagram of the storm: its file, the process that is started, and names that stand in it."""

    file: bytes
    process_id: str

    def named(self, pattern: str) -> list[str]:
        """Return what a pattern finds in it."""
        return sorted(set(re.findall(pattern, self.file.decode())))


class Wishes:
    """Draws requests, and knows what they may be about."""

    def __init__(self, house: House, drawn: Sequence[Drawn], makers: "Mapping[Maker, int]") -> None:
        """Know the diagrams, and what may be wished for how often."""
        self.house = house
        self._makers = makers
        self.drawn = drawn
        self.messages = _all(drawn, r'<bpmn:message [^>]*name="(\w+)"')
        self.signals = _all(drawn, r'<bpmn:signal [^>]*name="(\w+)"')
        self.conditions = _all(drawn, r"\b(go_\w+)\b")
        self.fixes = _all(drawn, r"\b(fixed_\w+)\b")
        self.codes = [*_all(drawn, r'errorCode="(\w+)"'), "unknown"]
        self.types = _all(drawn, r'<zeebe:taskDefinition [^>]*type="(\w+)"')
        self.numbers = count()

    def draw(self, chance: random.Random) -> Wish | None:
        """Return something to ask for; None: nothing of what came to mind is possible now."""
        for _ in range(TRIES):
            (maker,) = chance.choices([*self._makers], [*self._makers.values()])
            sent = maker(self, chance)
            if sent is not None:
                return maker.__name__, sent
        return None

    def one(self, query: str, **values: Any) -> Row[Any] | None:
        """Return a row by chance."""
        with self.house.database.reading() as connection:
            return connection.execute(text(f"{query} ORDER BY random() LIMIT 1"), values).first()

    def count(self, query: str) -> int:
        """Return how many rows a query finds."""
        with self.house.database.reading() as connection:
            return int(connection.execute(text(f"SELECT count(*) FROM ({query}) q")).scalar_one())

    def due_timers(self) -> int:
        """Return how many timers are due."""
        with self.house.database.reading() as connection:
            query = text("SELECT count(*) FROM timers WHERE state = 'OPEN' AND due_at <= :now")
            return int(
                connection.execute(query, {"now": self.house.outside.clock.now()}).scalar_one()
            )

    def crowds(self, most: int) -> list[int]:
        """Return the roots of trees in which more element instances are active."""
        query = (
            "SELECT i.root_key FROM element_instances e JOIN process_instances i "
            "ON i.key = e.instance_key WHERE e.state = 'ACTIVE' "
            "GROUP BY i.root_key HAVING count(*) > :most"
        )
        with self.house.database.reading() as connection:
            return list(connection.execute(text(query), {"most": most}).scalars())

    def crowded(self) -> bool:
        """Whether enough instances live."""
        roots = f"SELECT key FROM process_instances WHERE state IN {LIVE} AND call_depth = 0"
        return self.count(roots) >= MOST_ROOTS

    def elements(self, instance: Row[Any]) -> list[str]:
        """Return the ids of all elements in the process of an instance."""
        with self.house.database.reading() as connection:
            process = self.house.definitions.process(connection, instance.process_key)
        return sorted(process.compiled.model.elements)


def _all(drawn: Sequence[Drawn], pattern: str) -> list[str]:
    return sorted({name for one in drawn for name in one.named(pattern)})


def some_job(wishes: Wishes, more: str = "") -> Row[Any] | None:
    """Return an open job of a worker outside; `more`: further conditions."""
    return wishes.one(
        f"SELECT * FROM jobs WHERE ended_at IS NULL AND type NOT LIKE 'huiyin:%' {more}"
    )


def some_instance(wishes: Wishes, more: str = "") -> Row[Any] | None:
    """Return an instance that has not ended; `more`: further conditions."""
    return wishes.one(f"SELECT * FROM process_instances WHERE state IN {LIVE} {more}")


Maker = Callable[[Wishes, random.Random], Sent | None]
"""Makes a request of what stands there now; None: there is nothing to ask for."""
