"""What surrounds every page: navigation with its counts, the reader, the languages."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Blueprint, g, request, url_for

from service.reports.inbox_counts import AtIcons, at_icons
from service.web.frame import assets, flashes
from service.web.request import current, session
from service.web.request.languages import LANGUAGES, html_tag
from service.web.words import formats
from service.web.words.texts import gettext

BUNDLE_BY_KIND = {
    "form": "form.js",
    "diagram": "monitor.js",
    "decision": "dmn.js",
}
"""The bundle of each kind of island; a page loads it with its first one, which htmx may bring later."""


@dataclass(frozen=True)
class Place:
    """One entry of the navigation.

    Attributes:
        blueprints: The places whose pages mark the entry as the present one.
        count: Red number at the icon; 0 shows none.
        is_on_phone: Whether the narrow bottom bar shows it too; else it stands under «更多».
    """

    blueprints: tuple[str, ...]
    endpoint: str
    icon: str
    label: str
    count: int = 0
    is_on_phone: bool = True

    @cached_property
    def url(self) -> str:
        """Where the entry leads."""
        return url_for(self.endpoint)

    @cached_property
    def is_here(self) -> bool:
        """Whether the page that is asked for belongs to this place."""
        return (request.blueprint or "").removeprefix("web.") in self.blueprints


def register(pages: Blueprint) -> None:
    """Give the templates of the pages what they may call."""

    @pages.app_context_processor
    def _offer() -> dict[str, Any]:
        return {
            "asset_url": assets.asset_url,
            "deadline": formats.deadline,
            "deadline_text": formats.deadline_text,
            "entry": assets.entry,
            "entry_of": _entry_of,
            "flashed": flashes.told,
            "here": _here,
            "signed_in_as": current.username,
            "html_lang": lambda: html_tag(session.language()),
            "html_tag": html_tag,
            "icon": assets.icon,
            "initial": formats.initial,
            "island_bundles": _island_bundles,
            "language": session.language,
            "languages": lambda: LANGUAGES,
            "moment": formats.moment,
            "now": current.now,
            "places": places,
            "plain_time": formats.plain_time,
            "reader": current.person,
            "relative_time": formats.relative_time,
            "size": formats.size,
            "unread_count": unread_count,
        }


def places() -> list[Place]:
    """Return the navigation of the reader, top to bottom."""
    person = current.person()
    found = [
        Place(("inbox", "task"), "web.inbox.page", "inbox", gettext("任务"), _counts().open_tasks),
        Place(("start",), "web.start.page", "send", gettext("发起")),
        Place(("cases",), "web.cases.page", "messages", gettext("案件")),
        Place(
            ("processes", "operations", "migrations", "start_triggers"),
            "web.processes.page",
            "sitemap",
            gettext("流程"),
        ),
        Place(
            ("notifications",),
            "web.notifications.page",
            "bell",
            gettext("站内信"),
            unread_count(),
            is_on_phone=False,
        ),
    ]
    if person.has_role("admin"):
        found.append(_administration())
    elif person.has_role("auditor"):
        found.append(_histories())
    return found


def unread_count() -> int:
    """Return how many letters the reader has not read."""
    return _counts().letters


def show_counts(counts: AtIcons) -> None:
    """Let the icons show numbers that the page has read anyway."""
    g.counts = counts


def _counts() -> AtIcons:
    if "counts" not in g:
        with current.asking() as connection:
            show_counts(at_icons(connection, current.person()))
    found: AtIcons = g.counts
    return found


def _administration() -> Place:
    return Place(
        ("administration", "groups", "histories", "mails", "people"),
        "web.administration.parameters_page",
        "settings",
        gettext("管理"),
        is_on_phone=False,
    )


def _histories() -> Place:
    """Return the one page of the administration that auditors read."""
    return Place(
        ("histories",), "web.histories.page", "archive", gettext("到期档案"), is_on_phone=False
    )


def _island_bundles() -> dict[str, dict[str, Any]]:
    """Return the addresses of the bundles by kind of island, as `app.js` reads them."""
    return {kind: _addresses(assets.entry(name)) for kind, name in BUNDLE_BY_KIND.items()}


def _addresses(bundle: assets.Entry) -> dict[str, Any]:
    return {
        "file": assets.asset_url(bundle.file),
        "css": [assets.asset_url(name) for name in bundle.css],
    }


def _entry_of(kind: str) -> assets.Entry:
    """Return the bundle of a kind of island."""
    return assets.entry(BUNDLE_BY_KIND[kind])


def _here() -> str:
    return request.full_path.rstrip("?") if request.method == "GET" else "/"
