"""Keep which decision requirements import which.

Revision: 0017. After: 0016.
"""

import html
import re

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_NAMESPACE = re.compile(
    rb"<[\w:.-]*definitions\b[^>]*?\snamespace\s*=\s*(?:\"([^\"]*)\"|'([^']*)')"
)


def upgrade() -> None:
    """Add the table and the namespace; that of files already deployed is read from them."""
    op.create_table(
        "decision_imports",
        sa.Column("requirements_key", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("namespace", sa.Text(), primary_key=True),
        sa.Column("imported_key", sa.BigInteger(), nullable=False),
    )
    op.add_column(
        "decision_requirements",
        sa.Column("namespace", sa.Text(), nullable=False, server_default=""),
    )
    _read_namespaces()
    op.create_index(
        "ix_decision_requirements_namespace", "decision_requirements", ["namespace", "is_latest"]
    )


def _read_namespaces() -> None:
    connection = op.get_bind()
    requirements = sa.table(
        "decision_requirements", sa.column("key"), sa.column("resource_key"), sa.column("namespace")
    )
    resources = sa.table("resources", sa.column("key"), sa.column("content", sa.LargeBinary()))
    files = connection.execute(
        sa.select(requirements.c.key, resources.c.content).join(
            resources, resources.c.key == requirements.c.resource_key
        )
    )
    for key, content in files.all():
        found = _NAMESPACE.search(bytes(content))
        if found is not None:
            namespace = html.unescape((found[1] or found[2] or b"").decode("utf-8", "replace"))
            connection.execute(
                sa.update(requirements).where(requirements.c.key == key).values(namespace=namespace)
            )


def downgrade() -> None:
    """Drop both."""
    op.drop_index("ix_decision_requirements_namespace", "decision_requirements")
    op.drop_column("decision_requirements", "namespace")
    op.drop_table("decision_imports")
