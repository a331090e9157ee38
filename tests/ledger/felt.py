"""What the API says of incidents: felt by whatever is around them, up to the root, and by nothing else."""

from collections.abc import Iterator
from http import HTTPStatus

from flask.testing import FlaskClient
from sqlalchemy import text

from service.usecases.house import House

MOST = 10_000
AROUND = """
SELECT e.key, CASE WHEN e.key = e.instance_key THEN i.parent_element_instance_key ELSE e.scope_key END
AS around FROM element_instances e JOIN process_instances i ON i.key = e.instance_key
WHERE e.state = 'ACTIVE'
"""
"""The element instance around each: its scope, and around a process the call that made it."""


def felt_wrongly(house: House, client: FlaskClient) -> list[str]:
    """Return a sentence for each of the API's lists that does not name just what feels an incident."""
    with house.database.reading() as connection:
        around = {row.key: row.around for row in connection.execute(text(AROUND))}
        instances = {
            key for (key,) in connection.execute(text("SELECT key FROM process_instances"))
        }
        incidents = text("SELECT element_instance_key FROM incidents WHERE state = 'ACTIVE'")
        raised = list(connection.execute(incidents).scalars())
    elements = {key for start in raised for key in _path(start, around)}
    # A process is an element instance, too, with the key of its instance; lists of elements leave it out.
    expected = {"element": elements - instances, "process": elements & instances}
    return [
        f"the API says of the {kind} instances {sorted(told ^ expected[kind])} wrongly whether they have "
        "an incident"
        for kind in expected
        if (told := _told(client, kind)) != expected[kind]
    ]


def _path(key: int | None, around: dict[int, int | None]) -> Iterator[int]:
    while key is not None:
        yield key
        key = around.get(key)


def _told(client: FlaskClient, kind: str) -> set[int]:
    body = {"filter": {"hasIncident": True}, "page": {"limit": MOST}}
    answer = client.post(f"/v2/{kind}-instances/search", json=body)
    assert answer.status_code == HTTPStatus.OK, answer.text
    name = "elementInstanceKey" if kind == "element" else "processInstanceKey"
    return {int(item[name]) for item in answer.json["items"]}
