"""What is waited for: jobs, user tasks, timers, subscriptions; each open row belongs to what is active."""

from tests.ledger.rule import LENGTH, LIVE, OPEN_TASK, Rule

_SUBSCRIPTIONS = [
    Rule(
        f"a {kind} subscription {{key}} is open at element instance {{element_instance_key}}, which is "
        "{state} in an instance that is {instance}",
        f"""
        SELECT s.key, s.element_instance_key, e.state, i.state AS instance
        FROM {kind}_subscriptions s LEFT JOIN element_instances e
        ON e.key = s.element_instance_key AND e.instance_key = s.instance_key
        LEFT JOIN process_instances i ON i.key = s.instance_key
        WHERE i.key IS NULL OR e.key IS NULL OR i.state <> 'ACTIVE' OR e.state <> 'ACTIVE'
        """,
    )
    for kind in ("message", "signal", "condition")
]

_ABOUT_TASKS = [
    Rule(
        f"a row of {table} is about task {{task_key}}, which is {{state}}",
        f"""
        SELECT a.task_key, t.state FROM {table} a LEFT JOIN user_tasks t ON t.key = a.task_key
        WHERE t.key IS NULL OR t.state NOT IN {states}
        """,
    )
    for table, states in (
        ("user_task_candidates", "('CREATED')"),
        ("user_task_drafts", OPEN_TASK),
        ("task_reads", OPEN_TASK),
        ("task_clocks", OPEN_TASK),
    )
]

RULES = [
    *_SUBSCRIPTIONS,
    *_ABOUT_TASKS,
    Rule(
        "job {key} is {state}, but ended at {ended_at}, worked on by '{worker}' until {deadline_at}",
        """
        SELECT key, state, ended_at, worker, deadline_at FROM jobs
        WHERE (ended_at IS NULL AND state NOT IN
        ('CREATED', 'ACTIVATED', 'FAILED', 'RETRIES_UPDATED', 'ERROR_THROWN'))
        OR (ended_at IS NOT NULL AND state NOT IN ('COMPLETED', 'CANCELED', 'ERROR_THROWN'))
        OR ended_at < created_at OR updated_at < created_at OR updated_at < ended_at
        OR (state = 'ACTIVATED' AND (deadline_at IS NULL OR worker = ''))
        OR (state IN ('CREATED', 'FAILED') AND deadline_at IS NOT NULL)
        """,
    ),
    Rule(
        "job {key} ({state}, suspended: {is_suspended}) is open at element instance "
        "{element_instance_key} ('{element_id}'), which is {element} and called '{other_id}' in an "
        "instance that is {instance}",
        f"""
        SELECT j.key, j.state, j.is_suspended, j.element_instance_key, j.element_id,
        e.state AS element, e.element_id AS other_id, i.state AS instance
        FROM jobs j LEFT JOIN element_instances e
        ON e.key = j.element_instance_key AND e.instance_key = j.instance_key
        LEFT JOIN process_instances i ON i.key = j.instance_key
        WHERE j.ended_at IS NULL AND (i.key IS NULL OR e.key IS NULL OR i.state NOT IN {LIVE}
        OR e.state <> 'ACTIVE' OR e.element_id <> j.element_id
        OR j.is_suspended <> (i.state = 'SUSPENDED'))
        """,
    ),
    Rule(
        "element instance {element_instance_key} has {times} open jobs",
        """
        SELECT element_instance_key, count(*) AS times FROM jobs WHERE ended_at IS NULL
        GROUP BY element_instance_key HAVING count(*) > 1
        """,
    ),
    Rule(
        "job {key} is {state} with {retries} retries, but has {times} active incidents",
        """
        SELECT j.key, j.state, j.retries, count(n.key) AS times FROM jobs j
        LEFT JOIN incidents n ON n.job_key = j.key AND n.state = 'ACTIVE'
        GROUP BY j.key, j.state, j.retries, j.ended_at
        HAVING count(n.key) <> CASE WHEN j.ended_at IS NULL AND (
        j.state IN ('ERROR_THROWN', 'RETRIES_UPDATED') OR (j.state = 'FAILED' AND j.retries <= 0)
        ) THEN 1 ELSE 0 END
        """,
    ),
    Rule(
        "incident {key} names job {job_key} of another element instance",
        """
        SELECT n.key, n.job_key FROM incidents n LEFT JOIN jobs j ON j.key = n.job_key
        WHERE n.job_key IS NOT NULL
        AND (j.key IS NULL OR j.element_instance_key <> n.element_instance_key)
        """,
    ),
    Rule(
        "task {key} is {state}, but ended at {completed_at} by {completed_by}, late: {is_late}",
        f"""
        SELECT key, state, completed_at, completed_by, is_late FROM user_tasks
        WHERE (state IN {OPEN_TASK}) <> (completed_at IS NULL)
        OR (completed_at IS NOT NULL AND state NOT IN ('COMPLETED', 'CANCELED'))
        OR (state = 'COMPLETED') <> (completed_by IS NOT NULL)
        OR (state = 'COMPLETED') <> (is_late IS NOT NULL) OR completed_at < created_at
        """,
    ),
    Rule(
        "task {key} ({state}, suspended: {is_suspended}) is open at element instance "
        "{element_instance_key} ('{element_id}'), which is {element} and called '{other_id}' in an "
        "instance that is {instance}",
        f"""
        SELECT t.key, t.state, t.is_suspended, t.element_instance_key, t.element_id,
        e.state AS element, e.element_id AS other_id, i.state AS instance
        FROM user_tasks t LEFT JOIN element_instances e
        ON e.key = t.element_instance_key AND e.instance_key = t.instance_key
        LEFT JOIN process_instances i ON i.key = t.instance_key
        WHERE t.state IN {OPEN_TASK} AND (i.key IS NULL OR e.key IS NULL
        OR i.state NOT IN {LIVE} OR e.state <> 'ACTIVE' OR e.type <> 'USER_TASK'
        OR e.element_id <> t.element_id OR e.scope_key <> t.scope_key
        OR t.is_suspended <> (i.state = 'SUSPENDED'))
        """,
    ),
    Rule(
        "task {key} names another tree, case or process than its instance {instance_key}",
        f"""
        SELECT t.key, t.instance_key FROM user_tasks t
        JOIN process_instances i ON i.key = t.instance_key
        WHERE t.root_key <> i.root_key OR t.case_key IS DISTINCT FROM i.case_key
        OR (t.state IN {OPEN_TASK} AND (t.process_key <> i.process_key
        OR t.process_id <> i.process_id OR t.version <> i.version))
        """,
    ),
    Rule(
        "element instance {element_instance_key} has {times} open tasks",
        f"""
        SELECT element_instance_key, count(*) AS times FROM user_tasks WHERE state IN {OPEN_TASK}
        GROUP BY element_instance_key HAVING count(*) > 1
        """,
    ),
    Rule(
        "task {key} is {state} and names {named} candidates, but {listed} are listed",
        f"""
        SELECT t.key, t.state,
        {LENGTH}(t.candidate_groups) + {LENGTH}(t.candidate_users) AS named, count(c.name) AS listed
        FROM user_tasks t LEFT JOIN user_task_candidates c ON c.task_key = t.key
        WHERE t.state = 'CREATED' GROUP BY t.key, t.state, t.candidate_groups, t.candidate_users
        HAVING count(c.name) > {LENGTH}(t.candidate_groups) + {LENGTH}(t.candidate_users)
        OR (count(c.name) = 0 AND {LENGTH}(t.candidate_groups) + {LENGTH}(t.candidate_users) > 0)
        """,
    ),
    Rule(
        "the list of candidate '{name}' shows task {task_key} otherwise than it is",
        """
        SELECT c.name, c.task_key FROM user_task_candidates c JOIN user_tasks t ON t.key = c.task_key
        WHERE c.process_id <> t.process_id OR c.due_at IS DISTINCT FROM t.due_at
        OR c.is_free <> (coalesce(t.assignee, '') = '') OR c.created_at <> t.created_at
        """,
    ),
    Rule(
        "the clock of task {task_key} is {state}, but its instance {instance}",
        """
        SELECT k.task_key, k.state, i.state AS instance FROM task_clocks k
        JOIN user_tasks t ON t.key = k.task_key JOIN process_instances i ON i.key = t.instance_key
        WHERE (k.state = 'SUSPENDED') <> (i.state = 'SUSPENDED')
        """,
    ),
    Rule(
        "what was asked of task {task_key} ({event}) came to {outcome} at {ended_at}; the task is {state}",
        """
        SELECT a.task_key, a.event, a.outcome, a.ended_at, t.state FROM user_task_changes a
        LEFT JOIN user_tasks t ON t.key = a.task_key
        WHERE t.key IS NULL OR (a.outcome IS NULL) <> (a.ended_at IS NULL)
        OR (a.outcome IS NULL AND t.state NOT IN (a.event, 'CANCELING'))
        """,
    ),
    Rule(
        "timer {key} is {state}, but fired at {fired_at}",
        """
        SELECT key, state, fired_at FROM timers
        WHERE state NOT IN ('OPEN', 'SUSPENDED', 'FIRED', 'CANCELED')
        OR (state = 'FIRED') <> (fired_at IS NOT NULL) OR fired_at < due_at
        """,
    ),
    Rule(
        "timer {key} is {state} at element instance {element_instance_key}, which is {element} in an "
        "instance that is {instance}, of process {process_key}",
        """
        SELECT t.key, t.state, t.element_instance_key, e.state AS element, i.state AS instance,
        i.process_key FROM timers t LEFT JOIN element_instances e
        ON e.key = t.element_instance_key AND e.instance_key = t.instance_key
        LEFT JOIN process_instances i ON i.key = t.instance_key
        WHERE t.instance_key IS NOT NULL AND t.state IN ('OPEN', 'SUSPENDED')
        AND (i.key IS NULL OR e.key IS NULL OR e.state <> 'ACTIVE'
        OR i.state <> CASE t.state WHEN 'OPEN' THEN 'ACTIVE' ELSE 'SUSPENDED' END
        OR t.process_key <> i.process_key)
        """,
    ),
    Rule(
        "timer {key} starts instances of definition {process_key}, which is not the newest of its process",
        """
        SELECT t.key, t.process_key FROM timers t
        LEFT JOIN process_definitions d ON d.key = t.process_key
        WHERE t.instance_key IS NULL AND t.state IN ('OPEN', 'SUSPENDED')
        AND (d.key IS NULL OR NOT d.is_latest OR t.state <> 'OPEN')
        """,
    ),
    Rule(
        "subscription {key} names process '{process_id}', its instance is one of '{other_id}'",
        """
        SELECT s.key, s.process_id, i.process_id AS other_id FROM message_subscriptions s
        JOIN process_instances i ON i.key = s.instance_key WHERE s.process_id <> i.process_id
        """,
    ),
    Rule(
        "the start event '{element_id}' of definition {process_key} listens, which is not the newest",
        """
        SELECT s.element_id, s.process_key FROM start_events s
        LEFT JOIN process_definitions d ON d.key = s.process_key
        WHERE d.key IS NULL OR NOT d.is_latest OR d.process_id <> s.process_id
        """,
    ),
]
