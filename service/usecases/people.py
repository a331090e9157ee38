"""People: who they are, how they sign in, their accounts, tokens and places (the face of six modules)."""

from service.persistence.people import everybody, person, resolve_recipients
from service.usecases.accounts import (
    PersonFacts,
    change_user,
    create_person,
    delete_person,
    set_password,
    update_person,
)
from service.usecases.directory import (
    create_first_administrator,
    ensure_first_administrator,
    load_directory,
)
from service.usecases.known_people import account, known_person
from service.usecases.sign_in import sign_in
from service.usecases.tokens import create_token, person_of_token, revoke_token

__all__ = [
    "PersonFacts",
    "account",
    "change_user",
    "create_first_administrator",
    "create_person",
    "create_token",
    "delete_person",
    "ensure_first_administrator",
    "everybody",
    "known_person",
    "load_directory",
    "person",
    "person_of_token",
    "resolve_recipients",
    "revoke_token",
    "set_password",
    "sign_in",
    "update_person",
]
