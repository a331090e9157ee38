"""The list of cases: filters, order, pages, masked customers."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from service.domain.errors import BadInputError
from service.reports import cases
from service.reports.cases import SORTS, CasesQuery, page
from tests.fakes import NOW
from tests.rows import add_case, add_process, add_task, person

AUDITOR = person("audrey", roles=frozenset({"auditor"}))


def numbers(connection: Connection, **query: object) -> list[str]:
    return [row.case_no for row in page(connection, AUDITOR, CasesQuery(**query)).rows]  # type: ignore[arg-type]


def test_filters_narrow_the_list_and_its_total(connection: Connection) -> None:
    """State, grade, process, lateness and words each leave out what does not fit."""
    add_case(connection, "a", grade="1级", is_overdue=True, customer="百灵文具", title="开胶")
    add_case(connection, "b", state="CLOSED", process_id="product_freeze")
    add_case(connection, "c", grade=None)

    assert numbers(connection, state="CLOSED") == ["b"]
    assert numbers(connection, grade="1级") == ["a"]
    assert numbers(connection, process_id="product_freeze") == ["b"]
    assert numbers(connection, overdue_only=True) == ["a"]
    assert numbers(connection, text="百灵 开胶") == ["a"]
    found = page(connection, AUDITOR, CasesQuery(state="OPEN", limit=1))
    assert (found.total, len(found.rows)) == (2, 1)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("is_descending", [True, False])
def test_pages_join_in_every_order(connection: Connection, sort: str, is_descending: bool) -> None:
    """Walking page by page gives every case once, missing values last."""
    for n in range(7):
        add_case(
            connection,
            f"n{n}",
            grade=None if n % 3 == 0 else f"{n % 2}级",
            deadline_at=None if n % 2 else NOW + timedelta(days=n),
            opened_at=NOW + timedelta(hours=n % 2),
        )
    query = {"sort": sort, "is_descending": is_descending}
    whole = numbers(connection, **query)

    walked: list[str] = []
    cursor: str | None = None
    while True:
        found = page(connection, AUDITOR, CasesQuery(cursor=cursor, limit=2, **query))  # type: ignore[arg-type]
        walked += [row.case_no for row in found.rows]
        cursor = found.next_cursor
        if cursor is None:
            break

    assert walked == whole
    assert sorted(walked) == [f"n{n}" for n in range(7)]


def test_an_order_that_does_not_exist_is_refused(connection: Connection) -> None:
    """Only the named columns may be sorted by."""
    with pytest.raises(BadInputError):
        numbers(connection, sort="customer")


def test_a_line_names_process_and_open_steps_and_masks_a_person(connection: Connection) -> None:
    """Each open step once; the name of a person is masked, that of a company is not (XC-P-4)."""
    add_process(connection)
    private = add_case(connection, "a", customer="欧阳娜娜", title="欧阳娜娜：少页")
    add_case(connection, "b", customer="百灵文具有限公司", title="百灵文具有限公司：少页")
    for name in ("会签", "会签", "界定问题"):
        add_task(connection, case_key=private, name=name)
    add_task(connection, case_key=private, name="已办", state="COMPLETED", completed_by="x")

    company, person_ = page(connection, AUDITOR, CasesQuery(sort="case_no")).rows

    assert (person_.customer, person_.title) == ("欧阳*先生/女士", "欧阳*先生/女士：少页")
    assert company.customer == "百灵文具有限公司"
    assert person_.process_name == "顾客反馈处理程序"
    assert person_.steps == ("会签", "界定问题")


def test_choices_to_filter_by_stay_when_a_filter_is_set(connection: Connection) -> None:
    """Grades are those of all cases, processes those that are deployed."""
    add_process(connection, "customer_feedback", name="顾客反馈")
    add_process(connection, "product_freeze")
    add_case(connection, "c")
    add_case(connection, "a", grade="1级")
    add_case(connection, "b", grade="2级", process_id="product_freeze")

    found = page(connection, AUDITOR, CasesQuery(grade="1级"))

    assert found.grades == ("1级", "2级")
    assert found.processes["customer_feedback"] == "顾客反馈"
    assert set(found.processes) == {"customer_feedback", "product_freeze"}


def test_a_long_list_is_counted_up_to_a_bound(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One more than the bound says that there are more."""
    monkeypatch.setattr(cases, "COUNTED", 2)
    for number in range(5):
        add_case(connection, f"n{number}")

    assert page(connection, AUDITOR, CasesQuery()).total == 3
