"""Priorities of user tasks, 0 to 100, as Camunda 8 has them."""

NORMAL_PRIORITY = 50
"""That of a task whose diagram says nothing."""

HIGHEST_PRIORITY = 100
