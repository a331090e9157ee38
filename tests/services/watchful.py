"""A worker that sees at once when a child of it has died: `-A tests.services.watchful`.

The pipe of a child closes a moment before the child can be waited for. Celery, which asks in that moment,
finds it alive, and looks again after five seconds: nobody would do anything meanwhile.
"""

from celery.concurrency.asynpool import AsynPool

from workers import app as workers_app

SEEN_WITHIN_S = 0.05
"""After this the worker knows at the latest that a child is dead."""

app = workers_app.app
"""The Celery app, for the worker."""

# The period is no setting of Celery; what it does when it looks stays its own.
AsynPool.timers = property(lambda pool: {pool.maintain_pool: SEEN_WITHIN_S})
