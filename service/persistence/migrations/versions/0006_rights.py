"""Keep roles, authorizations, and how often somebody's sessions were ended.

Revision: 0006. After: 0005.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Add the tables and columns; nobody is deleted, no session has been ended, no group has a role."""
    op.create_table(
        "roles",
        sa.Column("role_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("role_id", name=op.f("pk_roles")),
        comment="Roles beside the built-in ones; they grant what authorizations say of them.",
    )
    op.create_table(
        "authorizations",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("owner_type", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("resource_type", sa.Text(), nullable=False),
        sa.Column("resource_id", sa.Text(), nullable=False),
        sa.Column("permission_types", JSON, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_authorizations")),
    )
    op.create_index("ix_authorizations_owner", "authorizations", ["owner_type", "owner_id"])
    op.add_column(
        "people",
        sa.Column("is_deleted", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "people",
        sa.Column("session_epoch", sa.Integer(), nullable=False, server_default="0"),
    )
    op.add_column("groups", sa.Column("description", sa.Text(), nullable=True))
    op.add_column("groups", sa.Column("roles", JSON, nullable=False, server_default="[]"))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("groups", "roles")
    op.drop_column("groups", "description")
    op.drop_column("people", "session_epoch")
    op.drop_column("people", "is_deleted")
    op.drop_index("ix_authorizations_owner", table_name="authorizations")
    op.drop_table("authorizations")
    op.drop_table("roles")
