"""Background jobs by name: what the queue carries is one of these names and a key, never data.

A job's effect happens once: the row it names (outbox, timer, clock, mail) says whether it is done, and a
second delivery finds it done and changes nothing.
"""

DELIVER_MAIL = "mails.deliver"
"""Sends the mail of that key (three retries: 1, 5, 30 minutes, XC-M-4)."""

NOTIFY_SIGNERS = "countersigns.notify"
"""Tells each signer of a countersign round (the element instance's key) that a signature is waited for."""

END_CHASE = "chases.end"
"""Tells the chase of the user task of that key that the task is over (XC-X-5)."""

FREEZE_ARCHIVE = "archives.freeze"
"""Makes the frozen file (PDF, JSON, attachments) of the archive of that key."""

FIRE_TIMERS = "timers.fire_due"
"""Fires BPMN timers that are due, batch after batch; subject key 0."""

DELIVER_SIGNAL = "signals.deliver"
"""Tells the receiver of the signal delivery of that key."""

RUN_CLOCK = "clocks.run"
"""Carries out the reminder or overdue mark of that key."""

PREPARE_BATCH = "batch_operations.prepare"
"""Finds the items of the batch operation of that key."""

RUN_BATCH_CHUNK = "batch_operations.run_chunk"
"""Works off the open items of the chunk whose first item has that key."""

POLL = "beat.poll"
"""Looks for timers that are due, claims clocks and unsent outbox rows; subject key 0."""

SWEEP = "beat.sweep"
"""Removes what is over: expired messages, unbound files, ended notices; subject key 0."""

RETAIN = "retention.run"
"""Freezes histories whose time is over and deletes confirmed ones; subject key 0."""

ALL = (
    DELIVER_MAIL,
    NOTIFY_SIGNERS,
    END_CHASE,
    FREEZE_ARCHIVE,
    FIRE_TIMERS,
    DELIVER_SIGNAL,
    RUN_CLOCK,
    PREPARE_BATCH,
    RUN_BATCH_CHUNK,
    POLL,
    SWEEP,
    RETAIN,
)
