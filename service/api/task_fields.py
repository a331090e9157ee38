"""Fields of a user task that a program may change, by the names that the API has for them."""

MOMENTS = {"dueDate": "due_at", "followUpDate": "follow_up_at"}
LISTS = {"candidateGroups": "candidate_groups", "candidateUsers": "candidate_users"}
