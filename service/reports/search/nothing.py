"""Nouns of the API of which there is one or none here: tenants, mapping rules."""

from sqlalchemy import BigInteger, String, false, literal, select, true

from service.reports.search.conditions import Field, Filters
from service.reports.search.kinds import TEXT
from service.reports.search.noun import Noun
from service.reports.search.rights import everybody
from service.reports.search.wire import TENANT

_tenant = select(
    literal(TENANT, String).label("tenant_id"),
    literal("Default", String).label("name"),
    literal(1, BigInteger).label("key"),
).subquery()

TENANTS = Noun(
    name="tenant",
    source=_tenant,
    columns=tuple(_tenant.c),
    key=_tenant.c.tenant_id,
    filters=Filters(
        {
            "tenantId": Field(_tenant.c.tenant_id, TEXT.exactly()),
            "name": Field(_tenant.c.name, TEXT.exactly()),
        }
    ),
    sorts={"key": _tenant.c.key, "name": _tenant.c.name, "tenantId": _tenant.c.tenant_id},
    visible=everybody,
    show=lambda row: {"tenantId": row.tenant_id, "name": row.name, "description": None},
)

_rule = (
    select(
        *(
            literal("", String).label(name)
            for name in ("mapping_rule_id", "claim_name", "claim_value", "name")
        )
    )
    .where(false())
    .subquery()
)

MAPPING_RULES = Noun(
    name="mapping rule",
    source=_rule,
    columns=tuple(_rule.c),
    key=_rule.c.mapping_rule_id,
    filters=Filters(
        {
            "claimName": Field(_rule.c.claim_name, TEXT.exactly()),
            "claimValue": Field(_rule.c.claim_value, TEXT.exactly()),
            "name": Field(_rule.c.name, TEXT),
            "mappingRuleId": Field(_rule.c.mapping_rule_id, TEXT),
        },
        takes_or=True,
    ),
    sorts={
        "mappingRuleId": _rule.c.mapping_rule_id,
        "claimName": _rule.c.claim_name,
        "claimValue": _rule.c.claim_value,
        "name": _rule.c.name,
    },
    visible=lambda person: true(),
    show=lambda row: {
        "claimName": row.claim_name,
        "claimValue": row.claim_value,
        "name": row.name,
        "mappingRuleId": row.mapping_rule_id,
    },
)
"""There is none: nobody signs in by the claims of a token."""
