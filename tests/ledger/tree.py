"""Instances, the elements in them, their variables and incidents: one inside the other, begun before ended."""

from tests.ledger.rule import LIVE, Rule

RULES = [
    Rule(
        "instance {key} is {state}, but its row says that it ended at {ended_at}, suspended at "
        "{suspended_at}, with an engine state of {size} bytes",
        f"""
        SELECT key, state, ended_at, suspended_at, length(engine_state) AS size FROM process_instances
        WHERE state NOT IN ('ACTIVE', 'SUSPENDED', 'COMPLETED', 'TERMINATED')
        OR (state IN {LIVE}) <> (ended_at IS NULL)
        OR (state = 'SUSPENDED') <> (suspended_at IS NOT NULL)
        OR (state IN {LIVE}) <> (length(engine_state) > 0)
        OR ended_at < started_at OR suspended_at < started_at
        """,
    ),
    Rule(
        "instance {key} names {root_key} as its root and {parent_instance_key} as its caller",
        """
        SELECT key, root_key, parent_instance_key FROM process_instances
        WHERE (parent_instance_key IS NULL) <> (root_key = key)
        OR (parent_instance_key IS NULL) <> (parent_element_instance_key IS NULL)
        OR (parent_instance_key IS NULL) <> (call_depth = 0)
        """,
    ),
    Rule(
        "instance {key} has another tree, depth or case than its caller {caller}",
        """
        SELECT i.key, p.key AS caller FROM process_instances i
        JOIN process_instances p ON p.key = i.parent_instance_key
        WHERE i.root_key <> p.root_key OR i.call_depth <> p.call_depth + 1
        OR i.case_key IS DISTINCT FROM p.case_key
        """,
    ),
    Rule(
        "instance {key} lives, but the call {caller} that made it is {type} {state}",
        f"""
        SELECT i.key, i.parent_element_instance_key AS caller, e.type, e.state
        FROM process_instances i LEFT JOIN element_instances e
        ON e.key = i.parent_element_instance_key AND e.instance_key = i.parent_instance_key
        WHERE i.state IN {LIVE} AND i.parent_instance_key IS NOT NULL
        AND (e.key IS NULL OR e.state <> 'ACTIVE' OR e.type <> 'CALL_ACTIVITY')
        """,
    ),
    Rule(
        "the call {caller} has {times} living instances",
        f"""
        SELECT parent_element_instance_key AS caller, count(*) AS times FROM process_instances
        WHERE state IN {LIVE} AND parent_element_instance_key IS NOT NULL
        GROUP BY parent_element_instance_key HAVING count(*) > 1
        """,
    ),
    Rule(
        "instance {key} is of version {version} of '{process_id}', which is not what definition "
        "{process_key} is",
        """
        SELECT i.key, i.version, i.process_id, i.process_key FROM process_instances i
        LEFT JOIN process_definitions d ON d.key = i.process_key
        WHERE d.key IS NULL OR d.process_id <> i.process_id OR d.version <> i.version
        """,
    ),
    Rule(
        "instance {key} is {state}, but the element of its process is {shown}",
        f"""
        SELECT i.key, i.state, e.state AS shown FROM process_instances i
        LEFT JOIN element_instances e ON e.key = i.key AND e.instance_key = i.key
        WHERE e.key IS NULL
        OR e.state <> CASE WHEN i.state IN {LIVE} THEN 'ACTIVE' ELSE i.state END
        """,
    ),
    Rule(
        "two living instances of '{process_id}' were started with the correlation key '{key}'",
        f"""
        SELECT process_id, start_correlation_key AS key FROM process_instances
        WHERE state IN {LIVE} AND start_correlation_key <> '' AND process_id IN (
        SELECT process_id FROM start_events WHERE kind = 'message')
        GROUP BY process_id, start_correlation_key HAVING count(*) > 1
        """,
    ),
    Rule(
        "element instance {key} ('{element_id}') is {state}, but began at {started_at} and ended at "
        "{ended_at}",
        """
        SELECT key, element_id, state, started_at, ended_at FROM element_instances
        WHERE state NOT IN ('ACTIVE', 'COMPLETED', 'TERMINATED')
        OR (state = 'ACTIVE') <> (ended_at IS NULL) OR ended_at < started_at
        """,
    ),
    Rule(
        "element instance {key} ('{element_id}') is active in {scope_key}, which is {state}",
        """
        SELECT e.key, e.element_id, e.scope_key, s.state FROM element_instances e
        LEFT JOIN element_instances s ON s.key = e.scope_key AND s.instance_key = e.instance_key
        WHERE e.state = 'ACTIVE' AND (s.key IS NULL OR s.state <> 'ACTIVE')
        """,
    ),
    Rule(
        "element instance {key} ('{element_id}') began or ended outside the time of its scope {scope}",
        """
        SELECT e.key, e.element_id, s.key AS scope FROM element_instances e
        JOIN element_instances s ON s.key = e.scope_key
        WHERE e.started_at < s.started_at OR e.ended_at > s.ended_at
        """,
    ),
    Rule(
        "element instance {key} has no instance {instance_key}",
        """
        SELECT e.key, e.instance_key FROM element_instances e
        LEFT JOIN process_instances i ON i.key = e.instance_key WHERE i.key IS NULL
        """,
    ),
    Rule(
        "instance {key} has {times} active incidents, but its mark says {mark}",
        """
        SELECT i.key, i.has_incident AS mark, count(n.key) AS times FROM process_instances i
        LEFT JOIN incidents n ON n.instance_key = i.key AND n.state = 'ACTIVE'
        GROUP BY i.key, i.has_incident HAVING i.has_incident <> (count(n.key) > 0)
        """,
    ),
    Rule(
        "element instance {key} is marked with incident {incident_key}, which is {state}",
        """
        SELECT e.key, e.incident_key, n.state FROM element_instances e
        LEFT JOIN incidents n ON n.key = e.incident_key AND n.element_instance_key = e.key
        WHERE e.incident_key IS NOT NULL AND (n.key IS NULL OR n.state <> 'ACTIVE')
        """,
    ),
    Rule(
        "incident {key} is active at element instance {element_instance_key} ('{element_id}'), which is "
        "{state}, called '{other_id}' and marked with {incident_key}",
        """
        SELECT n.key, n.element_instance_key, n.element_id, e.state, e.element_id AS other_id,
        e.incident_key FROM incidents n
        LEFT JOIN element_instances e ON e.key = n.element_instance_key
        WHERE n.state = 'ACTIVE' AND (e.key IS NULL OR e.state <> 'ACTIVE'
        OR e.instance_key <> n.instance_key OR e.element_id <> n.element_id
        OR e.incident_key IS DISTINCT FROM n.key)
        """,
    ),
    Rule(
        "incident {key} is {state}, but resolved at {resolved_at} by {resolved_by}",
        """
        SELECT key, state, resolved_at, resolved_by FROM incidents
        WHERE state NOT IN ('ACTIVE', 'RESOLVED')
        OR (state = 'ACTIVE') <> (resolved_at IS NULL) OR resolved_at < created_at
        """,
    ),
    Rule(
        "variable '{name}' of scope {scope_key} is none of instance {instance_key} and its root "
        "{root_key}",
        """
        SELECT v.name, v.scope_key, v.instance_key, v.root_key FROM variables v
        LEFT JOIN process_instances i ON i.key = v.instance_key
        LEFT JOIN element_instances e ON e.key = v.scope_key AND e.instance_key = v.instance_key
        WHERE i.key IS NULL OR e.key IS NULL OR i.root_key <> v.root_key
        """,
    ),
    Rule(
        "variable '{name}' of scope {scope_key} is live: {is_live}, but the scope is {scope} and the "
        "instance {instance}",
        f"""
        SELECT v.name, v.scope_key, v.is_live, e.state AS scope, i.state AS instance
        FROM variables v JOIN element_instances e ON e.key = v.scope_key
        JOIN process_instances i ON i.key = v.instance_key
        WHERE v.is_live <> (v.scope_key = i.key OR (i.state IN {LIVE} AND e.state = 'ACTIVE'))
        """,
    ),
    Rule(
        "flow '{flow_id}' was taken {times} times in instance {instance_key}",
        """
        SELECT f.flow_id, f.times, f.instance_key FROM taken_flows f
        LEFT JOIN process_instances i ON i.key = f.instance_key WHERE i.key IS NULL OR f.times < 1
        """,
    ),
    Rule(
        "instance {instance_key} keeps what call {caller} gave back, but is {state} and the call {call}",
        """
        SELECT r.instance_key, r.element_instance_key AS caller, i.state, e.state AS call
        FROM suspended_returns r LEFT JOIN process_instances i ON i.key = r.instance_key
        LEFT JOIN element_instances e ON e.key = r.element_instance_key
        WHERE i.key IS NULL OR e.key IS NULL OR i.state <> 'SUSPENDED'
        OR e.instance_key <> r.instance_key OR e.type <> 'CALL_ACTIVITY'
        """,
    ),
    Rule(
        "case {case_no} is {state}, closed at {closed_at}, but its instance is {instance}",
        f"""
        SELECT c.case_no, c.state, c.closed_at, i.state AS instance FROM cases c
        LEFT JOIN process_instances i ON i.key = c.root_instance_key
        WHERE (c.state = 'OPEN') <> (c.closed_at IS NULL)
        OR (i.key IS NOT NULL AND ((c.state = 'OPEN') <> (i.state IN {LIVE})
        OR (c.state = 'CLOSED') <> (i.state = 'COMPLETED')
        OR i.case_key IS DISTINCT FROM c.key OR i.key <> i.root_key))
        """,
    ),
]
