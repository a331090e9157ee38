"""An error as one sentence in the reader's language: what was expected and what is so.

English is what the error was raised with. Chinese is the reason of the rights or the sentence that the
error carries (written in Simplified), else one of `error_texts`, picked by its class and its facts.
"""

import re
from datetime import datetime

from service.api.error_texts import SENTENCES, Chinese
from service.api.field_texts import english_text
from service.api.operation_texts import REASONS
from service.api.words import BECAUSE, COMMAND, EXPECTED, FAILURE, RIGHTS_IN_TRADITIONAL, STATUSES
from service.domain.errors import (
    BadInputsError,
    BusyError,
    DeploymentRefusedError,
    FieldProblem,
    Finding,
    HuiyinError,
    OverloadedError,
)
from service.domain.languages import ENGLISH, TRADITIONAL
from service.feel import FeelSyntaxError, Text


def sentence(error: HuiyinError, language: str) -> str:
    """Return what is told about an error."""
    if language == ENGLISH:
        return _english(error)
    if isinstance(error, BadInputsError):
        return "".join(sentence(one, language) for one in error.each)
    reason = error.facts.get("reason")
    if language == TRADITIONAL and reason in RIGHTS_IN_TRADITIONAL:
        return RIGHTS_IN_TRADITIONAL[str(reason)]
    if reason in REASONS:
        return _in(language, REASONS[str(reason)]).format_map(_facts(error, language))
    if isinstance(error, FeelSyntaxError):
        return error.sentence.in_language(language)
    message = error.facts.get("message")
    if isinstance(message, str) and message:
        return message
    return _by_facts(error, language)


def command_sentence(text: str, command: str, code: str, language: str) -> str:
    """Return a sentence that begins with the command that was refused, in Camunda's words."""
    if language == ENGLISH:
        return f"Command '{command}' rejected with code '{code}': {text}"
    return _in(language, COMMAND).format(command, code, text)


def status_sentence(status: int, english: str, language: str) -> str:
    """Return what is told when HTTP itself refuses: `english`, or the Chinese sentence of the status."""
    if language == ENGLISH:
        return english
    return _in(language, STATUSES.get(status, STATUSES[400]))


def failure_sentence(request_id: str, language: str) -> str:
    """Return what is told about a bug of ours: the id in the log, and nothing of the inside."""
    if language == ENGLISH:
        return f"Expected to answer, but an unexpected error occurred; it is in the log as {request_id}."
    return _in(language, FAILURE).format(request_id)


def problem_sentence(problem: FieldProblem, language: str) -> str:
    """Return the sentence at a refused field: English, or the Chinese one the form gave."""
    return english_text(problem) if language == ENGLISH else problem.message


def finding_sentence(finding: Finding, language: str) -> str:
    """Return a finding with what to do instead; in English with its place in the file before it."""
    if language == TRADITIONAL:
        return finding.traditional
    if language != ENGLISH:
        return f"{finding.message}{finding.advice}"
    return f"{_place(finding)}{finding.english}"


def _english(error: HuiyinError) -> str:
    if isinstance(error, FeelSyntaxError):
        return error.sentence.english
    if not isinstance(error, DeploymentRefusedError) or not error.findings:
        return error.detail
    errors = [finding for finding in error.findings if finding.severity == "error"]
    first = next(iter(errors), error.findings[0])
    told = finding_sentence(first, ENGLISH)
    return f"Expected files without errors, but found {len(errors)}; the first: {told}"


def _place(finding: Finding) -> str:
    """Return where it stands; an element that the sentence names itself is not named twice."""
    is_named = finding.element_id is None or f"'{finding.element_id}'" in finding.english
    parts = (
        f"in '{finding.resource}'" if finding.resource else "",
        f"line {finding.line}" if finding.line else "",
        "" if is_named else f"at '{finding.element_id}'",
    )
    place = ", ".join(part for part in parts if part)
    return f"{place[0].upper()}{place[1:]}: " if place else ""


def _by_facts(error: HuiyinError, language: str) -> str:
    facts = _facts(error, language)
    found = next(
        one for one in SENTENCES if isinstance(error, one.kind) and one.facts <= facts.keys()
    )
    return _in(language, found.text).format_map(facts)


def _facts(error: HuiyinError, language: str) -> dict[str, str]:
    """Return the facts of an error as texts; a fact that is None is none."""
    given = ((name, value) for name, value in error.facts.items() if value not in (None, ""))
    facts = {name: _shown(value, language) for name, value in given}
    if isinstance(error, (BusyError, OverloadedError)):
        facts["retry_after_s"] = str(error.retry_after_s)
    if "expected" in facts:
        facts["expected"] = _expected(facts["expected"], language)
    if facts.get("because") in BECAUSE:
        facts["because"] = _in(language, BECAUSE[facts["because"]])
    return facts


def _shown(value: object, language: str) -> str:
    if isinstance(value, Text):
        return value.in_language(language)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return "、".join(map(str, value))
    return str(value)


def _expected(english: str, language: str) -> str:
    for pattern, text in EXPECTED.items():
        found = re.fullmatch(pattern, english)
        if found is not None:
            parts = (_expected(part, language) for part in found.groups())
            return _in(language, text).format(*parts)
    return english


def _in(language: str, text: Chinese) -> str:
    return text.traditional if language == TRADITIONAL else text.simplified
