"""The history against the rows that it tells of, and what stands in the case file."""

from tests.ledger.rule import LIVE, Rule


def _told(kinds: str, name: str) -> str:
    """Return SQL that counts events of some kinds by the key in a detail."""
    return (
        f"SELECT detail ->> '{name}' AS about, count(*) AS times FROM events "
        f"WHERE kind IN ({kinds}) GROUP BY detail ->> '{name}'"
    )


_SUSPENDED = "sum(CASE e.kind WHEN 'instance.suspended' THEN 1 ELSE -1 END)"
"""How many times more often an instance was suspended than resumed; cancelled, it goes on by that."""

RULES = [
    Rule(
        "instance {key} is {state}, but the history tells of {begun} beginnings and {ended} ends as {how}",
        f"""
        SELECT i.key, i.state, count(CASE e.kind WHEN 'instance.started' THEN 1 END) AS begun,
        count(CASE e.kind WHEN 'instance.ended' THEN 1 END) AS ended, max(e.detail ->> 'state') AS how
        FROM process_instances i LEFT JOIN events e ON e.instance_key = i.key
        AND e.kind IN ('instance.started', 'instance.ended')
        GROUP BY i.key, i.state
        HAVING count(CASE e.kind WHEN 'instance.started' THEN 1 END) <> 1
        OR count(CASE e.kind WHEN 'instance.ended' THEN 1 END)
        <> CASE WHEN i.state IN {LIVE} THEN 0 ELSE 1 END
        OR (i.state NOT IN {LIVE} AND max(e.detail ->> 'state') <> i.state)
        """,
    ),
    Rule(
        "instance {key} is {state}, but was suspended {times} times more often than resumed or cancelled",
        f"""
        SELECT i.key, i.state, {_SUSPENDED} AS times
        FROM process_instances i JOIN events e ON e.instance_key = i.key
        AND e.kind IN ('instance.suspended', 'instance.resumed')
        GROUP BY i.key, i.state, i.root_key
        HAVING {_SUSPENDED} NOT IN (0, 1)
        OR (i.state = 'SUSPENDED' AND {_SUSPENDED} <> 1)
        OR (i.state = 'ACTIVE' AND {_SUSPENDED} <> 0 AND NOT EXISTS (SELECT 1 FROM events c
        WHERE c.instance_key = i.root_key AND c.kind = 'instance.canceled'))
        """,
    ),
    Rule(
        "task {key} is {state}, but the history tells {opened} times that it was opened, {done} times "
        "that it was completed, {gone} times that it was canceled",
        f"""
        SELECT t.key, t.state, o.times AS opened, d.times AS done, g.times AS gone FROM user_tasks t
        LEFT JOIN ({_told("'user_task.opened'", "task_key")}) o ON o.about = CAST(t.key AS TEXT)
        LEFT JOIN ({_told("'user_task.completed'", "task_key")}) d ON d.about = CAST(t.key AS TEXT)
        LEFT JOIN ({_told("'user_task.canceled'", "task_key")}) g ON g.about = CAST(t.key AS TEXT)
        WHERE coalesce(o.times, 0) <> 1
        OR coalesce(d.times, 0) <> CASE t.state WHEN 'COMPLETED' THEN 1 ELSE 0 END
        OR coalesce(g.times, 0) <> CASE t.state WHEN 'CANCELED' THEN 1 ELSE 0 END
        """,
    ),
    Rule(
        "job {key} is {state}, but the history tells {done} times that it was completed",
        f"""
        SELECT j.key, j.state, d.times AS done FROM jobs j
        LEFT JOIN ({_told("'job.completed'", "job_key")}) d ON d.about = CAST(j.key AS TEXT)
        WHERE coalesce(d.times, 0) <> CASE j.state WHEN 'COMPLETED' THEN 1 ELSE 0 END
        """,
    ),
    Rule(
        "incident {key} is {state}, but the history tells {raised} times that it was raised and {done} "
        "times that it was resolved",
        f"""
        SELECT n.key, n.state, r.times AS raised, d.times AS done FROM incidents n
        LEFT JOIN ({_told("'incident.raised'", "incident_key")}) r ON r.about = CAST(n.key AS TEXT)
        LEFT JOIN ({_told("'incident.resolved'", "incident_key")}) d ON d.about = CAST(n.key AS TEXT)
        WHERE coalesce(r.times, 0) <> 1
        OR coalesce(d.times, 0) > CASE n.state WHEN 'RESOLVED' THEN 1 ELSE 0 END
        """,
    ),
    Rule(
        "timer {key} is {state}, but the history tells {fired} times that it fired",
        f"""
        SELECT t.key, t.state, f.times AS fired FROM timers t
        LEFT JOIN ({_told("'timer.fired'", "timer_key")}) f ON f.about = CAST(t.key AS TEXT)
        WHERE coalesce(f.times, 0) <> CASE t.state WHEN 'FIRED' THEN 1 ELSE 0 END
        """,
    ),
    Rule(
        "case {case_no} is {state}, but the history tells of {opened} openings and {closed} ends",
        """
        SELECT c.case_no, c.state, count(CASE e.kind WHEN 'case.opened' THEN 1 END) AS opened,
        count(CASE e.kind WHEN 'case.closed' THEN 1 END) AS closed
        FROM cases c LEFT JOIN events e ON e.case_key = c.key
        GROUP BY c.key, c.case_no, c.state
        HAVING count(CASE e.kind WHEN 'case.opened' THEN 1 END) <> 1
        OR count(CASE e.kind WHEN 'case.closed' THEN 1 END)
        <> CASE c.state WHEN 'OPEN' THEN 0 ELSE 1 END
        """,
    ),
    Rule(
        "the end of batch operation {key}, which is {state}, is told {times} times",
        f"""
        SELECT b.key, b.state, d.times FROM batch_operations b
        LEFT JOIN ({_told("'operation.completed', 'operation.canceled'", "batch_key")}) d
        ON d.about = CAST(b.key AS TEXT)
        WHERE coalesce(d.times, 0) <> CASE WHEN b.state IN ('COMPLETED', 'CANCELED') THEN 1 ELSE 0 END
        """,
    ),
    Rule(
        "file {id} has {contents} contents, is bound: {is_bound}, of case {case_key}",
        """
        SELECT a.id, count(c.id) AS contents, a.is_bound, a.case_key FROM attachments a
        LEFT JOIN attachment_contents c ON c.id = a.id
        LEFT JOIN cases k ON k.key = a.case_key
        GROUP BY a.id, a.is_bound, a.case_key, k.key
        HAVING count(c.id) <> 1 OR (a.case_key IS NOT NULL AND k.key IS NULL)
        """,
    ),
    Rule(
        "the contents of file {id} are kept, but nothing is known of it",
        """
        SELECT c.id FROM attachment_contents c LEFT JOIN attachments a ON a.id = c.id
        WHERE a.id IS NULL
        """,
    ),
    Rule(
        "archive {archive_no} is {state}, but its file is {file}",
        """
        SELECT r.archive_no, r.state, r.file_attachment_id AS file FROM archives r
        LEFT JOIN attachments a ON a.id = r.file_attachment_id
        LEFT JOIN cases c ON c.key = r.case_key
        WHERE c.key IS NULL OR (r.file_attachment_id IS NOT NULL
        AND (a.id IS NULL OR a.sha256 <> r.sha256))
        """,
    ),
    Rule(
        "submission {key} of form '{form_id}' is of task {task_key}, which is {state}",
        """
        SELECT s.key, s.form_id, s.task_key, t.state FROM form_submissions s
        LEFT JOIN user_tasks t ON t.key = s.task_key
        WHERE s.task_key IS NOT NULL
        AND (t.key IS NULL OR t.instance_key <> s.instance_key OR s.submitted_at < t.created_at)
        """,
    ),
]
