"""Working days, deadlines and the marks of a clock, for mainland China with 调休.

Pure: the caller brings the moments and the administrators' overrides; answers are in UTC.
"""

from service.sla.calendar import SHANGHAI, Day, DayOverride, WorkingCalendar, is_in_calendar
from service.sla.deadlines import (
    add_months,
    add_working_days,
    add_working_hours,
    end_of_day,
    is_working_day,
    working_days_between,
)
from service.sla.errors import NoWorkingTimeError
from service.sla.functions import calendar_functions
from service.sla.overdue import ClockMark, overdue_schedule

__all__ = [
    "SHANGHAI",
    "ClockMark",
    "Day",
    "DayOverride",
    "NoWorkingTimeError",
    "WorkingCalendar",
    "add_months",
    "add_working_days",
    "add_working_hours",
    "calendar_functions",
    "end_of_day",
    "is_in_calendar",
    "is_working_day",
    "overdue_schedule",
    "working_days_between",
]
