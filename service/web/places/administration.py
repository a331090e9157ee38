"""管理: parameters and the working calendar. For administrators only (XC-P-5)."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from service.domain.errors import BadInputError, NotFoundError
from service.reports import parameters as report
from service.usecases import parameters
from service.web.frame import flashes
from service.web.frame.redirects import see_other
from service.web.request import current
from service.web.request.access import with_role
from service.web.words.texts import gettext

blueprint = Blueprint("administration", __name__)


@dataclass(frozen=True)
class Tab:
    """One page of the administration."""

    endpoint: str
    label: str


@dataclass(frozen=True)
class ParameterLine:
    """A parameter with its values as they are typed.

    Attributes:
        unit: Behind the value; empty where the value is yes or no.
        choices: The values, where one is chosen and not typed.
    """

    row: report.ParameterRow
    text: str
    default_text: str
    unit: str
    choices: tuple[str, ...]


@blueprint.app_context_processor
def _offer() -> dict[str, object]:
    return {"tabs_of_administration": tabs}


def tabs() -> list[Tab]:
    """Return the pages of the administration that the reader may open."""
    kept = Tab("web.histories.page", gettext("到期档案"))
    if not current.person().has_role("admin"):
        return [kept]
    return [
        Tab("web.administration.parameters_page", gettext("参数")),
        Tab("web.administration.calendar_page", gettext("工作日历")),
        Tab("web.people.page", gettext("人员与令牌")),
        Tab("web.groups.page", gettext("组")),
        Tab("web.mails.page", gettext("发出的邮件")),
        kept,
    ]


@blueprint.get("/administration")
@with_role("admin")
def parameters_page() -> Response:
    """Show every parameter with a field to change it."""
    with current.reading() as connection:
        rows = report.parameters(connection)
    lines = [_line(row) for row in rows]
    return make_response(render_template("parameters.html", lines=lines))


@blueprint.post("/administration/parameters/<key>")
@with_role("admin")
def change_parameter(key: str) -> Response:
    """Give a parameter the value that was typed."""
    with current.reading() as connection:
        row = next((row for row in report.parameters(connection) if row.key == key), None)
    if row is None:
        raise NotFoundError(f"Expected to find parameter '{key}', but there is none.")
    value = _read(row.default, request.form.get("value", "").strip())
    parameters.change(current.house(), current.person(), key, value)
    flashes.tell(gettext("「%(label)s」已保存", label=row.label))
    return see_other("web.administration.parameters_page")


@blueprint.get("/administration/calendar")
@with_role("admin")
def calendar_page() -> Response:
    """Show the days that were changed by hand, and whether this year and the next are announced."""
    with current.reading() as connection:
        rows = report.calendar_days(connection)
        years = report.calendar_years(connection, current.now())
    return make_response(render_template("calendar.html", rows=rows, years=years))


@blueprint.post("/administration/calendar")
@with_role("admin")
def set_day() -> Response:
    """Say that a day is worked or free, or take back what was said."""
    try:
        on = date.fromisoformat(request.form.get("day", ""))
    except ValueError as error:
        message = gettext("请输入有效的日期")
        raise BadInputError("Expected 'day' to be a date.", message=message) from error
    wanted = {"0": False, "1": True}.get(request.form.get("is_working", ""))
    name = request.form.get("name", "").strip()
    parameters.set_calendar_day(current.house(), current.person(), on, wanted, name)
    flashes.tell(gettext("%(day)s 已保存", day=on.isoformat()))
    return see_other("web.administration.calendar_page")


def _line(row: report.ParameterRow) -> ParameterLine:
    is_truth = isinstance(row.default, bool)
    return ParameterLine(
        row=row,
        text=_typed(row.value),
        default_text=_typed(row.default),
        unit="" if is_truth else row.unit or "",
        choices=(_typed(True), _typed(False)) if is_truth else (),
    )


def _typed(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return ", ".join(_typed(item) for item in value)
    return "" if value is None else str(value)


def _read(default: Any, text: str) -> Any:
    """Return what was typed as the kind of value the parameter has.

    Raises:
        BadInputError: It is another kind.
    """
    if isinstance(default, bool):
        return _truth(text)
    if isinstance(default, dict):
        return _object(text)
    if isinstance(default, list):
        first = default[0] if default else ""
        return [_read(first, part.strip()) for part in text.replace("，", ",").split(",")]
    if not isinstance(default, int | float):
        return text
    try:
        number = float(text)
    except ValueError as error:
        raise BadInputError("Expected a number.", message=gettext("请输入数字")) from error
    return int(number) if number.is_integer() else number


def _object(text: str) -> dict[str, Any]:
    """Return the JSON object that was typed; programs make such parameters over the API."""
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInputError("Expected JSON.", message=gettext("请输入 JSON 对象")) from error
    if not isinstance(value, dict):
        raise BadInputError("Expected a JSON object.", message=gettext("请输入 JSON 对象"))
    return value


def _truth(text: str) -> bool:
    truths = {gettext("是"): True, gettext("否"): False}
    if text not in truths:
        raise BadInputError("Expected yes or no.", message=gettext("请输入「是」或「否」"))
    return truths[text]
