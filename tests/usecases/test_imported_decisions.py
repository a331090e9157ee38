"""Decision files that import others: bound when deployed, told as what they are."""

from typing import Any

import pytest

from service.domain.errors import DeploymentRefusedError
from service.persistence.tables import definitions, instances
from service.usecases.decisions import DecisionEvaluation, evaluate
from service.usecases.deployments import DeployFile, Deployment, deploy
from tests.dmn.dmn_files import file, imports, literal, requires_imported
from tests.usecases.conftest import Office

RATES = "urn:rates"


def rates(text: str, name: str = "rates.dmn", file_id: str = "rates") -> DeployFile:
    """Return the file that is imported; its decision has the id of the one that imports it."""
    return DeployFile(name, file(literal(text, "fee"), namespace=RATES, file_id=file_id))


def prices(location: str = "", extra: str = "") -> DeployFile:
    """Return the file that imports the rates."""
    decision = literal("rates.fee + 1", "fee", requires_imported(RATES, "fee"))
    head = imports(RATES, "rates", location)
    return DeployFile(
        "prices.dmn", file(head, extra, decision, namespace="urn:prices", file_id="prices")
    )


def put(office: Office, *files: DeployFile) -> Deployment:
    """Deploy files together."""
    return deploy(office.house, office.owner, files)


def fee(office: Office, deployment: Deployment, **variables: Any) -> DecisionEvaluation:
    """Evaluate the decision of the file that imports."""
    key = next(one.key for one in deployment.decisions if one.requirements_id == "prices")
    return evaluate(office.house, office.owner, key, None, variables)


def test_files_of_one_deployment_import_each_other_whatever_their_order(office: Office) -> None:
    """Both decisions are kept as evaluated, each under its own key and requirements."""
    deployment = deploy(office.house, office.owner, [prices_alone(), rates_alone()])

    found = evaluate(office.house, office.owner, None, "price", {"x": 4})

    assert (found.output, found.failure) == (9, None)
    by_id = {one.decision_id: one for one in deployment.decisions}
    assert [
        (row.decision_id, row.decision_key, row.requirements_key, row.is_root)
        for row in office.rows(instances.decision_instances)
    ] == [
        ("rate", by_id["rate"].key, by_id["rate"].requirements_key, False),
        ("price", by_id["price"].key, by_id["price"].requirements_key, True),
    ]


def prices_alone() -> DeployFile:
    """Return a file that imports, with an id of its own."""
    decision = literal("rates.rate + 1", "price", requires_imported(RATES, "rate"))
    body = file(imports(RATES, "rates"), decision, namespace="urn:prices", file_id="prices")
    return DeployFile("prices.dmn", body)


def rates_alone() -> DeployFile:
    """Return the file it imports."""
    return DeployFile("rates.dmn", file(literal("x * 2", "rate"), namespace=RATES, file_id="rates"))


def test_the_same_id_in_both_files_is_told_apart(office: Office) -> None:
    """The root is the decision asked for, not its namesake of the imported file."""
    put(office, rates("x * 2"))
    office_rates = office.rows(definitions.decision_requirements)[0]
    deployment = put(office, prices())

    found = fee(office, deployment, x=4)

    assert (found.output, found.failure) == (9, None)
    rows = office.rows(instances.decision_instances)
    assert [row.is_root for row in rows] == [False, True]
    assert [row.requirements_key for row in rows] == [
        office_rates.key,
        deployment.requirements[0].key,
    ]


def test_what_was_bound_stays_bound_until_it_is_deployed_again(office: Office) -> None:
    """A newer version of the imported file changes nothing that is deployed."""
    put(office, rates("x * 2"))
    first = put(office, prices())
    put(office, rates("x * 10"))

    assert fee(office, first, x=4).output == 9
    again = put(office, prices())
    assert ([one.version for one in again.requirements], again.is_new) == ([2], True)
    assert fee(office, again, x=4).output == 41
    assert fee(office, first, x=4).output == 9
    assert not put(office, prices()).is_new


def test_imports_reach_through_files(office: Office) -> None:
    """A file may import one that imports another."""
    base = file(literal("x * 2", "base"), namespace="urn:base", file_id="base")
    middle = file(
        imports("urn:base"),
        literal("lib.base + 1", "fee", requires_imported("urn:base", "base")),
        namespace=RATES,
        file_id="rates",
    )
    put(office, DeployFile("base.dmn", base), DeployFile("rates.dmn", middle))

    assert fee(office, put(office, prices()), x=4).output == 10


def test_a_location_tells_apart_files_with_one_namespace(office: Office) -> None:
    """The Modeler gives files the same namespace unless told otherwise."""
    other = DeployFile("other.dmn", file(literal("0", "other"), namespace=RATES, file_id="other"))
    put(office, rates("x * 2"), other)

    assert fee(office, put(office, prices("models/rates.dmn")), x=4).output == 9
    with pytest.raises(DeploymentRefusedError) as refused:
        put(office, prices())
    assert [found.rule for found in refused.value.findings] == ["ambiguous_import"]


def test_an_import_that_is_not_there_is_refused(office: Office) -> None:
    """With file, line and what to do, in Chinese and English; nothing is stored."""
    with pytest.raises(DeploymentRefusedError) as refused:
        put(office, prices())

    (found,) = refused.value.findings
    assert (found.rule, found.resource, found.line) == ("missing_import", "prices.dmn", 2)
    assert found.message == "找不到所导入的命名空间“urn:rates”的 DMN 文件。"
    assert found.english.startswith("There is no DMN file with the namespace 'urn:rates'")
    assert office.rows(definitions.decision_requirements) == []


def test_files_that_import_each_other_in_a_circle_are_refused(office: Office) -> None:
    """The circle is named."""
    one = file(imports("urn:two"), namespace="urn:one", file_id="one")
    two = file(imports("urn:one"), namespace="urn:two", file_id="two")

    with pytest.raises(DeploymentRefusedError) as refused:
        put(office, DeployFile("one.dmn", one), DeployFile("two.dmn", two))

    (found,) = refused.value.findings
    assert found.message == "文件互相导入成环：one.dmn → two.dmn → one.dmn。"


def test_what_is_imported_and_cannot_be_read_is_told_once(office: Office) -> None:
    """The file that imports it is not blamed as well."""
    with pytest.raises(DeploymentRefusedError) as refused:
        put(office, rates("x *"), prices())

    assert [found.resource for found in refused.value.findings] == ["rates.dmn"]


def test_a_result_of_any_length_is_kept_exactly(office: Office) -> None:
    """FEEL counts with 34 digits: a number of more than 64 bits is a result like any other."""
    decision = literal("10**20 + n", "large")
    put(office, DeployFile("large.dmn", file(decision, file_id="large")))

    found = evaluate(office.house, office.owner, None, "large", {"n": 7})

    assert found.output == 100_000_000_000_000_000_007
    (row,) = office.rows(instances.decision_instances)
    assert row.output == "100000000000000000007"
