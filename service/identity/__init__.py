"""Who somebody is, what he may do, and what of a customer he may see.

Pure: randomness and facts are handed in; the answers are values.
"""

from service.identity.facts import CaseFacts, RoundFacts, TaskFacts
from service.identity.grants import Grant
from service.identity.masking import mask_email, mask_name, mask_phone
from service.identity.passwords import hash_password, needs_rehash, verify_password
from service.identity.person import ROLES, Person
from service.identity.tokens import fingerprint, looks_like_token, make_token
from service.identity.verdict import ALLOWED, Verdict

__all__ = [
    "ALLOWED",
    "ROLES",
    "CaseFacts",
    "Grant",
    "Person",
    "RoundFacts",
    "TaskFacts",
    "Verdict",
    "fingerprint",
    "hash_password",
    "looks_like_token",
    "make_token",
    "mask_email",
    "mask_name",
    "mask_phone",
    "needs_rehash",
    "verify_password",
]
