"""Checks of date, time and date-time fields, and how the server writes such a value itself."""

from datetime import UTC, date, datetime, timedelta
from re import compile as compile_pattern
from typing import Any

from service.forms.checked import Checked, Fault, Place
from service.forms.model import Component
from service.sla import is_in_calendar

_DATE = compile_pattern(r"\d{4}-\d{2}-\d{2}")
_CLOCK = r"(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d)(?::[0-5]\d(?:\.\d{1,9})?)?"
_ZONE = r"(?P<zone>Z|[+-](?:0\d|1[0-4]):[0-5]\d)?"
_TIME = compile_pattern(_CLOCK + _ZONE)
_DATETIME = compile_pattern(r"(?P<date>\d{4}-\d{2}-\d{2})T" + _CLOCK + _ZONE)
_INTERVALS = frozenset({1, 5, 10, 15, 30, 60})


def check_moment(component: Component, value: Any, place: Place) -> Checked:
    """Return the text of a moment and what is wrong with it; None and «» are nothing entered.

    The text must be written as the form's `subtype` and `timeSerializingFormat` say. Passed dates
    and the time interval, which form-js leaves to the browser, are checked here too.
    """
    if value is None or value == "":
        return Checked(None)
    subtype = subtype_of(component)
    match = _SHAPES[subtype].fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return Checked(value, (Fault(subtype),))
    parts = match.groupdict()
    day = _day(parts.get("date") or (value if subtype == "date" else ""))
    if subtype != "time" and day is None:
        return Checked(value, (Fault(subtype),))
    if subtype != "date" and not _is_zone_right(component, parts["zone"]):
        return Checked(value, (Fault(subtype),))
    if subtype == "datetime" and not is_in_calendar(_aware(value, place)):
        return Checked(value, (Fault(subtype),))
    faults = [*_passed_faults(component, value, day, place), *_interval_faults(component, parts)]
    return Checked(value, tuple(faults))


def subtype_of(component: Component) -> str:
    """Return `date`, `time` or `datetime`; form-js's default is a date."""
    return str(component.raw.get("subtype") or "date")


def write_moment(component: Component, moment: datetime, place_zone: Any) -> str:
    """Return a moment as this field stores it, to the second."""
    local = moment.astimezone(place_zone)
    subtype = subtype_of(component)
    if component.type == "datetime" and subtype == "date":
        return local.date().isoformat()
    written = component.raw.get("timeSerializingFormat") or "utc_offset"
    if written == "utc_normalized":
        local = local.astimezone(UTC)
    text = local.replace(tzinfo=None).isoformat(timespec="seconds")
    zone = {"utc_normalized": "Z", "no_timezone": ""}.get(written, _offset(local))
    return (text[11:] if component.type == "datetime" and subtype == "time" else text) + zone


def _offset(local: datetime) -> str:
    return local.isoformat()[-6:]


def _aware(text: str, place: Place) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=place.surroundings.zone)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _is_zone_right(component: Component, zone: str | None) -> bool:
    written = component.raw.get("timeSerializingFormat")
    if written == "utc_normalized":
        return zone == "Z"
    if written == "utc_offset":
        return zone is not None
    return written is None or zone is None


def _passed_faults(component: Component, text: str, day: date | None, place: Place) -> list[Fault]:
    if not component.raw.get("disallowPassedDates") or day is None:
        return []
    zone = place.surroundings.zone
    if "T" in text:
        day = _aware(text, place).astimezone(zone).date()
    return [Fault("passed_date")] if day < place.surroundings.now.astimezone(zone).date() else []


def _interval_faults(component: Component, parts: dict[str, str | None]) -> list[Fault]:
    interval = component.raw.get("timeInterval")
    if interval not in _INTERVALS or not parts.get("hour"):
        return []
    passed = timedelta(hours=int(parts["hour"] or 0), minutes=int(parts["minute"] or 0))
    if passed % timedelta(minutes=interval):
        return [Fault("time_interval", {"minutes": interval})]
    return []


_SHAPES = {"date": _DATE, "time": _TIME, "datetime": _DATETIME}
