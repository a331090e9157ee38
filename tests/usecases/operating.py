"""What an operator does with running instances between two steps; all of it leaves them as they were.

He suspends and resumes, one or many, and migrates to another version of the same drawing, in which all may
have other ids, or the user tasks that were jobs are for people. What happens in a called instance meanwhile,
its suspended caller hears when it is resumed.
"""

from collections.abc import Callable
from typing import Any

from service.persistence.tables import definitions
from tests.engine.blocks import Working
from tests.engine.renaming import mapping
from tests.usecases.acting import Acted, Command

OPERATIONS = (
    *["nothing"] * 20,
    "suspends",
    "suspends many",
    "holds the caller",
    "migrates",
    "migrates many",
    "renames",
    "renames many",
    "hands over",
    "hands over many",
)
"""What he does; one is drawn for each step."""


class Operator:
    """Whoever operates the instances of one drawing.

    Attributes:
        acted: The instances.
        renew: Deploys the version of the drawing that one of `OPERATIONS` needs; None where that would start
            instances.
    """

    def __init__(self, acted: Acted, renew: Callable[[str], None] | None) -> None:
        """Take them."""
        self.acted = acted
        self.renew = renew

    def does(self, what: str, working: Working, nth: int) -> tuple[list[Command], list[Command]]:
        """Return what he does before and after something happens to the nth of its like.

        Args:
            what: One of `OPERATIONS`.
            working: What is about to happen.
            nth: Which of its like.
        """
        if what == "suspends many":
            mine = {"processDefinitionId": self.acted.whole.process_id}
            return [("batch", ["suspension", mine]), ("batch", ["resumption", mine])], []
        if what == "nothing" or working.kind == "signal":
            # A signal reaches several instances, and nobody who is suspended.
            return [], []
        key = self.acted.instance_of(working.name, working.kind, nth)
        if what == "suspends":
            return [("suspend", [key]), ("resume", [key])], []
        if what == "holds the caller":
            caller = self.acted.instance(key).parent_instance_key
            return ([("suspend", [caller])], [("resume", [caller])]) if caller else ([], [])
        if self.renew is None:
            return [], []
        self.renew(what)
        command = "migrate many" if what.endswith("many") else "migrate"
        return [(command, [key, *self._plan(key)])], []

    def _plan(self, key: int) -> tuple[int, list[Any]]:
        """Return the newest version of the process of an instance, and all of it mapped to what it is there."""
        table = definitions.process_definitions
        instance = self.acted.instance(key)
        versions = self.acted.rows(table, table.c.process_id == instance.process_id)
        newest = max(int(row.key) for row in versions)
        known = self.acted.house.definitions
        with self.acted.house.database.reading() as connection:
            source, target = (
                known.process(connection, one).compiled for one in (instance.process_key, newest)
            )
        return newest, [list(pair) for pair in mapping(source, target)]
