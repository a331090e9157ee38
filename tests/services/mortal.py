"""Processes of a house that die by SIGKILL right behind a commit: the death comes from the commit itself.

The worker is Celery's own (`-A tests.services.mortal`): whichever of its children commits something dies
before it does anything else, is not even able to tell the queue, and Celery starts another one. The web
process is a supervisor (`-m tests.services.mortal`) that has the house ready and forks a child for each
command it reads; that child dies behind the commit of the number it was told, or lives to the end.
"""

import gc
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import text

from service.domain.errors import HuiyinError
from service.domain.keys import KeyGenerator
from service.persistence.tables import house as tables
from service.persistence.unit import Unit
from service.usecases.deployments import DeployFile, deploy
from service.usecases.house import House
from service.usecases.transaction import SYSTEM
from tests.engine.blocks import Sequence
from tests.engine.leaves import Activity, Catch, Throw
from tests.engine.parts import Inside, Whole
from tests.engine.scopes import Event
from tests.usecases.acting import COMMANDS, Acted
from workers import app as workers_app
from workers.jobs import REGISTERED, beat

HAS_WRITTEN = text("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
"""PostgreSQL gives a transaction its number with the first row that it writes or locks."""

app = workers_app.app
"""The Celery app, for the worker."""

NUMBERS = 1_000_000_000
"""Of the names in the diagram with which the web process warms up."""

ENDED, REFUSED, BROKEN = 0, 3, 4
"""How a child of the web process ends that is not killed."""

FORKED: dict[str, Callable[..., None]] = {**COMMANDS, "poll": lambda house: beat.poll(house, 0)}


def die_behind_commit(number: int = 1) -> None:
    """Let this process die right behind the commit of that number that has written something."""
    commit = Unit.commit
    left = number

    def commit_and_die(unit: Unit) -> None:
        nonlocal left
        unit.flush()
        has_written = unit._connection.execute(HAS_WRITTEN).scalar_one()
        commit(unit)
        left -= bool(has_written)
        if has_written and not left:
            os.kill(os.getpid(), signal.SIGKILL)

    # Nothing but this very method commits (tests/architecture), and nobody may know of the death before.
    Unit.commit = commit_and_die  # type: ignore[method-assign]


def serve() -> None:
    """Carry out the commands that are read, a child each; tell how each child has ended."""
    house = workers_app.parts().house
    warm_up(house)
    house.database.engine.dispose()
    gc.freeze()
    print("ready", flush=True)
    for line in sys.stdin:
        name, arguments, number = json.loads(line)
        child = os.fork()
        if child == 0:
            run(house, name, arguments, number)
        _, status = os.waitpid(child, 0)
        print(
            -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status), flush=True
        )


def warm_up(house: House) -> None:
    """Carry out a little of everything: what a process compiles but once, the children have then."""
    steps = [
        (Activity("user"), "user"),
        (Activity("service"), "job"),
        (Activity("receive"), "message"),
        (Catch(Event(("signal",))), "signal"),
        (Catch(Event(("condition",))), "condition"),
    ]
    whole = Whole(Inside([(Sequence([block for block, _ in steps]), Throw())]), process_id="warm")
    owner = replace(SYSTEM, roles=frozenset({"process_owner"}))
    deploy(house, owner, [DeployFile("warm.bpmn", whole.file(NUMBERS))])
    acted = Acted(house, whole)
    COMMANDS["create"](house, whole.process_id)
    for block, kind in steps:
        for name, arguments in acted.commands(block.name, kind, 0):
            COMMANDS[name](house, *arguments)
        for row in acted.rows(tables.outbox, tables.outbox.c.done_at.is_(None)):
            REGISTERED[row.job](house, row.subject_key)
    beat.poll(house, 0)


def run(house: House, name: str, arguments: list[Any], number: int) -> None:
    """Carry out one command in a child of its own and end."""
    code = BROKEN
    try:
        # The connections of the supervisor are not this child's; nor are its keys.
        house.database.engine.dispose(close=False)
        keys = KeyGenerator(house.database.take_node())
        own = replace(house, outside=replace(house.outside, new_key=keys))
        if number:
            die_behind_commit(number)
        FORKED[name](own, *arguments)
        code = ENDED
    except HuiyinError as refusal:
        print(f"{name} {arguments}: {refusal}", file=sys.stderr, flush=True)
        code = REFUSED
    finally:
        os._exit(code)


if __name__ == "__main__":
    serve()
elif "celery" in sys.argv[0]:
    die_behind_commit()
