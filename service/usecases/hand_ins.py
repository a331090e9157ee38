"""A paper that is handed in twice is taken once: after a broken line nobody knows whether the first came.

The page gives each of its papers an id and sends it with every attempt. Whoever hands in the same paper
again is answered as the first time, also while the first attempt is still worked on: the second waits.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from service.domain.errors import BadInputError
from service.identity import Person
from service.persistence.tables import tasks
from service.persistence.unit import Unit
from service.persistence.upserts import insert_new

LONGEST_ID = 64


@dataclass(frozen=True)
class Paper:
    """One paper, for all attempts to hand it in.

    Attributes:
        id: Unique among the papers of a person; 1 to `LONGEST_ID` characters.
        digest: Of what was filled in: another one says that somebody went on writing between two attempts.
    """

    id: str
    digest: str


@dataclass(frozen=True)
class TakenBefore:
    """An earlier attempt came through.

    Attributes:
        subject_key: What came of it: the instance that was started, the task that was finished.
        is_changed: Whether this time something else is filled in, which nobody has taken.
    """

    subject_key: int
    is_changed: bool


def paper_of(paper_id: str | None, values: Mapping[str, Any]) -> Paper | None:
    """Return the paper of an attempt; None without an id.

    Raises:
        BadInputError: The id has too many characters, or none.
    """
    if paper_id is None:
        return None
    if not 0 < len(paper_id) <= LONGEST_ID:
        raise BadInputError(f"Expected the id of a paper to have 1 to {LONGEST_ID} characters.")
    text = json.dumps(values, sort_keys=True, ensure_ascii=False)
    return Paper(paper_id, hashlib.sha256(text.encode()).hexdigest())


def take(unit: Unit, person: Person, paper: Paper | None, subject_key: int) -> TakenBefore | None:
    """Note that a paper is handed in; say so where it was before, and then nothing is noted.

    Side by side the second waits for the first.

    Args:
        unit: The transaction in which all that comes of the paper is written, or nothing.
        person: Who hands it in.
        paper: None is taken each time.
        subject_key: What it is about; where that is made later, `name_subject` says it.
    """
    if paper is None:
        return None
    table = tasks.hand_ins
    row = {
        "id": paper.id,
        "username": person.username,
        "digest": paper.digest,
        "subject_key": subject_key,
        "at": unit.now,
    }
    if insert_new(unit.connection, table, row):
        return None
    found = unit.connection.execute(select(table).where(*_is(person, paper))).one()
    return TakenBefore(found.subject_key, found.digest != paper.digest)


def name_subject(unit: Unit, person: Person, paper: Paper | None, subject_key: int) -> None:
    """Note what came of a paper that was taken in this transaction."""
    if paper is not None:
        change = update(tasks.hand_ins).where(*_is(person, paper))
        unit.connection.execute(change.values(subject_key=subject_key))


def _is(person: Person, paper: Paper) -> tuple[Any, Any]:
    table = tasks.hand_ins
    return table.c.username == person.username, table.c.id == paper.id
