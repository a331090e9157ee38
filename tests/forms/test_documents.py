"""Uploaded files in submissions."""

from collections.abc import Callable
from typing import Any

import pytest

from service.forms import DocumentFacts, Submission, reference_to

Submit = Callable[..., Submission]

PHOTO = DocumentFacts("d1", "开胶.JPG", "image/jpeg", 2048, "0a")
SCAN = DocumentFacts("d2", "传真.pdf", "application/pdf; charset=binary", 4096, "0b")
DOCUMENTS = {"d1": PHOTO, "d2": SCAN}
FIELD = {"type": "filepicker", "key": "files", "multiple": True}


def named(*ids: str) -> list[dict[str, Any]]:
    """Return references as a client may send them, with facts of its own making."""
    return [
        {
            "camunda.document.type": "camunda",
            "documentId": document_id,
            "metadata": {"fileName": "x.exe", "size": 1},
        }
        for document_id in ids
    ]


def test_references_are_stored_with_the_server_s_facts(submit: Submit) -> None:
    """What the client says about a file does not count (docs/dialect.md §7)."""
    submission = submit(FIELD, {"files": named("d1", "d2")}, documents=DOCUMENTS)

    assert submission.problems == ()
    assert submission.values == {"files": [reference_to(PHOTO), reference_to(SCAN)]}
    reference = submission.values["files"][0]
    assert (reference["storeId"], reference["contentHash"]) == ("huiyin", "0a")
    assert reference["metadata"] == {
        "fileName": "开胶.JPG",
        "contentType": "image/jpeg",
        "size": 2048,
        "expiresAt": None,
        "processDefinitionId": None,
        "processInstanceKey": None,
        "customProperties": {},
    }


@pytest.mark.parametrize(
    ("changes", "value", "code"),
    [
        pytest.param({}, named("d9"), "document_unknown", id="unknown_file"),
        pytest.param({}, "files::1", "type", id="browser_key"),
        pytest.param({}, [{"documentId": "d1"}], "type", id="no_reference"),
        pytest.param({}, [{"camunda.document.type": "camunda", "documentId": 1}], "type", id="id"),
        pytest.param({"multiple": False}, named("d1", "d2"), "document_count", id="two"),
        pytest.param({"multiple": "=several"}, named("d1", "d2"), "document_count", id="computed"),
        pytest.param({"accept": "image/*"}, named("d2"), "document_type", id="not_an_image"),
        pytest.param({"accept": ".png,.pdf"}, named("d1"), "document_type", id="suffix"),
        pytest.param({"validate": {"required": True}}, [], "required", id="none"),
        pytest.param({"validate": {"required": True}}, None, "required", id="null"),
    ],
)
def test_a_wrong_file_is_refused(submit: Submit, changes: Any, value: Any, code: str) -> None:
    """Unknown files, too many, and types that the field does not accept."""
    submission = submit(FIELD | changes, {"files": value}, documents=DOCUMENTS)

    assert [(found.path, found.code) for found in submission.problems] == [("files", code)]


@pytest.mark.parametrize(
    "accept", ["", "image/*", ".png, .jpg", "IMAGE/JPEG", "=kinds", "application/pdf,image/jpeg"]
)
def test_an_accepted_file_is_taken(submit: Submit, accept: str) -> None:
    """Suffixes, types and type groups count, in any case of letters."""
    field = FIELD | {"accept": accept, "multiple": False}

    submission = submit(
        field, {"files": named("d1")}, documents=DOCUMENTS, variables={"kinds": ".jpg"}
    )

    assert submission.problems == ()


def test_a_content_type_counts_without_its_parameters(submit: Submit) -> None:
    """`application/pdf; charset=binary` is a PDF."""
    field = FIELD | {"accept": "application/pdf"}

    assert submit(field, {"files": named("d2")}, documents=DOCUMENTS).problems == ()


@pytest.mark.parametrize(("several", "is_taken"), [(True, True), (False, False), ("yes", False)])
def test_several_files_are_taken_only_when_it_is_exactly_true(
    submit: Submit, several: Any, is_taken: bool
) -> None:
    """A computed `multiple` that is no boolean allows one file, as in the browser."""
    field = FIELD | {"multiple": "=several"}

    submission = submit(
        field, {"files": named("d1", "d2")}, documents=DOCUMENTS, variables={"several": several}
    )

    assert (submission.problems == ()) is is_taken
