"""Reads form-js forms, fills them, judges submissions, and tells them in words.

Pure: the clock, the variables and the facts about files are handed in.
"""

from service.forms.display import NOTHING, ShownField, read_only_view
from service.forms.documents import DOCUMENT_MARK, DOCUMENT_STORE, document_ids, reference_to
from service.forms.initial import initial_data
from service.forms.messages import sentence
from service.forms.model import DocumentFacts, Field, Form, Submission
from service.forms.reading import parse
from service.forms.submitting import validate
from service.forms.texts import is_mail_address

__all__ = [
    "DOCUMENT_MARK",
    "DOCUMENT_STORE",
    "NOTHING",
    "DocumentFacts",
    "Field",
    "Form",
    "ShownField",
    "Submission",
    "document_ids",
    "initial_data",
    "is_mail_address",
    "parse",
    "read_only_view",
    "reference_to",
    "sentence",
    "validate",
]
