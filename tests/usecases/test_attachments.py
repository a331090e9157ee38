"""Files: taken by their content, read by who may read their case, bound by the form that names them."""

from typing import Any

import pytest
from sqlalchemy import func, select

from service.domain.errors import BadInputError, NotFoundError
from service.forms import reference_to
from service.persistence.tables import cases as tables
from service.persistence.tables import instances
from service.usecases import attachments, jobs
from service.usecases.attachments import StoredFile
from service.usecases.house import House
from tests.rows import add_case, add_instance, add_reader, add_task, person
from tests.usecases.conftest import Office
from tests.usecases.drawing import job, line, user_task
from tests.usecases.looking import deployed, started

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
LINA = person("lina")
SAM = person("sam", groups=frozenset({"sales"}))

TAKEN = [
    ("a.png", PNG, "image/png"),
    ("A.PNG", PNG, "image/png"),
    ("照片.jpeg", b"\xff\xd8\xff\xe0", "image/jpeg"),
    ("a.pdf", b"%PDF-1.7", "application/pdf"),
    ("a.gif", b"GIF89a...", "image/gif"),
    ("a.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
    ("a.mp4", b"\x00\x00\x00\x18ftypmp42", "video/mp4"),
    ("a.zip", b"PK\x03\x04", "application/zip"),
    ("a.txt", "说明".encode(), "text/plain"),
    ("a.csv", "批次,数量".encode("gb18030"), "text/csv"),
]
REFUSED = [
    ("a.html", b"<script>alert(1)</script>"),
    ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ("a.exe", b"MZ\x90\x00"),
    ("a.png", b"<script>alert(1)</script>"),
    ("a.txt", PNG),
    ("a.pdf", PNG),
    ("a.txt", b"a\x00b"),
    ("png", PNG),
    ("a.png.exe", PNG),
    ("a.png", b""),
    ("", PNG),
    ("/", PNG),
]


def kept(house: House) -> int:
    """Return how many files are kept."""
    with house.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(tables.attachments)).scalar_one()


@pytest.mark.parametrize(("name", "content", "content_type"), TAKEN, ids=[t[0] for t in TAKEN])
def test_a_file_is_taken_under_the_type_of_its_content(
    house: House, name: str, content: bytes, content_type: str
) -> None:
    """And comes back as it was."""
    stored = attachments.store(house, LINA, name, content)

    assert (stored.content_type, stored.size) == (content_type, len(content))
    assert attachments.read(house, LINA, stored.id) == (stored, content)


@pytest.mark.parametrize(("name", "content"), REFUSED)
def test_a_file_that_is_not_what_its_name_says_is_refused(
    house: House, name: str, content: bytes
) -> None:
    """Nothing that a browser would run; the refusal says in Chinese what may be sent."""
    with pytest.raises(BadInputError) as refused:
        attachments.store(house, LINA, name, content)
    assert refused.value.facts["message"]
    assert kept(house) == 0


@pytest.mark.parametrize(
    ("name", "content", "claimed", "kind"),
    [
        ("a.json", b"{}", "application/JSON; charset=utf-8", "application/json"),
        ("a.html", b"<p>", "text/html", "text/html"),
        ("a", b"x", "", "application/octet-stream"),
        ("a", b"x", "no type", "application/octet-stream"),
        ("a.bin", b"x", "image/png", "application/octet-stream"),
        ("a.png", PNG, "text/html", "image/png"),
    ],
)
def test_a_document_is_of_any_kind(
    house: House, name: str, content: bytes, claimed: str, kind: str
) -> None:
    """As its content says, else as its sender does; forms know what a content says alone."""
    who = person("lina")
    stored = attachments.store_document(house, who, name, content, content_type=claimed)

    assert stored.content_type == kind
    with house.database.reading() as connection:
        known = attachments.documents(connection, [stored.id])
    assert list(known) == ([stored.id] if content is PNG else [])


def test_a_file_at_the_limit_is_taken_and_one_byte_more_is_not(house: House) -> None:
    """`HouseRules.upload_bytes` is the largest size that is taken."""
    limit = house.rules.upload_bytes
    text = b"a" * limit
    assert attachments.store(house, LINA, "a.txt", text).size == limit
    with pytest.raises(BadInputError, match=str(limit)):
        attachments.store(house, LINA, "a.txt", text + b"a")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/a.png", "a.png"),
        ("C:\\\\x\\\\a.png", "a.png"),
        ("字" * 300 + ".png", None),
        ("a\u202egpj.exe.png", "agpj.exe.png"),
    ],
)
def test_a_file_name_is_a_name_and_no_path(house: House, name: str, expected: str | None) -> None:
    """Folders are dropped, and what turns its letters around; a long name keeps its ending."""
    stored = attachments.store(house, LINA, name, PNG)
    assert stored.file_name == expected or (
        len(stored.file_name) == attachments.NAME_CHARACTERS and stored.file_name.endswith(".png")
    )


def test_an_unbound_file_is_its_uploaders_alone(house: House) -> None:
    """To anybody else it does not exist."""
    stored = attachments.store(house, LINA, "a.png", PNG)
    with pytest.raises(NotFoundError):
        attachments.read(house, SAM, stored.id)
    with pytest.raises(NotFoundError):
        attachments.read(house, person("a", roles=frozenset({"admin"})), stored.id)
    with pytest.raises(NotFoundError):
        attachments.read(house, LINA, "none")


def bind(house: House, stored: StoredFile, **to: Any) -> None:
    """Hand in a form that names the file deep inside its values."""
    reference = {"camunda.document.type": "camunda", "documentId": stored.id}
    values = {"rows": [{"files": [reference]}], "other": {"documentId": "x"}, "n": 1}
    place = {"case_key": None, "instance_key": 1, "task_key": None, **to}
    with house.database.unit(house.outside) as unit:
        attachments.bind(unit, values, **place)
        unit.commit()


def test_a_bound_file_is_read_by_who_may_read_the_case(house: House) -> None:
    """XC-P-2: a named group reads it, a stranger does not."""
    with house.database.unit(house.outside) as unit:
        case = add_case(unit.connection)
        add_reader(unit.connection, case, "group", "sales")
        unit.commit()
    stored = attachments.store(house, LINA, "a.png", PNG)
    bind(house, stored, case_key=case)

    assert attachments.read(house, SAM, stored.id)[1] == PNG
    with pytest.raises(NotFoundError):
        attachments.read(house, person("zoe"), stored.id)


def test_a_file_of_an_instance_without_a_case_is_read_by_who_has_a_task_there(house: House) -> None:
    """The next doer must see what the one before him handed in."""
    with house.database.unit(house.outside) as unit:
        root = add_instance(unit.connection)
        add_task(unit.connection, instance_key=root, root_key=root, candidate_groups=["sales"])
        unit.commit()
    stored = attachments.store(house, LINA, "a.png", PNG)
    bind(house, stored, instance_key=root)

    assert attachments.read(house, SAM, stored.id)[1] == PNG
    with pytest.raises(NotFoundError):
        attachments.read(house, person("zoe"), stored.id)


def test_a_file_stays_with_the_first_case_that_names_it(house: House) -> None:
    """A second form that names it does not take it away."""
    with house.database.unit(house.outside) as unit:
        first, second = add_case(unit.connection, "a"), add_case(unit.connection, "b")
        unit.commit()
    stored = attachments.store(house, LINA, "a.png", PNG)
    bind(house, stored, case_key=first)
    bind(house, stored, case_key=second)

    with house.database.reading() as connection:
        row = connection.execute(select(tables.attachments)).one()
        assert attachments.documents(connection, [stored.id, "x", stored.id]).keys() == {stored.id}
    assert (row.case_key, row.is_bound) == (first, True)


def test_a_document_that_variables_name_is_read_by_who_has_a_task_there(office: Office) -> None:
    """A worker's result is of use to the people behind it only so; the first instance has it."""
    process = line("made", job("make", "make"), user_task("look"))
    deployed(office, process)
    key, another = started(office, "made"), started(office, "made")
    stored = attachments.store_document(office.house, office.operator, "result.json", b"{}")
    result = {"result": [{"file": reference_to(stored.facts)}]}

    with pytest.raises(NotFoundError):
        attachments.read(office.house, office.inspector, stored.id)
    for one in office.rows(instances.jobs):
        jobs.complete(office.house, office.operator, one.key, result)

    assert attachments.read(office.house, office.inspector, stored.id)[1] == b"{}"
    with pytest.raises(NotFoundError):
        attachments.read(office.house, office.stranger, stored.id)
    (row,) = office.rows(tables.attachments)
    assert (row.instance_key, row.is_bound) == (min(key, another), False)
