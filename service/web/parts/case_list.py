"""The list of cases: its rows, columns and filters, and the addresses that lead from one to the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from service.identity import Person
from service.reports import cases as report
from service.web.parts import case_view
from service.web.request.addresses import Choices
from service.web.words import formats
from service.web.words.texts import gettext

ENDPOINT = "web.cases.page"
NAMES = ("q", "grade", "state", "process", "overdue", "sort", "cursor")
PAGE_SIZE = 50
NEWEST = "-opened_at"


@dataclass(frozen=True)
class Row:
    """One case in the list."""

    case_no: str
    title: str
    customer: str
    grade: str
    state_text: str
    state_class: str
    is_open: bool
    is_overdue: bool
    deadline_at: datetime | None
    clock_state: str
    steps: str
    opened_at: datetime


@dataclass(frozen=True)
class Choice:
    """One value of a filter."""

    value: str
    label: str


@dataclass(frozen=True)
class Filter:
    """A drop-down above the list."""

    name: str
    label: str
    value: str
    choices: Sequence[Choice]


@dataclass(frozen=True)
class Column:
    """A column's head; `url` sorts by it, `aria_sort` says that it does."""

    label: str
    url: str = ""
    aria_sort: str = ""


class ListView:
    """The list of cases: rows, filters, columns and the addresses that lead from one to the other."""

    def __init__(self, chosen: Choices, page: report.CasesPage) -> None:
        """Take what the address says and what the report found."""
        self.chosen = chosen
        self.query = query_of(chosen)
        self.rows = [_row(row) for row in page.rows]
        self.total = str(page.total) if page.total <= report.COUNTED else f"{report.COUNTED}+"
        self._page = page

    @property
    def filters(self) -> list[Filter]:
        """The drop-downs."""
        states = [Choice(state, case_view.state_text(state)) for state in case_view.STATES]
        grades = [Choice(grade, grade) for grade in self._page.grades]
        processes = [Choice(key, name) for key, name in self._page.processes.items()]
        return [
            Filter("grade", gettext("等级"), self.chosen["grade"], grades),
            Filter("state", gettext("状态"), self.chosen["state"], states),
            Filter("process", gettext("流程"), self.chosen["process"], processes),
        ]

    @property
    def hidden_fields(self) -> list[tuple[str, str]]:
        """What the form of the filters carries along: how the list is sorted."""
        return self.chosen.hidden_fields(*(name for name in NAMES if name != "sort"))

    @property
    def columns(self) -> list[Column]:
        """The heads of the table."""
        return [
            self._sorted("case_no", gettext("案件号")),
            Column(gettext("标题")),
            Column(gettext("客户")),
            self._sorted("grade", gettext("等级")),
            Column(gettext("状态")),
            self._sorted("deadline_at", gettext("时限")),
            Column(gettext("当前环节")),
            self._sorted("opened_at", gettext("受理时间")),
        ]

    @property
    def first_url(self) -> str:
        """The first page, unless it is shown."""
        return self.chosen.url() if self.chosen["cursor"] else ""

    @property
    def next_url(self) -> str:
        """The page that follows, or an empty text at the end."""
        cursor = self._page.next_cursor
        return self.chosen.url(cursor=cursor) if cursor else ""

    def _sorted(self, field: str, label: str) -> Column:
        is_here = self.query.sort == field
        is_ascending = is_here and not self.query.is_descending
        url = self.chosen.url(sort=f"-{field}" if is_ascending else field)
        if not is_here:
            return Column(label, url)
        return Column(label, url, "ascending" if is_ascending else "descending")


def read(connection: Connection, person: Person, chosen: Choices) -> ListView:
    """Return the list that an address names, as far as this reader may read it."""
    return ListView(chosen, report.page(connection, person, query_of(chosen)))


def query_of(chosen: Choices) -> report.CasesQuery:
    """Return the report's query for what an address says; unknown words count as absent."""
    wanted = chosen["sort"] if chosen["sort"].removeprefix("-") in report.SORTS else NEWEST
    return report.CasesQuery(
        text=chosen["q"],
        grade=chosen["grade"] or None,
        state=chosen["state"] if chosen["state"] in case_view.STATES else None,
        process_id=chosen["process"] or None,
        overdue_only=chosen["overdue"] == "1",
        sort=wanted.removeprefix("-"),
        is_descending=wanted.startswith("-"),
        cursor=chosen["cursor"] or None,
        limit=PAGE_SIZE,
    )


def _row(row: report.CaseRow) -> Row:
    is_open = row.state == "OPEN"
    return Row(
        case_no=row.case_no,
        title=row.title,
        customer=row.customer,
        grade=row.grade or "",
        state_text=case_view.state_text(row.state),
        state_class=case_view.state_class(row.state),
        is_open=is_open,
        is_overdue=is_open and row.is_overdue,
        deadline_at=row.deadline_at,
        clock_state=formats.deadline_state(row.deadline_at, row.opened_at) if is_open else "",
        steps=gettext("、").join(row.steps),
        opened_at=row.opened_at,
    )
