"""Documents, as the official client sends, reads, links and deletes them."""

import hashlib
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from camunda_orchestration_sdk import CamundaClient, errors
from camunda_orchestration_sdk.models import (
    CreateDocumentData,
    DocumentLinkRequest,
    DocumentReference,
)
from camunda_orchestration_sdk.types import File
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.datastructures import FileStorage, Headers

from service.forms import reference_to
from service.persistence.tables.cases import attachments
from service.usecases import attachments as attachments_of
from service.usecases.house import House
from service.usecases.sweeps import sweep
from tests.api.conftest import PASSWORD, SignIn
from tests.fakes import FakeClock

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
QUINN = ("quinn", PASSWORD)


def send(client: CamundaClient, **metadata: Any) -> Any:
    """Send a small picture."""
    body: dict[str, Any] = {"file": PNG, "metadata": {"fileName": "a.png", **metadata}}
    data = CreateDocumentData.from_dict(body)
    data.file = File(payload=io.BytesIO(PNG), file_name="a.png", mime_type="image/png")
    return client.create_document(data=data)


@pytest.mark.slow
def test_a_document_keeps_what_is_said_of_it(
    staffed: House, sign_in: SignIn, clock: FakeClock
) -> None:
    """Its end, its process and what else was said come back; at its end it is gone."""
    quinn = sign_in("quinn")
    ends = clock.at + timedelta(days=3)
    sent = send(
        quinn,
        expiresAt=ends.isoformat(),
        processDefinitionId="repair",
        customProperties={"colour": "red"},
    )
    assert sent.metadata.expires_at == ends
    assert sent.metadata.process_definition_id == "repair"
    assert sent.metadata.custom_properties.to_dict() == {"colour": "red"}

    clock.advance(days=2)
    sweep(staffed)
    assert quinn.get_document(sent.document_id).payload.read() == PNG
    clock.advance(days=1)
    with pytest.raises(errors.NotFoundError):
        quinn.get_document(sent.document_id)
    with pytest.raises(errors.BadRequestError):
        send(quinn, expiresAt=clock.at.isoformat())


@pytest.mark.slow
def test_a_document_of_any_kind_comes_back_to_be_saved(staffed: House, client: FlaskClient) -> None:
    """JSON, with the type that was said; no browser shows it."""
    file = (io.BytesIO(b'{"a": 1}'), "a.json", "application/json")
    sent = client.post("/v2/documents", data={"file": file}, auth=QUINN)

    assert (sent.status_code, sent.json["metadata"]["contentType"]) == (201, "application/json")
    got = client.get(f"/v2/documents/{sent.json['documentId']}", auth=QUINN)
    assert (got.data, got.content_type) == (b'{"a": 1}', "application/json")
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.slow
def test_a_link_gives_the_file_to_anybody_for_a_while(
    staffed: House, sign_in: SignIn, client: FlaskClient, clock: FakeClock
) -> None:
    """Signed, over at its time, and made only by who may read the file."""
    quinn = sign_in("quinn")
    sent = send(quinn)
    body = DocumentLinkRequest.from_dict({"timeToLive": 60_000})
    link = quinn.create_document_link(sent.document_id, data=body)
    path = link.url.removeprefix(staffed.rules.public_url)

    got = client.get(path)
    assert (got.status_code, got.data, link.expires_at) == (
        200,
        PNG,
        clock.at + timedelta(minutes=1),
    )
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert client.get(path[:-1] + ("a" if path[-1] != "a" else "b")).status_code == 404
    with pytest.raises(errors.ApiError):
        sign_in("sam").create_document_link(sent.document_id, data=body)
    clock.advance(minutes=1)
    assert client.get(path).status_code == 404


@pytest.mark.slow
def test_a_document_is_deleted_by_who_sent_it(staffed: House, sign_in: SignIn) -> None:
    """Not by a stranger, and not when a case refers to it."""
    quinn = sign_in("quinn")
    sent, kept = send(quinn), send(quinn)
    with pytest.raises(errors.NotFoundError):
        sign_in("sam").delete_document(sent.document_id)
    quinn.delete_document(sent.document_id)
    with pytest.raises(errors.NotFoundError):
        quinn.get_document(sent.document_id)

    with staffed.database.unit(staffed.outside) as unit:
        unit.connection.execute(
            update(attachments).where(attachments.c.id == kept.document_id).values(is_bound=True)
        )
        unit.commit()
    with pytest.raises(errors.ApiError) as refused:
        quinn.delete_document(kept.document_id)
    assert refused.value.status_code == 409


def batch(client: FlaskClient, names: list[str], **more: Any) -> Any:
    """Send pictures of these names together."""
    files = [(io.BytesIO(PNG), name) for name in names]
    return client.post(
        "/v2/documents/batch",
        data={"files": files, **more},
        content_type="multipart/form-data",
        auth=QUINN,
    )


def test_documents_are_sent_together(staffed: House, client: FlaskClient) -> None:
    """201 when all are kept, each with its own metadata."""
    metadata = [json.dumps({"fileName": f"{name}.png"}) for name in "xy"]
    answer = batch(client, ["a.png", "b.png"], metadataList=metadata)
    assert answer.status_code == 201
    created = answer.get_json()["createdDocuments"]
    assert [one["metadata"]["fileName"] for one in created] == ["x.png", "y.png"]


def test_of_documents_sent_together_some_may_be_refused(
    staffed: House, client: FlaskClient
) -> None:
    """207: the good ones are kept, the others say why they are not."""
    over = '{"expiresAt": "2020-01-01T00:00:00Z"}'
    answer = batch(client, ["a.png", "b.png"], metadataList=["{}", over])
    assert answer.status_code == 207
    body = answer.get_json()
    assert [one["metadata"]["fileName"] for one in body["createdDocuments"]] == ["a.png"]
    (failed,) = body["failedDocuments"]
    assert (failed["fileName"], failed["status"], failed["title"]) == (
        "b.png",
        400,
        "INVALID_ARGUMENT",
    )


def test_a_batch_without_files_or_with_other_metadata_is_refused(
    staffed: House, client: FlaskClient
) -> None:
    """400 for the whole, and nothing is kept."""
    assert batch(client, []).status_code == 400
    assert batch(client, ["a.png", "b.png"], metadataList=["{}"]).status_code == 400


def test_the_hash_of_a_document_is_told_and_held_against_what_is_asked_for(
    staffed: House, client: FlaskClient
) -> None:
    """As Camunda 8 has it; whoever names no hash is not refused here."""
    (sent,) = batch(client, ["a.png"]).get_json()["createdDocuments"]
    assert sent["contentHash"] == hashlib.sha256(PNG).hexdigest()

    path = f"/v2/documents/{sent['documentId']}"
    for given, status in (("", 200), (sent["contentHash"], 200), ("other", 400)):
        query = {"contentHash": given}
        assert client.get(path, query_string=query, auth=QUINN).status_code == status
        linked = client.post(f"{path}/links", query_string=query, json={}, auth=QUINN)
        assert linked.status_code == (201 if status == 200 else 400)


def test_metadata_of_documents_may_be_one_list(staffed: House, client: FlaskClient) -> None:
    """Camunda's own clients send one part with a JSON list; it must be as long as there are files."""
    listed = json.dumps([{"fileName": "x.png"}, {"fileName": "y.png"}])
    answer = batch(client, ["a.png", "b.png"], metadataList=listed)
    names = [one["metadata"]["fileName"] for one in answer.get_json()["createdDocuments"]]
    assert names == ["x.png", "y.png"]
    short = batch(client, ["a.png", "b.png"], metadataList=json.dumps([{"fileName": "x.png"}]))
    assert short.status_code == 400


def test_metadata_of_documents_may_stand_in_their_headers(
    staffed: House, client: FlaskClient
) -> None:
    """Either there or in the list, not in both."""
    headers = Headers({"X-Document-Metadata": json.dumps({"fileName": "x.png"})})
    sent: dict[str, Any] = {
        "files": [FileStorage(io.BytesIO(PNG), "a.png", headers=headers)],
    }
    path, form = "/v2/documents/batch", "multipart/form-data"
    answer = client.post(path, data=sent, content_type=form, auth=QUINN)
    (created,) = answer.get_json()["createdDocuments"]
    assert created["metadata"]["fileName"] == "x.png"

    again = FileStorage(io.BytesIO(PNG), "a.png", headers=headers)
    both = {"files": [again], "metadataList": "{}"}
    assert client.post(path, data=both, content_type=form, auth=QUINN).status_code == 400


@pytest.mark.parametrize(
    ("metadata", "field"),
    [
        ({"fileName": " "}, "fileName"),
        ({"contentType": ""}, "contentType"),
        ({"processDefinitionId": "9invalid"}, "processDefinitionId"),
        ({"processInstanceKey": "abc"}, "processInstanceKey"),
        ({"expiresAt": "soon"}, "expiresAt"),
    ],
)
def test_wrong_metadata_of_documents_is_refused(
    staffed: House, client: FlaskClient, metadata: dict[str, Any], field: str
) -> None:
    """400 for the whole, of one as of several: nothing is kept."""
    text = json.dumps(metadata)
    several = batch(client, ["a.png"], metadataList=text)
    one = client.post(
        "/v2/documents",
        data={"file": (io.BytesIO(PNG), "a.png"), "metadata": text},
        content_type="multipart/form-data",
        auth=QUINN,
    )
    for answer in (several, one):
        assert answer.status_code == 400
        assert field in answer.get_json()["detail"]


@pytest.mark.slow
def test_what_a_form_has_taken_is_read_from_variables_as_the_client_reads_it(
    staffed: House, sign_in: SignIn
) -> None:
    """The reference is whole, as the answer to its sending was, but that the file has no end any more."""
    sent = send(sign_in("quinn"), customProperties={"colour": "red"})
    with staffed.database.reading() as connection:
        (facts,) = attachments_of.documents(connection, [sent.document_id]).values()

    reference = DocumentReference.from_dict(reference_to(facts))

    assert reference == sent


def test_another_store_is_refused(staffed: House, client: FlaskClient) -> None:
    """There is one; its name is told with each document."""
    answer = client.get("/v2/documents/x", query_string={"storeId": "s3"}, auth=QUINN)
    assert (answer.status_code, answer.get_json()["title"]) == (400, "INVALID_ARGUMENT")
