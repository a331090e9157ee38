"""The beat: how often the database is looked through. Rows say what is due; beat only says «look»."""

from service.domain import jobs

SCHEDULE = {
    jobs.POLL: {"task": jobs.POLL, "schedule": 1.0, "args": ("0",), "options": {"expires": 5}},
    jobs.SWEEP: {
        "task": jobs.SWEEP,
        "schedule": 300.0,
        "args": ("0",),
        "options": {"expires": 300},
    },
}
"""Each entry expires before it piles up: a look that comes late is as good as the next one."""
