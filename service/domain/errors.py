"""Every error the house answers with, as one tree.

    HuiyinError
    ├── NotFoundError            404  the thing named does not exist (or may not be known)
    ├── NotAllowedError          403  known who, but not allowed
    ├── NotSignedInError         401  nobody is known
    ├── WrongStateError          409  the thing is not in the state the command expects
    │   └── AlreadyExistsError   409  one of that name or id exists
    ├── BusyError                409  somebody else holds the row just now; try again
    ├── OverloadedError          503  more work than is accepted; try later
    │   └── UnavailableError     503  the database does not answer; try later
    ├── BadInputError            400  what was sent cannot be taken; says what was expected
    │   ├── BadInputsError       400  several things at once, each an error of its own
    │   ├── InvalidFormError     422  form values refused, field by field
    │   └── DeploymentRefusedError 400  files refused as a whole, finding by finding
    └── NotSupportedError        501  the API has it, we do not; says why

Anything else that is raised is our own bug (500).
Each error has a stable `code` and carries its data as fields; its text says what was expected
and what is so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field


class HuiyinError(Exception):
    """The root: an answer to a command, not a bug.

    Attributes:
        code: Stable name for programs, in the words of Camunda 8's problem titles.
        detail: One sentence for people: what was expected and what is so.
        facts: The data behind the sentence, by name (ids, keys, limits), for translated texts.
    """

    code = "UNKNOWN"

    def __init__(self, detail: str, **facts: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.facts = facts


class NotFoundError(HuiyinError):
    """The thing named does not exist, or the asker may not know that it does."""

    code = "NOT_FOUND"


class NotAllowedError(HuiyinError):
    """The person is known and may not do this."""

    code = "FORBIDDEN"


class NotSignedInError(HuiyinError):
    """Nobody is signed in, or the credentials are wrong."""

    code = "UNAUTHORIZED"


class WrongStateError(HuiyinError):
    """The thing is not in the state that the command expects."""

    code = "INVALID_STATE"


class AlreadyExistsError(WrongStateError):
    """A thing of that name or id exists already."""

    code = "ALREADY_EXISTS"


class BusyError(HuiyinError):
    """Another command holds the row; the same command may succeed after `retry_after_s` seconds."""

    code = "BUSY"

    def __init__(self, detail: str, retry_after_s: int = 1, **facts: object) -> None:
        super().__init__(detail, **facts)
        self.retry_after_s = retry_after_s


class OverloadedError(HuiyinError):
    """More work waits than is accepted; nothing was done. Try after `retry_after_s` seconds."""

    code = "RESOURCE_EXHAUSTED"

    def __init__(self, detail: str, retry_after_s: int = 5, **facts: object) -> None:
        super().__init__(detail, **facts)
        self.retry_after_s = retry_after_s


class UnavailableError(OverloadedError):
    """The database does not answer, or was lost in the middle: nothing is half-written.

    Only of a connection that was lost during a commit nobody knows whether that took place; the same
    command, sent again, then finds it done.
    """

    code = "UNAVAILABLE"


class BadInputError(HuiyinError):
    """What was sent cannot be taken: wrong type, missing, malformed."""

    code = "INVALID_ARGUMENT"


class BadInputsError(BadInputError):
    """Several things that were sent cannot be taken.

    Attributes:
        each: What is wrong with each.
    """

    def __init__(self, each: Sequence[BadInputError]) -> None:
        super().__init__(" ".join(one.detail for one in each))
        self.each = tuple(each)


@dataclass(frozen=True)
class FieldProblem:
    """One refused form value.

    Attributes:
        path: Where the value stands in what was submitted, dotted, list positions as numbers
            (`stock_list.0.quantity`); for an unknown key, that key.
        field_id: The id of the form-js component, or None for an unknown key.
        code: Stable name of the check (`required`, `min`, `option`, `unknown_key`, ...).
        message: The sentence shown at the field, in Chinese.
        facts: What the sentence is made of (limit, given value's type), for other languages.
    """

    path: str
    code: str
    message: str
    field_id: str | None = None
    facts: dict[str, object] = field(default_factory=dict)


class InvalidFormError(BadInputError):
    """Form values refused, field by field; nothing was stored."""

    def __init__(self, detail: str, problems: Sequence[FieldProblem]) -> None:
        super().__init__(detail)
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Finding:
    """One reason why a file is refused, or a remark about it.

    Attributes:
        severity: `error` refuses the deployment; `warning` is shown and lets it pass.
        rule: Stable name of the check (`feel_syntax`, `missing_id` …).
        message: One sentence in Chinese: what was expected and what is so.
        advice: What to draw or write instead, in Chinese; empty when the message says it all.
        resource: The file's name.
        element_id: The BPMN/DMN/form element, or None for the file as a whole.
        line: Line in the file, from 1; None when it is not known.
        english: Message and advice in English.
        traditional: Message and advice in Traditional Chinese.
    """

    severity: str
    rule: str
    message: str
    english: str
    traditional: str
    advice: str = ""
    resource: str = ""
    element_id: str | None = None
    line: int | None = None


class DeploymentRefusedError(BadInputError):
    """A deployment refused as a whole: nothing of it is stored."""

    def __init__(self, detail: str, findings: Sequence[Finding]) -> None:
        super().__init__(detail)
        self.findings = tuple(findings)


class NotSupportedError(HuiyinError):
    """The API names it, this product does not do it; the text says why."""

    code = "NOT_IMPLEMENTED"
