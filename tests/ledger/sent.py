"""What is on its way: outbox, signals, messages, batch operations; nothing waits that nobody will come for."""

from tests.ledger.rule import LIVE, Rule

_OPEN_ROW = "SELECT 1 FROM outbox o WHERE o.done_at IS NULL AND o.job = '{job}' AND o.subject_key ="


def _no_row(job: str, key: str) -> str:
    """Return the SQL condition that nobody will be sent to do a job."""
    return f"NOT EXISTS ({_OPEN_ROW.format(job=job)} {key})"


RULES = [
    Rule(
        "outbox row {key} ({job}) was done at {done_at}, before it was made",
        "SELECT key, job, done_at FROM outbox WHERE done_at < created_at",
    ),
    Rule(
        "signal delivery {key} is left, but nobody is sent to carry it out",
        f"""
        SELECT d.key FROM signal_deliveries d LEFT JOIN signals s ON s.key = d.signal_key
        WHERE s.key IS NULL OR {_no_row("signals.deliver", "d.key")}
        """,
    ),
    Rule(
        "message {key} ('{name}') waits, and so does subscription {subscription}, which it has not reached",
        """
        SELECT m.key, m.name, s.key AS subscription FROM messages m
        JOIN message_subscriptions s
        ON s.message_name = m.name AND s.correlation_key = m.correlation_key
        WHERE m.expires_at > :now AND (m.business_id IS NULL OR m.business_id = s.business_id)
        AND NOT EXISTS (SELECT 1 FROM message_correlations c
        WHERE c.message_key = m.key AND c.process_id = s.process_id)
        """,
    ),
    Rule(
        "message {key} ('{name}') waits, but could start '{process_id}'",
        f"""
        SELECT m.key, m.name, s.process_id FROM messages m
        JOIN start_events s ON s.kind = 'message' AND s.name = m.name
        JOIN process_definitions d ON d.key = s.process_key
        JOIN deployments p ON p.key = d.deployment_key
        WHERE m.expires_at > :now AND m.published_at > p.deployed_at
        AND NOT EXISTS (SELECT 1 FROM message_correlations c
        WHERE c.message_key = m.key AND c.process_id = s.process_id)
        AND NOT EXISTS (SELECT 1 FROM start_triggers t
        WHERE t.message_key = m.key AND t.process_id = s.process_id)
        AND NOT EXISTS (SELECT 1 FROM process_instances i WHERE i.process_id = s.process_id
        AND i.state IN {LIVE} AND i.start_correlation_key = m.correlation_key)
        """,
    ),
    Rule(
        "batch operation {key} is {state}, but started at {started_at} and ended at {ended_at}",
        """
        SELECT key, state, started_at, ended_at FROM batch_operations
        WHERE state NOT IN ('CREATED', 'ACTIVE', 'SUSPENDED', 'COMPLETED', 'CANCELED', 'FAILED')
        OR (state IN ('CREATED', 'ACTIVE', 'SUSPENDED')) <> (ended_at IS NULL)
        OR (state = 'CREATED' AND started_at IS NOT NULL)
        OR (state IN ('ACTIVE', 'COMPLETED') AND started_at IS NULL)
        OR started_at < created_at OR ended_at < started_at
        """,
    ),
    Rule(
        "item {key} of batch operation {batch_key} is {state}, processed at {processed_at}; the batch is "
        "{batch}",
        """
        SELECT t.key, t.batch_key, t.state, t.processed_at, b.state AS batch
        FROM batch_operation_items t LEFT JOIN batch_operations b ON b.key = t.batch_key
        WHERE b.key IS NULL OR t.state NOT IN ('ACTIVE', 'COMPLETED', 'CANCELED', 'FAILED', 'SKIPPED')
        OR (t.state = 'ACTIVE') <> (t.processed_at IS NULL)
        OR (t.state = 'ACTIVE' AND b.ended_at IS NOT NULL)
        OR (t.state = 'FAILED') <> (t.error IS NOT NULL)
        OR t.processed_at < b.created_at
        """,
    ),
    Rule(
        "item {key} names chunk {chunk_key}, which is no item of its batch operation",
        """
        SELECT t.key, t.chunk_key FROM batch_operation_items t
        LEFT JOIN batch_operation_items c ON c.key = t.chunk_key AND c.batch_key = t.batch_key
        WHERE c.key IS NULL
        """,
    ),
    Rule(
        "batch operation {key} waits for its items, but nobody is sent to find them",
        f"""
        SELECT b.key FROM batch_operations b
        WHERE b.state = 'CREATED' AND {_no_row("batch_operations.prepare", "b.key")}
        """,
    ),
    Rule(
        "batch operation {key} is at work, but nobody is sent to work off its items",
        """
        SELECT b.key FROM batch_operations b WHERE b.state = 'ACTIVE' AND NOT EXISTS (
        SELECT 1 FROM batch_operation_items t JOIN outbox o ON o.subject_key = t.chunk_key
        WHERE t.batch_key = b.key AND o.job = 'batch_operations.run_chunk' AND o.done_at IS NULL)
        """,
    ),
]

AT_REST = [
    Rule(
        "outbox row {key} ({job} {subject_key}) was sent {attempts} times, but is not done: {error}",
        "SELECT key, job, subject_key, attempts, error FROM outbox WHERE done_at IS NULL",
    ),
    Rule(
        "timer {key} was due at {due_at}, but is open (attempts: {attempts}, rests until {retry_at})",
        """
        SELECT key, due_at, attempts, retry_at FROM timers WHERE state = 'OPEN' AND due_at <= :now
        """,
    ),
]
"""What holds besides once the workers have done all that there is to do."""
