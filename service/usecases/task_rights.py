"""The facts about a user task that questions of rights need; reports read them too."""

from service.persistence.task_facts import round_facts, task_facts

__all__ = ["round_facts", "task_facts"]
