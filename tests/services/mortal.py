"""Processes of a house that die by SIGKILL right behind a commit: the death comes from the commit itself.

The worker is Celery's own (`-A tests.services.mortal`): whichever of its children commits something dies
before it does anything else, is not even able to tell the queue, and Celery starts another one. The web
process is a supervisor (`-m tests.services.mortal`) that has the application ready and forks a child for each
command it reads; the child serves it as a request to the REST API and dies behind the commit of the number it
was told, before anybody has an answer, or lives to the end.
"""

import gc
import json
import os
import signal
import sys
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from flask import Flask
from sqlalchemy import insert, text

from service.api import context
from service.api.loopback import LOOPBACK_USER
from service.app import create_app
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
from tests.services import watchful
from tests.usecases.acting import COMMANDS, Acted
from tests.usecases.requesting import request
from workers import app as workers_app
from workers.jobs import REGISTERED, beat

HAS_WRITTEN = text(
    "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) > 0 FROM pg_stat_xact_user_tables "
    "WHERE relname <> 'nodes'"
)
"""What PostgreSQL has counted in this transaction, and of what came just before on the connection: there a
process has taken its number, without `Unit.commit`. A transaction that has only locked rows is met again and
again by jobs that come once more: whoever died there would never get behind it.
"""

app = watchful.app
"""The Celery app, for the worker."""

NUMBERS = 1_000_000_000
"""Of the names in the diagram with which the web process warms up."""

ENDED, REFUSED, BROKEN = 0, 3, 4
"""How a child of the web process ends that is not killed."""

PROGRAM = "robot"
"""User name of the program in whose name all is asked for; it needs no credentials on this machine."""


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
    Unit.commit = commit_and_die  # type: ignore[assignment, method-assign]


def serve() -> None:
    """Carry out the commands that are read, a child each; tell how each child has ended."""
    parts = workers_app.parts()
    house = parts.house
    warm_up(house)
    hire(house)
    app = create_app(workers_app.settings, parts)
    app.config[LOOPBACK_USER] = PROGRAM
    assert (
        request(app.test_client(), ("create", ["nobody_has_drawn_this"]))[0] == HTTPStatus.NOT_FOUND
    )
    house.database.engine.dispose()
    gc.freeze()
    print("ready", flush=True)
    for line in sys.stdin:
        name, arguments, number = json.loads(line)
        child = os.fork()
        if child == 0:
            run(app, house, name, arguments, number)
        _, status = os.waitpid(child, 0)
        print(
            -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status), flush=True
        )


def warm_up(house: House) -> None:
    """Carry out a little of everything: what a process compiles but once, the children have then."""
    steps: list[tuple[Activity | Catch, str]] = [
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


def hire(house: House) -> None:
    """Let the program work here that asks for everything."""
    with house.database.unit(house.outside) as unit:
        unit.connection.execute(
            insert(tables.people).values(
                username=PROGRAM,
                name=PROGRAM,
                password_hash="",
                roles=["process_owner", "operator"],
                is_active=True,
                is_program=True,
            )
        )
        unit.commit()


def run(app: Flask, house: House, name: str, arguments: list[Any], number: int) -> None:
    """Carry out one command in a child of its own and end; the beat's look is no request."""
    code = BROKEN
    try:
        # The connections of the supervisor are not this child's; nor are its keys.
        house.database.engine.dispose(close=False)
        keys = KeyGenerator(house.database.take_node())
        own = replace(house, outside=replace(house.outside, new_key=keys))
        if number:
            die_behind_commit(number)
        if name == "poll":
            beat.poll(own, 0)
            code = ENDED
        else:
            context.install(app, own)
            status, answer = request(app.test_client(), (name, arguments))
            print(f"{name} {arguments}: {status} {answer}", file=sys.stderr, flush=True)
            code = code_of(status)
    finally:
        os._exit(code)


def code_of(status: int) -> int:
    """Return how a child ends that has got an answer of this status."""
    if status < HTTPStatus.BAD_REQUEST:
        return ENDED
    # What is moved from where nothing is any more is no instruction that could ever be carried out.
    is_refused = status in (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)
    return REFUSED if is_refused else BROKEN


if __name__ == "__main__":
    serve()
elif "celery" in sys.argv[0]:
    die_behind_commit()
