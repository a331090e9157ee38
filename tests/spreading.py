"""Which of several test processes runs what: files as wholes, the longest first.

A file's module fixtures (servers, a whole topology) are then made once, and what takes long does not come
last, when nobody is left to share the rest with. No test may count on this: each runs alone, in any order.
"""

from collections.abc import Mapping

from xdist.scheduler import LoadScopeScheduling

BROWSER = "tests/browser"
"""Its files stay together: they share a running house and a Chromium."""

SECONDS: Mapping[str, int] = {
    BROWSER: 160,
    "tests/services/test_topology.py": 35,
    "tests/processes/test_demo_cases.py": 34,
    "tests/services/test_kills_everywhere.py": 25,
    "tests/api/test_search_on_postgresql.py": 25,
    "tests/services/test_run.py": 20,
    "tests/services/test_kills.py": 20,
    "tests/api/test_openapi.py": 15,
    "tests/api/test_search_machine.py": 13,
    "tests/processes/test_customer_feedback.py": 12,
    "tests/api/test_official_client.py": 10,
    "tests/services/test_serving.py": 10,
    "tests/persistence/test_migrations.py": 10,
    "tests/usecases/test_house_jobs.py": 8,
    "tests/processes/test_batch_quick.py": 8,
    "tests/services/test_lost_database.py": 8,
    "tests/services/test_postgresql.py": 8,
    "tests/workers/test_delivery.py": 7,
    "tests/processes/test_evidence.py": 7,
    "tests/usecases/test_random_histories.py": 6,
    "tests/api/test_search_reach.py": 6,
    "tests/processes/test_feedback_closing.py": 6,
    "tests/processes/test_shared_steps.py": 6,
    "tests/api/test_npm_clients.py": 6,
    "tests/dmn/test_dmn_tck.py": 5,
    "tests/processes/test_product_freeze.py": 5,
    "tests/web/test_safety.py": 5,
    "tests/usecases/test_races.py": 5,
    "tests/usecases/test_listening_on_postgresql.py": 5,
    "tests/frontend/test_frontend.py": 5,
}
"""Roughly how long units take; what is not here takes less. A wrong number costs time, nothing else."""


class Spreading(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types.
    """Gives each process that has little left to do the longest unit that nobody has begun."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)

    def _assign_work_unit(self, node: object) -> None:
        # xdist has put the units with the most tests first; among those without a number that order stays.
        longest = max(self.workqueue, key=lambda unit: SECONDS.get(unit, 0))
        self.workqueue.move_to_end(longest, last=False)
        super()._assign_work_unit(node)


def unit_of(nodeid: str) -> str:
    """Return the name of the unit that a test belongs to: its file, or the folder of the browser's tests."""
    file = nodeid.split("::", 1)[0]
    return BROWSER if file.startswith(f"{BROWSER}/") else file
