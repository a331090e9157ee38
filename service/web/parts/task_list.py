"""The list of tasks: its rows, tabs and filters, and the addresses that lead from one to the other."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from flask import url_for
from markupsafe import Markup
from sqlalchemy import Connection

from service.domain.priorities import NORMAL_PRIORITY
from service.identity import Person
from service.reports import inbox as report
from service.web.frame import shell
from service.web.frame.assets import icon
from service.web.request import current
from service.web.request.addresses import Choices, numbered
from service.web.words import formats
from service.web.words.texts import gettext

ENDPOINT = "web.inbox.page"
NAMES = ("tab", "q", "process", "late", "near", "sort", "cursor")
PAGE_SIZE = 50
HIGH_PRIORITY = 65
URGENT_PRIORITY = 85


@dataclass(frozen=True)
class Row:
    """One line of the list, as it is shown: a task, or on the tab of copies a case."""

    task_key: int | None
    url: str
    title: str
    place: str
    customer: str
    grade: str
    at: Markup
    deadline: Markup
    priority_class: str
    overdue_level: int
    attachment_count: int
    is_unread: bool
    is_suspended: bool

    @property
    def is_task(self) -> bool:
        """Whether it can be opened beside the list."""
        return self.task_key is not None


@dataclass(frozen=True)
class Tab:
    """One of the four lists."""

    key: str
    label: str
    count: int | None
    is_here: bool


@dataclass(frozen=True)
class Chip:
    """A filter to switch on and off."""

    icon: str
    label: str
    is_on: bool
    url: str
    count: int = 0


@dataclass(frozen=True)
class Emptiness:
    """What an empty list says."""

    icon: str
    title: str
    text: str


class ListView:
    """The list pane: rows, tabs, filters and the addresses that lead from one to the other."""

    def __init__(self, chosen: Choices, page: report.InboxPage, now: datetime) -> None:
        """Take what the address says and what the report found at a moment."""
        self.chosen = chosen
        self.query = query_of(chosen)
        self.rows = [self._row(row, now) for row in page.rows]
        self.processes = page.processes
        self._counts = page.counts
        self._next_cursor = page.next_cursor

    def url(self, **changes: str) -> str:
        """Return the address of the list with some choices changed."""
        return self.chosen.url(**changes)

    def hidden_fields(self, *typed: str) -> list[tuple[str, str]]:
        """Return the choices that a search carries along."""
        return self.chosen.hidden_fields(*typed)

    @cached_property
    def tabs(self) -> list[Tab]:
        """The four lists with their counts."""
        counts = self._counts
        numbers = {"mine": counts.mine, "claimable": counts.claimable, "cc": counts.cc}
        return [
            Tab(key, label, numbers.get(key), key == self.query.tab)
            for key, label in _tab_labels().items()
        ]

    @property
    def tab_label(self) -> str:
        """What the list shown is called."""
        return _tab_labels()[self.query.tab]

    @property
    def process_label(self) -> str:
        """The process that is filtered by, or «all»."""
        names = {choice.process_id: choice.name for choice in self.processes}
        wanted = self.query.process_id
        return str(names.get(wanted, wanted)) if wanted else gettext("全部流程")

    @property
    def chips(self) -> list[Chip]:
        """The filters by clock."""
        if self.query.tab == "done":
            return []
        late, near = self.query.overdue_only, self.query.near_only
        # Of the other lists it is not counted.
        is_counted = self.query.tab == "mine"
        return [
            Chip(
                "alert-triangle",
                gettext("已超时"),
                late,
                self.url(near="", late="" if late else "1"),
                self._counts.overdue if is_counted else 0,
            ),
            Chip(
                "hourglass",
                gettext("即将超时"),
                near,
                self.url(late="", near="" if near else "1"),
                self._counts.near if is_counted else 0,
            ),
        ]

    @property
    def sort_label(self) -> str:
        """How the list is sorted."""
        is_by_due = self.query.sort == "due"
        return gettext("时限优先") if is_by_due else gettext("最新优先")

    @property
    def other_sort_url(self) -> str:
        """The same list in the other order."""
        return self.url(sort="newest" if self.query.sort == "due" else "")

    @property
    def more_url(self) -> str:
        """Where the list goes on, or an empty text at its end."""
        return self.url(cursor=self._next_cursor) if self._next_cursor else ""

    @property
    def empty(self) -> Emptiness:
        """What is said in place of rows."""
        if any(self.chosen[name] for name in ("q", "process", "late", "near")):
            return Emptiness(
                "search", gettext("没有符合条件的任务"), gettext("换一个关键词，或者放宽筛选条件。")
            )
        return _emptiness()[self.query.tab]

    def _row(self, row: report.InboxRow, now: datetime) -> Row:
        return Row(
            task_key=row.task_key,
            url=self._url_of(row),
            title=row.title,
            place=f"{row.process_name} · {row.name}",
            customer=row.customer,
            grade=row.grade or "",
            at=formats.relative_time(row.created_at, now),
            deadline=self._deadline(row, now),
            priority_class=priority_class(row.priority),
            overdue_level=row.overdue_level,
            attachment_count=row.attachment_count,
            is_unread=row.is_unread,
            is_suspended=row.is_suspended,
        )

    def _deadline(self, row: report.InboxRow, now: datetime) -> Markup:
        if row.due_at is None or self.query.tab == "done":
            return Markup("")
        found = formats.deadline(row.due_at, row.began_at, now)
        late, in_time = self._signs
        sign = late if found.state == "is-late" else in_time
        return found.mark(f"hy-clock {found.state}", sign)

    @cached_property
    def _signs(self) -> tuple[Markup, Markup]:
        """The icons of deadlines: past ones, and others."""
        return icon("alert-triangle"), icon("hourglass")

    def _url_of(self, row: report.InboxRow) -> str:
        if row.task_key is None:
            return url_for("web.cases.case", case_no=row.case_no)
        return self._task_url(row.task_key)

    @cached_property
    def _task_url(self) -> Callable[[int], str]:
        """The address of a task, which leads back to this list."""
        tab = None if self.query.tab == "mine" else self.query.tab
        return numbered("web.task.page", "task_key", tab=tab)


def read(connection: Connection, person: Person, chosen: Choices) -> ListView:
    """Return the list that an address names; its counts are those of the icons around it, too."""
    now = current.now()
    found = report.page(connection, person, query_of(chosen), now)
    shell.show_counts(found.counts.at_icons)
    return ListView(chosen, found, now)


def query_of(chosen: Choices) -> report.InboxQuery:
    """Return the report's query for what an address says; unknown words count as absent."""
    tab = chosen["tab"] if chosen["tab"] in report.TABS else "mine"
    return report.InboxQuery(
        tab=tab,
        text=chosen["q"],
        process_id=chosen["process"] or None,
        overdue_only=chosen["late"] == "1",
        near_only=chosen["near"] == "1",
        sort="newest" if chosen["sort"] == "newest" else "due",
        cursor=chosen["cursor"] or None,
        limit=PAGE_SIZE,
    )


def priority_class(priority: int) -> str:
    """Return the colour of a priority (0 to 100, 50 is normal)."""
    if priority >= URGENT_PRIORITY:
        return "is-urgent"
    if priority >= HIGH_PRIORITY:
        return "is-high"
    return "is-low" if priority < NORMAL_PRIORITY else ""


_EMPTY_ICONS = {"mine": "circle-check", "claimable": "inbox", "done": "history", "cc": "mail"}


def _tab_labels() -> dict[str, str]:
    return {
        "mine": gettext("待办"),
        "claimable": gettext("可领取"),
        "done": gettext("已办"),
        "cc": gettext("抄送"),
    }


def _emptiness() -> dict[str, Emptiness]:
    texts = {
        "mine": (gettext("待办已清空"), gettext("可以到「可领取」看看同组还有哪些任务等待办理。")),
        "claimable": (
            gettext("没有可领取的任务"),
            gettext("分派给您所在的组、还没有人领取的任务会出现在这里。"),
        ),
        "done": (gettext("还没有办过任务"), gettext("您办理完成的任务会按时间列在这里。")),
        "cc": (gettext("没有抄送给您的案件"), gettext("抄送给您或您所在的组的案件会出现在这里。")),
    }
    return {tab: Emptiness(_EMPTY_ICONS[tab], *text) for tab, text in texts.items()}
