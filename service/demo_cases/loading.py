"""Tells the stories of `demo/cases.json` in a house: every step at its moment, by the real use cases.

Mail of the stories leaves through a port of its own that takes everything and sends nothing: each mail
stands in the database as sent and can be read there, and no server or folder is filled with old texts.
"""

import struct
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Row, or_, select

from service.demo_cases.office import Office
from service.demo_cases.stories import Step, Story, dated, read_stories
from service.domain.errors import WrongStateError
from service.domain.outside import Mail
from service.forms import reference_to
from service.identity import Person
from service.persistence.tables import cases, tasks
from service.sla import WorkingCalendar
from service.usecases import attachments, heartbeats, user_tasks
from service.usecases.house import House

FILE = Path("demo/cases.json")
MARK = "demo.loaded"
"""Kind of the event that says that the stories were told here."""

PICTURE = "@picture"
"""An answer that starts so is a picture to upload: `@picture 现场.png`."""


TAKEN_EACH = 2
"""Tasks that each person has taken when the stories end; the rest can be taken."""


class AlreadyLoadedError(WrongStateError):
    """The stories were told in this house before."""


class StillRunningError(WrongStateError):
    """A worker is at work: it would do the past's work at the present moment."""


@dataclass
class StoryClock:
    """A clock that stands where the story is."""

    at: datetime

    def now(self) -> datetime:
        """Return where the story is."""
        return self.at


@dataclass
class HeldJobs:
    """A queue that holds what was sent until the story takes it."""

    held: list[tuple[str, int]] = field(default_factory=list)

    def send(self, job: str, subject_key: int) -> None:
        """Hold the message."""
        self.held.append((job, subject_key))

    def take(self) -> list[tuple[str, int]]:
        """Return what was sent since the last time."""
        taken, self.held = self.held, []
        return taken


class SilentMail:
    """A mail port that takes everything and sends nothing."""

    def send(self, mail: Mail) -> None:
        """Take the mail."""


def load_demo_cases(house: House, file: Path = FILE) -> int:
    """Tell all stories up to the present moment and return how many cases they opened.

    Raises:
        AlreadyLoadedError: They were told here before.
        StillRunningError: A worker is alive.
        LookupError: Somebody or some field of a story is not there (another organisation, other forms).
    """
    now = house.outside.clock.now()
    with house.database.reading() as connection:
        _require_quiet(house, connection)
        calendar = house.snapshot(connection).calendar
    stories = read_stories(orjson.loads(file.read_bytes()), now, calendar)
    teller = Teller(house, min(story.steps[0].at for story in stories), calendar)
    teller.mark(now)
    teller.tell(stories)
    teller.office.pass_time(now)
    teller.take_up()
    return teller.count()


class Teller:
    """Lets the people of the stories act, in order of time over all stories."""

    def __init__(self, house: House, begin: datetime, calendar: WorkingCalendar) -> None:
        """Put a set clock, a held queue and a silent mail port behind the ports of the house."""
        clock, queue = StoryClock(begin), HeldJobs()
        outside = replace(house.outside, clock=clock, queue=queue, mail=SilentMail())
        self.office = Office(replace(house, outside=outside), clock, queue)
        self._calendar = calendar
        self._root_by_story: dict[int, int] = {}

    def mark(self, now: datetime) -> None:
        """Write that the stories are told here."""
        house = self.office.house
        with house.database.unit(house.outside) as unit:
            unit.record(MARK, who="system", detail={"until": now.isoformat()})
            unit.commit()

    def tell(self, stories: tuple[Story, ...]) -> None:
        """Do every step of every story at its moment."""
        steps = [
            (step.at, story.number, at, story, step)
            for story in stories
            for at, step in enumerate(story.steps)
        ]
        for moment, _, _, story, step in sorted(steps, key=lambda line: line[:3]):
            self.office.pass_time(moment)
            try:
                self._do(story, step)
            except Exception as error:
                error.add_note(f"story {story.number}, {step.element_id or 'start'}, {moment}")
                raise

    def take_up(self) -> None:
        """Have people take some of what waits for them, so that every inbox shows work of its own."""
        table = tasks.user_tasks
        with self.office.house.database.reading() as connection:
            waiting = connection.execute(
                select(table)
                .where(table.c.state == "CREATED", table.c.assignee.is_(None))
                .order_by(table.c.due_at.is_(None), table.c.due_at, table.c.key)
            ).all()
        taken: Counter[str] = Counter()
        for turn, task in enumerate(waiting):
            who = self.office.doer(task, turn)
            if taken[who.username] < TAKEN_EACH:
                user_tasks.claim(self.office.house, who, task.key)
                taken[who.username] += 1

    def count(self) -> int:
        """Return how many cases there are now."""
        with self.office.house.database.reading() as connection:
            return len(connection.execute(select(cases.cases.c.key)).all())

    def _do(self, story: Story, step: Step) -> None:
        if step.element_id is None:
            who = self.office.person(step.who or "")
            answers = self._answers(who, step.answers)
            created = self.office.start(story.process_id, who, answers)
            self._root_by_story[story.number] = created.key
            return
        found = self._tasks(self._root_by_story[story.number], step)
        for turn, task in enumerate(found, start=story.number):
            who = self.office.person(step.who) if step.who else self.office.doer(task, turn)
            self.office.complete(task, who, self._answers(who, step.answers))

    def _tasks(self, root_key: int, step: Step) -> list[Row[Any]]:
        """Return the open tasks of the step's element in the story's cases.

        Raises:
            LookupError: None is open.
        """
        table = tasks.user_tasks
        with self.office.house.database.reading() as connection:
            query = select(table).where(
                table.c.element_id == step.element_id,
                table.c.state == "CREATED",
                or_(table.c.root_key == root_key, table.c.case_key.in_(_kin(connection, root_key))),
            )
            found = connection.execute(query.order_by(table.c.key)).all()
        chosen = [row for row in found if step.of is None or step.of in row.candidate_groups]
        if not chosen:
            raise LookupError(f"Expected an open task '{step.element_id}', but there is none.")
        return chosen

    def _answers(self, who: Person, answers: Mapping[str, Any]) -> dict[str, Any]:
        at = self.office.clock.at
        return {
            name: [self._upload(who, value)]
            if isinstance(value, str) and value.startswith(PICTURE)
            else dated(value, at, self._calendar)
            for name, value in answers.items()
        }

    def _upload(self, who: Person, value: str) -> dict[str, Any]:
        name = value.removeprefix(PICTURE).strip()
        stored = attachments.store(self.office.house, who, name, picture(len(name)))
        return reference_to(stored.facts)


def picture(seed: int) -> bytes:
    """Return a PNG: a cover with a crease, its tint from `seed`."""
    width, height = 320, 200
    tint = bytes((90 + seed * 37 % 140, 90 + seed * 59 % 140, 90 + seed * 83 % 140))
    crease = bytes((40, 40, 40))
    line = b"\x00" + b"".join(crease if x == width // 5 else tint for x in range(width))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(line * height)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def _require_quiet(house: House, connection: Any) -> None:
    if heartbeats.is_alive(house, connection, "worker"):
        raise StillRunningError(
            "Expected no worker while past cases are told, but one is alive; stop the service first."
        )
    told = select(cases.events.c.key).where(cases.events.c.kind == MARK).limit(1)
    if connection.execute(told).first() is not None:
        raise AlreadyLoadedError(
            "Expected a house without the demonstration cases, but they are here."
        )


def _kin(connection: Any, root_key: int) -> list[int]:
    """Return the keys of the cases that a case started, and those they started."""
    table, links = cases.cases, cases.case_links
    own = select(table.c.key).where(table.c.root_instance_key == root_key)
    kin = list(connection.execute(own).scalars())
    for key in kin:
        linked = select(links.c.other_key).where(
            links.c.case_key == key, links.c.other_key > key, links.c.kind == "source"
        )
        kin += [other for other in connection.execute(linked).scalars() if other not in kin]
    return kin
