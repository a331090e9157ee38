"""Who gets in, what is refused at the door, and how a refusal looks."""

import importlib
import inspect
import json
import pkgutil
import re
from base64 import b64encode
from functools import wraps
from pathlib import Path
from typing import Any

import camunda_orchestration_sdk.api as operations
import pytest
from flask import Flask, session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy import insert, update

from service import api
from service.api import unsupported
from service.api.auth import CSRF_HEADER
from service.api.errors import STATUS, status_of
from service.api.routes import Rule
from service.api.waiting import Waiting
from service.domain.errors import AlreadyExistsError, HuiyinError, OverloadedError
from service.identity import Person, fingerprint, hash_password, make_token
from service.persistence.tables import house as house_tables
from service.usecases.house import House
from tests.api.conftest import PASSWORD

TOKEN = make_token(b"t" * 32)


def basic(username: str = "owner", password: str = PASSWORD) -> dict[str, str]:
    """Return the header of Basic credentials."""
    sent = b64encode(f"{username}:{password}".encode()).decode()
    return {"Authorization": f"Basic {sent}"}


def problem(response: Any, status: int) -> dict[str, Any]:
    """Return the problem of an answer after checking its form."""
    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    body: dict[str, Any] = json.loads(response.data)
    assert {"type", "title", "status", "detail", "instance", "requestId"} <= body.keys()
    assert body["status"] == status
    assert body["instance"] == response.request.path
    return body


def test_every_route_states_its_rule(app: Flask) -> None:
    """Closed by default: no path of the API is without a rule, only four are open to anybody."""
    open_to_all = set()
    for rule in app.url_map.iter_rules():
        stated = vars(app.view_functions[rule.endpoint]).get("rule")
        assert isinstance(stated, Rule), rule
        if stated.ask is None:
            open_to_all.add(rule.rule)
    assert open_to_all == {
        "/cluster/v2/status",
        "/v2/status",
        "/v2/license",
        "/v2/setup/user",
        "/api/document-links/<token>",
    }


def test_a_view_without_a_rule_is_refused(staffed: House) -> None:
    """Somebody who adds a route past `route` has added nothing."""
    app = Flask(__name__, static_folder=None)
    api.register(app, staffed)
    app.add_url_rule("/v2/forgotten", "api_cluster.forgotten", lambda: "open")
    problem(app.test_client().get("/v2/forgotten", headers=basic()), 403)


def test_an_application_of_a_test_takes_no_more_routes(app: Flask) -> None:
    """It shares its routes with those of other tests."""
    with pytest.raises(AssertionError, match="add_url_rule"):
        app.add_url_rule("/v2/more", "more", lambda: "more")


def test_without_credentials_nothing_is_told(client: FlaskClient) -> None:
    """401 with a challenge, for known and unknown paths."""
    for path in ("/v2/topology", "/v2/user-tasks/1", "/v2/nothing"):
        response = client.get(path)
        assert problem(response, 401)["title"] == "UNAUTHORIZED"
        assert response.headers["WWW-Authenticate"].startswith("Basic")


def test_status_and_license_are_open(client: FlaskClient) -> None:
    """Probes need no credentials."""
    assert client.get("/v2/status").status_code == 204
    assert client.get("/v2/license").json["validLicense"] is False


@pytest.mark.parametrize(
    "header",
    [
        basic("owner", "wrong"),
        basic("nobody"),
        basic("owner", ""),
        {"Authorization": "Basic !!!"},
        {"Authorization": "Bearer "},
        {"Authorization": f"Bearer {make_token(b'x' * 32)}"},
        {"Authorization": "Digest x"},
    ],
    ids=str,
)
def test_wrong_credentials_are_refused(client: FlaskClient, header: dict[str, str]) -> None:
    """Every way to be wrong is 401, never 500."""
    problem(client.get("/v2/topology", headers=header), 401)


def test_a_remembered_password_ends_with_the_password(
    app: Flask, client: FlaskClient, staffed: House
) -> None:
    """A changed password counts at once; so do a new role and a removed person."""
    assert client.get("/v2/topology", headers=basic()).status_code == 200
    assert client.get("/v2/topology", headers=basic()).status_code == 200

    def change(**values: Any) -> None:
        people = house_tables.people
        with staffed.database.unit(staffed.outside) as unit:
            unit.connection.execute(
                update(people).where(people.c.username == "owner").values(**values)
            )
            unit.commit()

    change(roles=["staff"])
    assert client.get("/v2/authentication/me", headers=basic()).json["roles"] == ["staff"]
    change(password_hash=hash_password("new-password", b"fedcba9876543210"))
    problem(client.get("/v2/topology", headers=basic()), 401)
    assert client.get("/v2/topology", headers=basic("owner", "new-password")).status_code == 200
    change(is_active=False)
    problem(client.get("/v2/topology", headers=basic("owner", "new-password")), 401)


def test_a_bearer_token_is_its_owner(client: FlaskClient, staffed: House) -> None:
    """A token of a program acts as that program."""
    with staffed.database.unit(staffed.outside) as unit:
        unit.connection.execute(
            insert(house_tables.api_tokens).values(
                sha256=fingerprint(TOKEN), username="worker", label="t", created_at=unit.now
            )
        )
        unit.commit()
    answer = client.get("/v2/authentication/me", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.json["username"] == "worker"


def test_a_browser_session_needs_the_csrf_header(staffed: House) -> None:
    """Another site can make a browser send its cookie, but not the header."""
    app = Flask(__name__, static_folder=None)
    app.config["SECRET_KEY"] = "for tests"
    quinn = Person("quinn", "Quinn")
    api.register(app, staffed, signed_in=lambda: quinn if session.get("in") else None)

    @app.get("/in")
    def sign_in() -> str:
        session["in"] = True
        return str(generate_csrf())

    client = app.test_client()
    problem(client.get("/v2/topology"), 401)
    token = client.get("/in").text
    problem(client.get("/v2/topology"), 401)
    problem(client.get("/v2/topology", headers={CSRF_HEADER: "forged"}), 401)
    assert client.get("/v2/topology", headers={CSRF_HEADER: token}).status_code == 200


@pytest.mark.parametrize(
    ("username", "method", "path"),
    [
        ("quinn", "POST", "/v2/deployments"),
        ("quinn", "POST", "/v2/jobs/activation"),
        ("quinn", "POST", "/v2/jobs/1/completion"),
        ("quinn", "POST", "/v2/messages/publication"),
        ("quinn", "PUT", "/v2/element-instances/1/variables"),
        ("quinn", "POST", "/v2/decision-definitions/evaluation"),
        ("quinn", "POST", "/v2/expression/evaluation"),
        ("worker", "POST", "/v2/deployments"),
        ("rita", "POST", "/v2/jobs/activation"),
    ],
)
def test_what_somebody_may_not_do_is_forbidden(
    client: FlaskClient, username: str, method: str, path: str
) -> None:
    """403 with the reason in Chinese beside the English one."""
    body = problem(client.open(path, method=method, headers=basic(username), json={}), 403)
    assert body["title"] == "FORBIDDEN"
    assert body["message"]


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("POST", "/v2/process-instances", {}, "processDefinitionKey"),
        ("POST", "/v2/process-instances", {"processDefinitionId": "a", "tags": ["1"]}, "tags"),
        (
            "POST",
            "/v2/process-instances",
            {"processDefinitionId": "a", "tenantId": "b"},
            "multi-tenancy",
        ),
        ("POST", "/v2/user-tasks/1/assignment", {}, "assignee"),
        ("POST", "/v2/user-tasks/1/assignment", {"assignee": ""}, "assignee"),
        ("PATCH", "/v2/user-tasks/1", {"changeset": {"dueDate": "soon"}}, "changeset.dueDate"),
        ("POST", "/v2/jobs/activation", {}, "type"),
        ("POST", "/v2/jobs/activation", {"type": "a", "maxJobsToActivate": 1}, "timeout"),
        ("POST", "/v2/jobs/activation", {"type": "a", "timeout": 5}, "maxJobsToActivate"),
        (
            "POST",
            "/v2/jobs/activation",
            {"type": "a", "timeout": 10**15, "maxJobsToActivate": 1},
            "timeout",
        ),
        ("POST", "/v2/jobs/1/error", {}, "errorCode"),
        ("POST", "/v2/jobs/1/completion", {"businessId": " "}, "businessId"),
        ("POST", "/v2/jobs/1/completion", {"businessId": "a" * 257}, "businessId"),
        ("PATCH", "/v2/user-tasks/1", {"changeset": {"priority": 101}}, "changeset.priority"),
        ("PATCH", "/v2/user-tasks/1", {"changeset": {"priority": -1}}, "changeset.priority"),
        ("POST", "/v2/process-instances", {"processDefinitionId": "9x"}, "processDefinitionId"),
        ("POST", "/v2/messages/publication", {"name": ""}, "name"),
        ("POST", "/v2/messages/publication", {"name": "a", "timeToLive": -1}, "timeToLive"),
        ("POST", "/v2/messages/publication", {"name": "a" * 257}, "name"),
        (
            "POST",
            "/v2/messages/correlation",
            {"name": "a", "correlationKey": "长" * 257},
            "correlationKey",
        ),
        ("POST", "/v2/messages/publication", {"name": "a", "businessId": "a" * 257}, "businessId"),
        ("POST", "/v2/jobs/1/completion", {"variables": {"长" * 257: 1}}, "variables"),
        ("PUT", "/v2/element-instances/1/variables", {"variables": {"a" * 257: 1}}, "variables"),
        ("POST", "/v2/decision-definitions/evaluation", {}, "decisionDefinitionKey"),
        ("PUT", "/v2/element-instances/1/variables", {}, "variables"),
        ("PUT", "/v2/element-instances/1/variables", {"variables": {}}, "variables"),
        ("POST", "/v2/expression/evaluation", {"expression": " "}, "expression"),
        ("PATCH", "/v2/user-tasks/1", {}, "changeset"),
        ("PATCH", "/v2/user-tasks/1", {"changeset": {"priority": None}}, "changeset"),
        ("POST", "/v2/messages/publication", {"name": " "}, "name"),
        ("POST", "/v2/process-instances", {"processDefinitionId": " "}, "processDefinitionId"),
        ("POST", "/v2/conditionals/evaluation", {}, "variables"),
        ("POST", "/v2/conditionals/evaluation", {"variables": {}}, "variables"),
        ("POST", "/v2/incidents/1/resolution", {"operationReference": 0}, "operationReference"),
        (
            "POST",
            "/v2/process-instances/1/modification",
            {"activateInstructions": [{"elementId": "a", "variableInstructions": [{}]}]},
            "activateInstructions[0].variableInstructions[0].variables",
        ),
    ],
)
def test_a_wrong_body_is_refused_naming_the_field(
    client: FlaskClient, method: str, path: str, body: Any, field: str
) -> None:
    """400, and the text says which field."""
    response = client.open(path, method=method, headers=basic(), json=body)
    told = problem(response, 400)
    assert told["title"] == "INVALID_ARGUMENT"
    assert field in told["detail"]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/v2/groups", {"groupId": "a b", "name": "a"}, "groupId"),
        ("/v2/groups", {"groupId": "a" * 257, "name": "a"}, "groupId"),
        ("/v2/roles", {"roleId": "a/b", "name": "a"}, "roleId"),
        ("/v2/users", {"username": "a:b", "password": PASSWORD}, "username"),
        ("/v2/users", {"username": "..", "password": PASSWORD}, "username"),
        ("/v2/cluster-variables/global", {"name": "a b", "value": 1}, "name"),
        ("/v2/cluster-variables/tenants/<default>", {"name": "变量", "value": 1}, "name"),
    ],
)
def test_an_id_is_one_that_every_client_can_send(
    client: FlaskClient, path: str, body: dict[str, Any], field: str
) -> None:
    """The official client refuses other signs itself: whatever had such an id could not be asked for."""
    told = problem(client.post(path, headers=basic("ada"), json=body), 400)
    assert f"'{field}'" in told["detail"]


@pytest.mark.parametrize(("method", "path"), [("POST", "/v2/users"), ("PUT", "/v2/users/quinn")])
def test_what_is_no_mail_address_is_refused(client: FlaskClient, method: str, path: str) -> None:
    """Camunda 8 checks it when an account is made and changed; a blank one is none."""
    body: dict[str, Any] = {"name": "Uma", "password": PASSWORD, "email": "nomail"}
    if method == "POST":
        body["username"] = "uma"
    told = problem(client.open(path, method=method, headers=basic("ada"), json=body), 400)
    assert told["detail"].endswith("Expected 'email' to be a mail address, but got 'nomail'.")
    body["email"] = "  "
    taken = client.open(path, method=method, headers=basic("ada"), json=body)
    assert taken.get_json()["email"] is None


@pytest.mark.parametrize(
    ("path", "body", "told"),
    [
        ("messages/publication", {}, "a string that is not empty, but it is missing."),
        ("messages/publication", {"name": None}, "a string that is not empty, but it is missing."),
        ("messages/publication", {"name": "a", "variables": [None, True]}, "but got [null, true]."),
        ("messages/publication", {"name": {"a": 'x"y'}}, 'but got {"a": "x\\"y"}.'),
        ("messages/publication", {"name": " "}, "a string that is not empty, but got ' '."),
        ("user-tasks/search", {"filter": {"priority": "it's"}}, "an integer, but got 'it's'."),
        ("user-tasks/search", {"filter": {"name": {"$in": [None]}}}, "a string, but got null."),
        ("process-instances/1/cancellation", {"operationReference": "a"}, "but got 'a'."),
    ],
)
def test_a_wrong_value_is_told_as_json_or_in_words(
    client: FlaskClient, path: str, body: dict[str, Any], told: str
) -> None:
    """Never as the language writes it that this house is made in."""
    refused = problem(client.post(f"/v2/{path}", headers=basic(), json=body), 400)
    assert refused["detail"].endswith(told)


@pytest.mark.parametrize(
    ("path", "content_type", "expected"),
    [
        ("user-tasks/search", "text/plain", "to be application/json, but got 'text/plain'."),
        ("user-tasks/search", None, "to be application/json, but there is none."),
        ("jobs/1/completion", "multipart/form-data", "but got 'multipart/form-data'."),
        (
            "deployments",
            "application/json",
            "to be multipart/form-data, but got 'application/json'.",
        ),
        ("documents", "text/plain", "to be multipart/form-data, but got 'text/plain'."),
        ("documents/batch", None, "to be multipart/form-data, but there is none."),
    ],
)
def test_a_body_of_another_type_is_refused(
    client: FlaskClient, path: str, content_type: str | None, expected: str
) -> None:
    """415, as Camunda 8 answers; so no page of another site can have a browser send one unasked."""
    sent = client.post(f"/v2/{path}", headers=basic(), data=b"{}", content_type=content_type)
    told = problem(sent, 415)
    assert told["title"] == "Unsupported Media Type"
    assert told["detail"].endswith(expected)


@pytest.mark.parametrize("content_type", ["application/json;charset=utf-8", "application/x+json"])
def test_json_is_taken_under_each_of_its_names(client: FlaskClient, content_type: str) -> None:
    """With parameters and as a type built on it; no body needs no type."""
    where = "/v2/user-tasks/search"
    sent = client.post(where, headers=basic(), data=b"{}", content_type=content_type)
    empty = client.post(where, headers=basic(), content_type="text/plain")
    assert (sent.status_code, empty.status_code) == (200, 200)


EVERY_BATCH = (
    "decision-instances/deletion",
    "jobs/batch-update",
    "process-instances/cancellation",
    "process-instances/deletion",
    "process-instances/incident-resolution",
    "process-instances/migration",
    "process-instances/modification",
    "process-instances/resumption",
    "process-instances/suspension",
)


@pytest.mark.parametrize("path", EVERY_BATCH)
def test_a_batch_operation_is_never_about_everything(client: FlaskClient, path: str) -> None:
    """Without a criterion nothing is begun: a filter that was forgotten would mean all there are."""
    pair = {"sourceElementId": "a", "targetElementId": "b"}
    plan = {"targetProcessDefinitionKey": "1", "mappingInstructions": [pair]}
    by_path: dict[str, dict[str, Any]] = {
        "jobs/batch-update": {"changeset": {"retries": 1}},
        "process-instances/migration": {"migrationPlan": plan},
        "process-instances/modification": {"moveInstructions": [pair]},
    }
    whole = by_path.get(path, {})
    nothing: list[dict[str, Any]] = [
        {},
        {"filter": None},
        {"filter": {}},
        {"filter": {"state": {}}},
    ]
    for sent in nothing:
        refused = client.post(f"/v2/{path}", headers=basic(), json={**whole, **sent})
        assert "'filter'" in problem(refused, 400)["detail"]


@pytest.mark.parametrize(
    "sent", [b"{", b"[]", b'"x"', b"\xff\xfe", b"{}" * 2, b'{"a":' * 200 + b"1" + b"}" * 200]
)
def test_a_body_that_is_no_json_object_is_refused(client: FlaskClient, sent: bytes) -> None:
    """Broken, not an object, or nested without end."""
    response = client.post(
        "/v2/user-tasks/search", headers=basic(), data=sent, content_type="application/json"
    )
    problem(response, 400)


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("POST", "messages/publication", {"name": "x", "timeToLive": None, "new": 1}, "new"),
        ("POST", "user-tasks/1/completion", {"variable": {"x": 1}}, "variable"),
        ("PATCH", "user-tasks/1", {"changeset": {"elementInstanceKey": 1}}, "changeset.elementIn"),
        ("POST", "process-instances", {"startInstructions": [{"id": "a"}]}, "startInstructions.id"),
        ("POST", "user-tasks/search", {"filters": {}}, "filters"),
        ("POST", "user-tasks/search", {"page": {"size": 1}}, "page.size"),
        ("POST", "user-tasks/search", {"filter": {"colour": 1}}, "filter.colour"),
        ("POST", "user-tasks/search", {"filter": {"name": {"$is": "a"}}}, "filter.name.$is"),
        ("POST", "user-tasks/search", {"filter": {"name": 5}}, "filter.name"),
        ("POST", "jobs/statistics/by-types", {"filter": {"kind": "a"}}, "filter.kind"),
        ("POST", "jobs/statistics/by-types", {"page": {"from": 1}}, "page.from"),
        ("POST", "jobs/statistics/errors", {"page": {"before": "a"}}, "page.before"),
        (
            "POST",
            "incidents/statistics/process-instances-by-error",
            {"page": {"after": "a"}},
            "page.after",
        ),
        ("POST", "process-instances", {"processDefinitionKey": 5}, "processDefinitionKey"),
        ("POST", "process-instances", {"processDefinitionId": 5}, "processDefinitionId"),
        ("POST", "process-instances", {"processDefinitionId": "a", "variables": []}, "variables"),
        ("POST", "user-tasks/1/assignment", {"assignee": "a", "allowOverride": "no"}, "allowOver"),
        ("PATCH", "user-tasks/1", {"changeset": {"candidateUsers": [1]}}, "changeset.candidate"),
        ("POST", "jobs/activation", {"type": "a", "timeout": "1"}, "timeout"),
        ("POST", "jobs/activation", {"type": "a", "tenantFilter": "ALL"}, "tenantFilter"),
        ("POST", "jobs/1/completion", {"result": {"type": "task"}}, "result.type"),
        ("GET", "process-instances/invalid-key", None, "'processInstanceKey'"),
        ("POST", "jobs/a/failure", None, "'jobKey'"),
        ("GET", "user-tasks/search", None, "'userTaskKey'"),
        ("GET", "process-instances/99999999999999999999999", None, "'processInstanceKey'"),
        ("GET", "jobs/statistics/global", None, "'from'"),
        ("POST", "groups/none/users/search", {"new": 1}, "new"),
        ("POST", "cluster-variables/tenants/none", {"name": "a", "new": 1}, "new"),
        ("GET", "jobs/statistics/global?from=2026-01-01T00:00:00Z&to=x", None, "'to'"),
        (
            "POST",
            "jobs/statistics/by-types",
            {"filter": {"to": "2026-01-01T00:00:00Z"}},
            "filter.from",
        ),
        ("POST", "user-tasks/search", {"filter": {"state": "OPEN"}}, "filter.state"),
        ("POST", "user-tasks/search", {"sort": [{"field": "colour"}]}, "sort[0].field"),
        (
            "POST",
            "user-tasks/search",
            {"sort": [{"field": "name", "order": "UP"}]},
            "sort[0].order",
        ),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(
    client: FlaskClient, method: str, path: str, body: dict[str, Any] | None, field: str
) -> None:
    """A field or word that is not known, or another type of JSON, as Camunda 8.8 and later refuse them.

    A misspelt `variables` must not complete a task without them.
    """
    answer = client.open(f"/v2/{path}", method=method, headers=basic(), json=body)
    told = problem(answer, 400)
    assert told["title"] == "Bad Request"
    assert field in told["detail"]


def test_what_is_in_variables_is_free(client: FlaskClient) -> None:
    """Any names at any depth; null is what was not said."""
    body = {"name": "x", "variables": {"a": {"b": [{"name": 1}]}}, "timeToLive": None}
    answer = client.post("/v2/messages/publication", headers=basic(), json=body)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "jobs/1/error"),
        ("POST", "jobs/activation"),
        ("POST", "messages/publication"),
        ("POST", "process-instances"),
        ("POST", "signals/broadcast"),
        ("PATCH", "jobs/1"),
        ("PUT", "clock"),
    ],
)
def test_a_body_that_must_be_there_is_missed(client: FlaskClient, method: str, path: str) -> None:
    """In the words of Camunda 8, before any field is asked for."""
    told = problem(client.open(f"/v2/{path}", method=method, headers=basic("ada")), 400)
    assert (told["title"], told["detail"]) == ("Bad Request", "Required request body is missing.")


@pytest.mark.parametrize(
    ("path", "accept", "status"),
    [
        ("topology", "text/html", 406),
        ("topology", "text/html, */*;q=0.1", 200),
        ("topology", "application/*", 200),
        ("topology", "application/vnd.camunda.api.keys.string+json", 200),
        ("topology", "", 200),
        ("topology", "nothing", 406),
        ("documents/x", "image/png", 404),
        ("process-definitions/1/xml", "text/xml", 404),
        ("process-definitions/1/xml", "text/html", 406),
    ],
)
def test_who_accepts_no_answer_that_there_is_gets_406(
    client: FlaskClient, path: str, accept: str, status: int
) -> None:
    """Whoever says nothing accepts all; documents may be of any type."""
    answer = client.get(f"/v2/{path}", headers={**basic(), "Accept": accept})
    assert answer.status_code == status
    if status == 406:
        assert "application/json" in problem(answer, 406)["detail"]


@pytest.mark.parametrize("path", ["/v2//topology", "/v2/user-tasks//1"])
def test_a_path_with_an_empty_part_is_refused(client: FlaskClient, path: str) -> None:
    """As a problem, not as a page that leads to another path (Camunda 8's firewall refuses it)."""
    answer = client.get(path, headers=basic())
    assert problem(answer, 400)["title"] == "Bad Request"


def test_a_body_over_the_limit_is_refused(client: FlaskClient) -> None:
    """413 before it is parsed."""
    sent = b'{"filter":"' + b"x" * (4 * 1024 * 1024) + b'"}'
    response = client.post("/v2/user-tasks/search", headers=basic(), data=sent)
    assert problem(response, 413)["title"] == "Payload Too Large"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v2/agent-instances"),
        ("GET", "/v2/backups/runtime"),
        ("POST", "/v2/secrets/list"),
        ("POST", "/v2/exporting/pause"),
    ],
)
def test_what_the_api_has_and_we_do_not_answers_501_with_the_reason(
    client: FlaskClient, method: str, path: str
) -> None:
    """The reason stands in the detail."""
    body = problem(client.open(path, method=method, headers=basic(), json={}), 501)
    assert body["title"] == "NOT_IMPLEMENTED"
    assert ": " in body["detail"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/v2/agent-instances", "POST"),
        ("DELETE", "/v2/topology", "GET"),
        ("PUT", "/v2/user-tasks/1", "GET, PATCH"),
    ],
)
def test_another_method_of_a_known_path_answers_405(
    client: FlaskClient, method: str, path: str, allowed: str
) -> None:
    """The methods there are stand in the header."""
    response = client.open(path, method=method, headers=basic())
    problem(response, 405)
    assert response.headers["Allow"] == allowed


def test_a_path_the_api_does_not_have_is_not_found(client: FlaskClient) -> None:
    """404, signed in."""
    assert problem(client.get("/v2/nothing", headers=basic()), 404)["title"] == "NOT_FOUND"


def test_served_and_unsupported_paths_are_the_whole_api_and_do_not_overlap(app: Flask) -> None:
    """Each path and method of the official client is either served or refused with a reason."""
    served = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if not rule.endpoint.startswith(unsupported.blueprint.name)
        and method not in ("HEAD", "OPTIONS")
    }
    adapter = app.url_map.bind("")
    for method, path in official_paths():
        endpoint, _ = adapter.match(path, method)
        is_served = not endpoint.startswith(unsupported.blueprint.name)
        refused = [
            one
            for one in unsupported.UNSUPPORTED
            if one.pattern.fullmatch(path) and method in one.methods
        ]
        assert is_served != bool(refused), (method, path)
    assert len(served) > 50


def test_what_is_not_served_stands_in_the_documentation() -> None:
    """Each path with its methods beside its reason, and nothing else."""
    text = (Path(__file__).parents[2] / "docs/api.md").read_text()
    told = {
        (path, because)
        for because, paths in re.findall(r"^\| ([^|]+) \| (`[^|]+) \|$", text, re.MULTILINE)
        for path in re.findall(r"`([^`]+)`", paths)
    }
    assert told == {
        (f"{' '.join(sorted(one.methods))} {one.template}", one.reason)
        for one in unsupported.UNSUPPORTED
    }


def official_paths() -> list[tuple[str, str]]:
    """Return method and path of every operation of the official client."""
    found = []
    for module in pkgutil.walk_packages(operations.__path__, f"{operations.__name__}."):
        if module.ispkg:
            continue
        source = inspect.getsource(importlib.import_module(module.name))
        match = re.search(r'"method": "(\w+)",\s*"url": f?"([^"]*)"', source)
        if match:
            path = match[2] if match[2].startswith("/cluster/v2") else f"/v2{match[2]}"
            found.append((match[1].upper(), re.sub(r"\{\w+\}", "1", path)))
    return found


def test_a_deployment_needs_a_file_with_a_name(client: FlaskClient) -> None:
    """400, not an empty deployment."""
    response = client.post(
        "/v2/deployments",
        headers=basic(),
        data={"tenantId": ""},
        content_type="multipart/form-data",
    )
    problem(response, 400)


def test_an_unexpected_error_is_a_problem_without_its_text(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """500 gives the id that stands in the log, and nothing of the inside."""

    views: dict[str, Any] = app.view_functions

    @wraps(views["api_cluster.get_topology"])
    def fail(**_: Any) -> None:
        raise RuntimeError("secret inside")

    views["api_cluster.get_topology"] = fail
    body = problem(app.test_client().get("/v2/topology", headers=basic()), 500)
    assert body["title"] == "INTERNAL"
    assert body["requestId"] in body["detail"]
    assert "secret" not in json.dumps(body)


def test_every_error_of_the_domain_has_a_status() -> None:
    """No class falls through to 500."""

    def below(kind: type[HuiyinError]) -> set[type[HuiyinError]]:
        return {kind, *(one for sub in kind.__subclasses__() for one in below(sub))}

    domain = {kind for kind in below(HuiyinError) if kind.__module__ == HuiyinError.__module__}
    for kind in domain - {HuiyinError}:
        assert any(base in STATUS for base in kind.__mro__), kind
    assert status_of(AlreadyExistsError("x")) == 409


def test_more_waiting_requests_than_places_are_told_to_come_back() -> None:
    """503 with Retry-After; looking once is always allowed."""
    waiting = Waiting(most=0)
    with pytest.raises(OverloadedError):
        waiting.until(lambda: None, 1)
    assert waiting.until(lambda: None, 0) is None
    assert waiting.until(lambda: "found", 1) == "found"


def test_a_wait_ends_when_its_time_is_over() -> None:
    """Nothing found is an answer too."""
    looks: list[int] = []
    assert Waiting().until(lambda: looks.append(1), 0.1) is None
    assert len(looks) >= 2


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("http://127.0.0.1:8000", ("127.0.0.1", 8000)),
        ("http://huiyin.example", ("huiyin.example", 80)),
        ("http://[::1]:8000", ("::1", 8000)),
        ("http://[::1]", ("::1", 80)),
    ],
)
def test_the_only_broker_stands_where_the_request_came_to(
    client: FlaskClient, address: str, told: tuple[str, int]
) -> None:
    """By name or by number, of either version of the protocol."""
    shown = client.get("/v2/topology", base_url=address, headers=basic()).get_json()
    assert [(broker["host"], broker["port"]) for broker in shown["brokers"]] == [told]
