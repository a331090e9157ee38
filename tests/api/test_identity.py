"""The official client keeps people, groups, roles and authorizations, and each counts for real."""

from typing import Any

import pytest
from camunda_orchestration_sdk import (
    AuthorizationKey,
    CamundaClient,
    ClientId,
    GroupId,
    MappingRuleId,
    RoleId,
    TenantId,
    Username,
    errors,
)
from camunda_orchestration_sdk.models import (
    AuthorizationIdBasedRequest,
    AuthorizationSearchQuery,
    GroupCreateRequest,
    GroupSearchQueryRequest,
    GroupUpdateRequest,
    MappingRuleCreateRequest,
    RoleCreateRequest,
    RoleSearchQueryRequest,
    RoleUpdateRequest,
    TenantCreateRequest,
    UserRequest,
    UserSearchQueryRequest,
    UserTaskSearchQuery,
    UserUpdateRequest,
)
from flask.testing import FlaskClient
from sqlalchemy import update

from service.persistence.tables import house as house_tables
from service.usecases.house import House
from tests.api.conftest import SignIn
from tests.api.steps import open_task, start
from tests.rows import add_person

pytestmark = pytest.mark.slow

PASSWORD = "long enough"

DESK = GroupId("desk")
DESK_ROLE = RoleId("desk")
NINA = Username("nina")
QUALITY = GroupId("quality")


def create_user(client: CamundaClient, username: str = "nina", **more: Any) -> Any:
    """Make an account."""
    body = {"username": username, "password": PASSWORD, "name": "妮娜", **more}
    return client.create_user(data=UserRequest.from_dict(body))


def authorize(client: CamundaClient, **changes: Any) -> str:
    """Make an authorization of nina, for the repair process unless it is said otherwise."""
    body = {
        "ownerId": "nina",
        "ownerType": "USER",
        "resourceId": "repair",
        "resourceType": "PROCESS_DEFINITION",
        "permissionTypes": ["READ_USER_TASK"],
        **changes,
    }
    request = AuthorizationIdBasedRequest.from_dict(body)
    return str(client.create_authorization(data=request).authorization_key)


def refused_to_start(client: CamundaClient) -> None:
    """Check that somebody may not start the repair process."""
    with pytest.raises(errors.ApiError) as refused:
        start(client)
    assert refused.value.status_code == 403


def test_a_user_from_made_to_deleted(staffed: House, sign_in: SignIn) -> None:
    """Signs in with the password, is changed, found, and gone."""
    ada = sign_in("ada")

    made = create_user(ada, email="nina@example.com")
    assert (made.username, made.name, made.email) == ("nina", "妮娜", "nina@example.com")
    assert sign_in("nina", PASSWORD).get_authentication().username == "nina"
    with pytest.raises(errors.ConflictError):
        create_user(ada)

    changed = ada.update_user(NINA, data=UserUpdateRequest.from_dict({"name": "Nina"}))
    assert (changed.name, changed.email) == ("Nina", "nina@example.com")
    ada.update_user(NINA, data=UserUpdateRequest.from_dict({"password": "another one"}))
    assert sign_in("nina", "another one").get_authentication().username == "nina"
    with pytest.raises(errors.UnauthorizedError):
        sign_in("nina", PASSWORD).get_authentication()

    query = {"filter": {"username": {"$like": "ni*"}}, "sort": [{"field": "name"}]}
    (found,) = ada.search_users(data=UserSearchQueryRequest.from_dict(query)).items
    assert found == ada.get_user(NINA)
    ada.delete_user(NINA)
    for gone in (ada.get_user, ada.delete_user):
        with pytest.raises(errors.NotFoundError):
            gone(NINA)


def test_users_are_paged_by_cursor(staffed: House, sign_in: SignIn) -> None:
    """In the order of a text, forwards, each once."""
    ada = sign_in("ada")
    names: list[str] = []
    after: str | None = None
    while True:
        page = {"limit": 2, "after": after} if after else {"limit": 2}
        query = {"sort": [{"field": "username", "order": "DESC"}], "page": page}
        answer = ada.search_users(data=UserSearchQueryRequest.from_dict(query))
        if not answer.items:
            break
        names += [one.username for one in answer.items]
        after = answer.page.end_cursor

    assert names == sorted(names, reverse=True)
    assert len(names) == answer.page.total_items == len(set(names))


def test_a_membership_gives_the_tasks_of_the_group(deployed: House, sign_in: SignIn) -> None:
    """At once; and takes them away at once."""
    ada, owner = sign_in("ada"), sign_in("owner")
    create_user(ada)
    nina = sign_in("nina", PASSWORD)
    start(owner)
    assert nina.search_user_tasks(data=UserTaskSearchQuery()).items == []

    ada.assign_user_to_group(QUALITY, NINA)
    assert open_task(nina).candidate_groups == ["quality"]
    with pytest.raises(errors.ConflictError):
        ada.assign_user_to_group(QUALITY, NINA)
    members = [one.username for one in ada.search_users_for_group(QUALITY).items]
    assert members == ["nina", "quentin", "quinn"]

    ada.unassign_user_from_group(QUALITY, NINA)
    assert nina.search_user_tasks(data=UserTaskSearchQuery()).items == []
    with pytest.raises(errors.NotFoundError):
        ada.unassign_user_from_group(QUALITY, NINA)
    with pytest.raises(errors.NotFoundError):
        ada.assign_user_to_group(QUALITY, Username("nobody"))
    with pytest.raises(errors.NotFoundError):
        ada.assign_user_to_group(GroupId("nothing"), NINA)


def test_a_group_from_made_to_deleted(staffed: House, sign_in: SignIn) -> None:
    """With a program as member and a role; not while tasks or people depend on it."""
    ada = sign_in("ada")
    body = {"groupId": "desk", "name": "前台", "description": "接待"}
    made = ada.create_group(data=GroupCreateRequest.from_dict(body))
    assert (made.group_id, made.name, made.description) == ("desk", "前台", "接待")
    with pytest.raises(errors.ConflictError):
        ada.create_group(data=GroupCreateRequest.from_dict(body))
    twice = GroupCreateRequest.from_dict({"groupId": "desk2", "name": "前台"})
    with pytest.raises(errors.BadRequestError, match="means group 'desk'"):
        ada.create_group(data=twice)

    changed = ada.update_group(DESK, data=GroupUpdateRequest.from_dict({"name": "总台"}))
    assert (changed.name, changed.description) == ("总台", None)
    ada.assign_client_to_group(DESK, ClientId("worker"))
    assert [one.client_id for one in ada.search_clients_for_group(DESK).items] == ["worker"]
    ada.assign_role_to_group(RoleId("auditor"), DESK)
    assert [one.role_id for one in ada.search_roles_for_group(DESK).items] == ["auditor"]
    assert [one.group_id for one in ada.search_groups_for_role(RoleId("auditor")).items] == ["desk"]

    query = GroupSearchQueryRequest.from_dict(
        {"filter": {"$or": [{"groupId": "desk"}, {"name": "sales"}]}}
    )
    assert [one.group_id for one in ada.search_groups(data=query).items] == ["desk", "sales"]
    ada.delete_group(DESK)
    with pytest.raises(errors.NotFoundError):
        ada.get_group(DESK)


def test_a_group_that_tasks_wait_for_stays(deployed: House, sign_in: SignIn) -> None:
    """Deleting it would leave them to nobody."""
    ada = sign_in("ada")
    start(sign_in("owner"))

    with pytest.raises(errors.ApiError) as refused:
        ada.delete_group(QUALITY)

    assert refused.value.status_code == 409


def test_a_role_gives_its_holder_what_authorizations_say(deployed: House, sign_in: SignIn) -> None:
    """A role of the house's own, given to a person, grants what a record of the role says."""
    ada = sign_in("ada")
    create_user(ada)
    nina = sign_in("nina", PASSWORD)
    body = {"roleId": "starter", "name": "发起人"}
    ada.create_role(data=RoleCreateRequest.from_dict(body))
    refused_to_start(nina)

    ada.assign_role_to_user(RoleId("starter"), NINA)
    permission = {"permissionTypes": ["CREATE_PROCESS_INSTANCE"]}
    authorize(ada, ownerType="ROLE", ownerId="starter", **permission)
    assert start(nina).process_definition_id == "repair"
    assert nina.get_authentication().roles == ["staff", "starter"]

    ada.unassign_role_from_user(RoleId("starter"), NINA)
    refused_to_start(nina)


def test_a_role_from_made_to_deleted(staffed: House, sign_in: SignIn) -> None:
    """Its own id, changed and gone; the built-in ones stay as they are."""
    ada = sign_in("ada")
    ada.create_role(data=RoleCreateRequest.from_dict({"roleId": "desk", "name": "前台"}))
    for taken in ("desk", "operator"):
        with pytest.raises(errors.ConflictError):
            ada.create_role(data=RoleCreateRequest.from_dict({"roleId": taken, "name": "x"}))
    body = {"name": "总台", "description": "接待"}
    assert ada.update_role(DESK_ROLE, data=RoleUpdateRequest.from_dict(body)).description == "接待"

    query = RoleSearchQueryRequest.from_dict({"filter": {"roleId": {"$in": ["desk", "admin"]}}})
    assert [one.name for one in ada.search_roles(data=query).items] == ["系统管理员", "总台"]
    ada.assign_role_to_client(DESK_ROLE, ClientId("worker"))
    assert [one.client_id for one in ada.search_clients_for_role(DESK_ROLE).items] == ["worker"]
    assert [one.username for one in ada.search_users_for_role(RoleId("admin")).items] == ["ada"]
    ada.delete_role(DESK_ROLE)
    with pytest.raises(errors.NotFoundError):
        ada.get_role(DESK_ROLE)
    with pytest.raises(errors.ApiError) as refused:
        ada.delete_role(RoleId("operator"))
    assert refused.value.status_code == 409


def test_the_last_administrator_keeps_his_role(staffed: House, sign_in: SignIn) -> None:
    """Somebody must be left who keeps the house."""
    ada = sign_in("ada")
    with pytest.raises(errors.ApiError) as refused:
        ada.unassign_role_from_user(RoleId("admin"), Username("ada"))
    assert refused.value.status_code == 409


def test_an_authorization_grants_and_is_taken_back(deployed: House, sign_in: SignIn) -> None:
    """Made, seen by its owner, changed, deleted: each counts with the next request."""
    ada = sign_in("ada")
    create_user(ada)
    nina = sign_in("nina", PASSWORD)
    start(sign_in("owner"))

    key = authorize(ada)
    assert open_task(nina).process_definition_id == "repair"
    own = nina.search_own_authorizations(data=AuthorizationSearchQuery())
    assert own.authorizations_enabled is True
    (record,) = own.items
    assert (record.owner_id, record.resource_id) == ("nina", "repair")
    assert ada.get_authorization(AuthorizationKey(key)) == record
    query = {"filter": {"ownerId": "nina", "resourceIds": ["repair"]}}
    found = ada.search_authorizations(data=AuthorizationSearchQuery.from_dict(query)).items
    assert found == [record]

    other = {**record.to_dict(), "resourceId": "another"}
    del other["authorizationKey"], other["resourcePropertyName"]
    ada.update_authorization(
        AuthorizationKey(key), data=AuthorizationIdBasedRequest.from_dict(other)
    )
    assert nina.search_user_tasks(data=UserTaskSearchQuery()).items == []
    ada.delete_authorization(AuthorizationKey(key))
    with pytest.raises(errors.NotFoundError):
        ada.get_authorization(AuthorizationKey(key))


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"ownerId": "nobody"}, errors.NotFoundError),
        ({"ownerId": "desk", "ownerType": "GROUP"}, errors.NotFoundError),
        ({"permissionTypes": []}, errors.BadRequestError),
        ({"permissionTypes": ["READ_PROCESS_DEFINITION"]}, errors.BadRequestError),
        ({"resourceType": "TENANT", "permissionTypes": ["READ"]}, errors.BadRequestError),
        ({"resourceType": "SECRET", "permissionTypes": ["READ"]}, errors.BadRequestError),
    ],
    ids=["no user", "no group", "nothing", "without effect", "tenant", "secret"],
)
def test_what_cannot_be_granted_is_not_stored(
    staffed: House, sign_in: SignIn, changes: dict[str, Any], error: type[Exception]
) -> None:
    """Refused with the reason, and nothing is there."""
    ada = sign_in("ada")
    create_user(ada)
    with pytest.raises(error):
        authorize(ada, **changes)
    assert ada.search_authorizations(data=AuthorizationSearchQuery()).items == []


def test_a_permission_for_one_resource_is_granted_to_an_owner_once(
    staffed: House, sign_in: SignIn
) -> None:
    """One of several that is there is enough; another permission, resource or owner is another matter."""
    ada = sign_in("ada")
    create_user(ada)
    create_user(ada, "noah")
    authorize(ada)
    twice = ["UPDATE_USER_TASK", "READ_USER_TASK"]
    with pytest.raises(errors.ApiError, match=r"identifier 'repair', but .* exists") as refused:
        authorize(ada, permissionTypes=twice)
    assert refused.value.status_code == 409
    authorize(ada, permissionTypes=["UPDATE_USER_TASK"])
    authorize(ada, resourceId="*", permissionTypes=twice)
    authorize(ada, ownerId="noah", permissionTypes=twice)
    assert ada.search_authorizations(data=AuthorizationSearchQuery()).page.total_items == 4


def test_there_is_one_tenant_and_no_mapping_rule(staffed: House, sign_in: SignIn) -> None:
    """Searches answer so; creation is refused with 501 and the reason."""
    ada = sign_in("ada")
    (tenant,) = ada.search_tenants().items
    assert ada.get_tenant(tenant.tenant_id).name == "Default"
    assert "quinn" in [
        one.username for one in ada.search_users_for_tenant(TenantId("<default>")).items
    ]
    ada.assign_user_to_tenant(TenantId("<default>"), Username("quinn"))
    assert ada.search_mapping_rule().items == []
    with pytest.raises(errors.NotFoundError):
        ada.get_mapping_rule(MappingRuleId("m"))
    with pytest.raises(errors.NotFoundError):
        ada.get_tenant(TenantId("other"))
    for refused in (
        lambda: ada.create_tenant(
            data=TenantCreateRequest.from_dict({"tenantId": "t", "name": "T"})
        ),
        lambda: ada.create_mapping_rule(
            data=MappingRuleCreateRequest.from_dict(
                {"mappingRuleId": "m", "claimName": "c", "claimValue": "v", "name": "n"}
            )
        ),
        lambda: ada.unassign_user_from_tenant(TenantId("<default>"), Username("quinn")),
    ):
        with pytest.raises(errors.ApiError) as answer:
            refused()
        assert answer.value.status_code == 501


def test_only_administrators_keep_people(staffed: House, sign_in: SignIn) -> None:
    """An operator may look, a member of staff sees himself."""
    owner, quinn = sign_in("owner"), sign_in("quinn")
    with pytest.raises(errors.ForbiddenError):
        create_user(owner)
    assert len(owner.search_users().items) == 7
    assert [one.username for one in quinn.search_users().items] == ["quinn"]
    with pytest.raises(errors.NotFoundError):
        quinn.get_user(Username("owner"))


def test_the_first_administrator_is_set_up_once(house: House, client: FlaskClient) -> None:
    """Nobody could make him; as soon as there is somebody, nobody is made this way."""
    body = {"username": "first", "password": PASSWORD}
    assert client.post("/v2/setup/user", json=body).status_code == 403
    with house.database.unit(house.outside) as unit:
        for table in ("people", "memberships"):
            unit.connection.exec_driver_sql(f"DELETE FROM {table}")
        unit.commit()
    made = client.post("/v2/setup/user", json=body)
    assert (made.status_code, made.get_json()["username"]) == (201, "first")
    assert client.get("/v2/users/first", auth=("first", PASSWORD)).status_code == 200
    assert client.post("/v2/setup/user", json=body).status_code == 403


@pytest.mark.parametrize("username", ["", " nina", "a/b", "a\nb", "..", "n" * 257])
def test_a_user_name_that_no_path_can_name_is_refused(
    staffed: House, client: FlaskClient, username: str
) -> None:
    """400 by field."""
    body = {"username": username, "password": PASSWORD}
    answer = client.post("/v2/users", json=body, auth=("ada", "right-password"))
    assert answer.status_code == 400


def test_an_account_that_no_client_can_read_is_listed_until_it_is_deactivated(
    staffed: House, sign_in: SignIn
) -> None:
    """One name from before it was refused stops every list of the client; who is deactivated stops none."""
    ada = sign_in("ada")
    with staffed.database.engine.begin() as connection:
        add_person(connection, "李雷", ("quality",))
        add_person(connection, "lilei", ("quality",), is_active=False)
    with pytest.raises(ValueError, match="李雷"):
        ada.search_users()
    with staffed.database.engine.begin() as connection:
        table = house_tables.people
        connection.execute(update(table).where(table.c.username == "李雷").values(is_active=False))

    assert "lilei" in [one.username for one in ada.search_users().items]
    members = ada.search_users_for_group(GroupId("quality")).items
    assert [one.username for one in members] == ["lilei", "quentin", "quinn"]
