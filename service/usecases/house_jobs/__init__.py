"""The house jobs (docs/dialect.md §1), a module a topic: what Huiyin does itself inside the transaction."""

from service.usecases.execution.registry import gather
from service.usecases.house_jobs import archive, cases, history, messages, notices, notify

HANDLERS = gather(
    archive.HANDLERS,
    cases.HANDLERS,
    history.HANDLERS,
    messages.HANDLERS,
    notices.HANDLERS,
    notify.HANDLERS,
)
"""Handler by job type."""
