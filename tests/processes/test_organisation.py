"""The demo organisation: whoever a shipped diagram, table or form names is there, with people."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from service.identity import Person
from service.persistence.people import everybody, persons, resolve_recipients
from service.usecases.house import House
from service.usecases.people import load_directory, sign_in

ROOT = Path(__file__).resolve().parents[2]
ORGANISATION = ROOT / "demo" / "organisation.json"

PROPERTIES = {"supervisors", "startGroups", "caseReaders"}
INPUTS = {"to", "cc", "cs_depts"}
OUTPUTS = {
    "cc_roles",
    "cc_groups",
    "cost_dept",
    "cost_groups",
    "approval_chain",
    "supervisor_groups",
    "supervisor_depts",
}
FIELDS = {"cc_roles", "cost_dept", "receiver_dept", "supervisor_dept", "issued_to", "dept"}
"""Where diagrams, tables and forms name groups."""

NO_GROUPS = {"customer", "其他", "不便询问", "专项预算", "有关部门"}
"""Texts in those places that name no group: the customer, «others», an answer that is
compared, a budget that bears costs in place of a department, and whoever is late (催办单)."""

AT_WORK = {
    "business_unit",
    "cs",
    "design",
    "finance",
    "planning_ops",
    "product_manager",
    "production",
    "quality",
    "sales",
    "service_center",
    "supply_chain",
    "warehouse_logistics",
}
"""Departments that sign or work: two can sign there though one of them drafted."""


def named(text: str) -> Iterator[str]:
    """Return the group names of a list with commas or of a FEEL expression."""
    literals = re.findall(r'"([^"]*)"', text)
    is_expression = text.startswith("=") or bool(literals)
    yield from literals if is_expression else (part.strip() for part in text.split(","))


def in_diagram(path: Path) -> Iterator[str]:
    """Return what a diagram names: candidates, supervisors, starters, readers, receivers, signers."""
    for element in etree.parse(path).iter("{*}*"):
        kind = etree.QName(element).localname
        if kind == "assignmentDefinition":
            yield from named(element.get("candidateGroups") or "=")
        if kind == "property" and element.get("name") in PROPERTIES:
            yield from named(element.get("value") or "=")
        if kind == "input" and element.get("target") in INPUTS:
            yield from named(element.get("source") or "=")
        if kind == "loopCharacteristics":
            yield from named(element.get("inputCollection") or "=")


def in_table(path: Path) -> Iterator[str]:
    """Return what a decision table answers where it names people."""
    tree = etree.parse(path)
    for table in tree.iter("{*}decisionTable"):
        names = [output.get("name") for output in table.findall("{*}output")]
        for rule in table.findall("{*}rule"):
            for name, entry in zip(names, rule.findall("{*}outputEntry"), strict=True):
                if name in OUTPUTS:
                    yield from named(f"={entry.findtext('{*}text')}")


def in_form(path: Path) -> Iterator[str]:
    """Return the options of fields that name departments or posts."""

    def fields(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for component in components:
            yield component
            yield from fields(component.get("components", []))

    for field in fields(json.loads(path.read_bytes())["components"]):
        if field.get("key") in FIELDS:
            yield from (option["value"] for option in field.get("values", []))


@cache
def names() -> tuple[tuple[str, str], ...]:
    """Return every group name that shipped files use, with the first file that uses it."""
    found: dict[str, str] = {}
    for pattern, read in (("*.bpmn", in_diagram), ("*.dmn", in_table), ("*.form", in_form)):
        for path in sorted(ROOT.glob(f"processes/*/{pattern}")) + sorted(
            ROOT.glob(f"forms/*/{pattern}")
        ):
            for name in read(path):
                if name not in NO_GROUPS:
                    found.setdefault(name, path.name)
    return tuple(sorted(found.items()))


@pytest.fixture
def demo(house: House) -> House:
    """Return a house with the demo organisation."""
    load_directory(house, json.loads(ORGANISATION.read_bytes()))
    return house


def test_shipped_files_name_groups() -> None:
    """The search finds the places: a key, a name, another name, one of a table and one of a form."""
    found = dict(names())
    assert {
        "quality",
        "服务中心",
        "supply_chain_director",
        "相关区域总监",
        "总经理",
        "客服",
    } <= set(found)


def test_every_group_that_shipped_files_name_has_people(demo: House) -> None:
    """No task waits in front of an empty office, no notification goes nowhere."""
    with demo.database.reading() as connection:
        empty = [
            f"{name} ({file})"
            for name, file in names()
            if not resolve_recipients(connection, [name])
        ]
    assert empty == []


@pytest.mark.parametrize("department", sorted(AT_WORK))
def test_each_department_has_two_who_work_and_somebody_above(demo: House, department: str) -> None:
    """One drafts, another signs, and when both are late somebody is told."""
    entries = json.loads(ORGANISATION.read_bytes())
    above = {one["key"]: one["supervisor_group"] for one in entries["groups"]}[department]

    with demo.database.reading() as connection:
        staff = resolve_recipients(connection, [department])
        chiefs = resolve_recipients(connection, [above])
    assert len([one for one in staff if one.department == department and one not in chiefs]) >= 2
    assert chiefs


@pytest.mark.parametrize(
    ("username", "role"),
    [
        ("admin", "admin"),
        ("liucheng", "process_owner"),
        ("guize", "rules_admin"),
        ("yunwei", "operator"),
        ("shenji", "auditor"),
    ],
)
def test_who_keeps_the_house_signs_in(demo: House, username: str, role: str) -> None:
    """Each keeper holds his one role beside being staff, and the password that is told."""
    assert sign_in(demo, username, "huiyin-demo", "").roles == {role, "staff"}


def test_the_program_user_acts_for_the_house(demo: House) -> None:
    """The `worker` may work off jobs and stands in no list of people."""
    with demo.database.reading() as connection:
        [worker] = persons(connection, ["worker"])
        listed = {one.username for one in everybody(connection)}
    assert worker.is_operating_program
    assert "worker" not in listed


def test_a_supplier_is_told_and_may_do_nothing(demo: House) -> None:
    """Somebody outside has an address and no rights (README of the catalogue, §6)."""
    with demo.database.reading() as connection:
        suppliers = resolve_recipients(connection, ["供应商"])
    assert suppliers
    assert all(one.email and not one.roles for one in suppliers)


def test_everybody_belongs_to_his_department(demo: House) -> None:
    """Whoever has a department is in its group: its tasks are his."""
    with demo.database.reading() as connection:
        people: tuple[Person, ...] = everybody(connection)
    assert [
        one.username for one in people if one.department and one.department not in one.groups
    ] == []
