"""Ids and names that people and programs choose: what every client can send and read, and every index hold."""

from re import compile as compile_pattern

PATTERN = "[a-zA-Z0-9_~@.+-]{1,256}"
"""Source: Camunda 8's `IdentifierValidator`, and the types of its official clients."""

LONGEST_NAME = 256
"""Characters of an id or name that rows are found by: ids in diagrams, job types, names of variables, messages
and signals, correlation keys. Two of them fit into an entry of PostgreSQL's indexes (2,704 bytes).

Source: Camunda 8.9 with a relational database (`max-varchar-field-length`).
"""

RESERVED_HEADER = "io.camunda.zeebe:"
"""How the headers of a job begin that tell of its user task; no diagram writes such.

Source: Camunda 8 (`Protocol.RESERVED_HEADER_NAME_PREFIX`).
"""

EXPECTED = "1 to 256 of the characters a-z A-Z 0-9 _ ~ @ . + -"
"""What a refusal says of `PATTERN`."""

_PROCESS_ID = compile_pattern(r"[^\W\d][\w.-]*")

PROCESS_ID = "an id of a process: a letter or _, then letters, digits, _ - ."
"""What a refusal says of it. Source: Camunda 8.10 (`RequestValidator.PROCESS_DEFINITION_ID_PATTERN`)."""

DECISION_ID = "an id of a decision: a letter or _, then letters, digits, _ - ."
"""What a refusal says of the id of a decision, which is made as that of a process."""

_IDENTIFIER = compile_pattern(PATTERN)
_STEPS = frozenset({".", ".."})
"""In a path of the API they would name another path."""


def is_process_id(text: str) -> bool:
    """Return True when a process can have that id."""
    return _PROCESS_ID.fullmatch(text) is not None


def is_identifier(text: str) -> bool:
    """Return True when a text can be the id of somebody or something new."""
    return _IDENTIFIER.fullmatch(text) is not None and text not in _STEPS
