"""The ledger of a house: after whatever storm, all tables agree with each other and with the engine's states.

An auditor from outside: written from what the tables mean (`service.persistence.tables`), it reads a whole
database by plain SQL and calls nothing of what writes there. Each rule is a question that must have no answer.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, text

from service.usecases.house import House
from tests.ledger import sent, states, story, tree, waits
from tests.ledger.rule import LENGTH, Rule, kept_as

ALWAYS = [*tree.RULES, *waits.RULES, *sent.RULES, *story.RULES]
"""What holds between any two transactions."""

_LENGTH = {"postgresql": "jsonb_array_length", "sqlite": "json_array_length"}


def disagreements(house: House, *, at_rest: bool = False) -> list[str]:
    """Return a sentence about everything that does not agree; none: all is well.

    Args:
        house: Whose database.
        at_rest: Whether the workers have done all that there is to do: then nothing may be left for them.
    """
    rules = [*ALWAYS, *sent.AT_REST] if at_rest else ALWAYS
    with house.database.reading() as connection:
        told = [sentence for rule in rules for sentence in _broken(house, connection, rule)]
        return told + list(states.disagreements(house, connection))


def require_agreement(house: House, *, at_rest: bool = False) -> None:
    """Fail with all sentences, unless there are none."""
    found = disagreements(house, at_rest=at_rest)
    assert not found, "\n".join(found)


def _broken(house: House, connection: Connection, rule: Rule) -> Iterator[str]:
    dialect = connection.dialect.name
    question = rule.question.replace(LENGTH, _LENGTH[dialect])
    now = house.outside.clock.now()
    moment = {"now": kept_as(now) if dialect == "sqlite" else now} if ":now" in question else {}
    for row in connection.execute(text(question), moment):
        yield rule.sentence.format(**row._mapping)
