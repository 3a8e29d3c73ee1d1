"""The tables of the first release"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

JSON = sa.JSON().with_variant(JSONB(), "postgresql")

revision = '0001_initial'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table."""
    op.create_table('external_id',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('source_id', sa.String(length=500), nullable=False),
    sa.Column('noun', sa.String(length=20), nullable=False),
    sa.Column('noun_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('revision_number', sa.Integer(), nullable=True),
    sa.Column('imported_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('url', sa.String(length=500), nullable=False),
    sa.Column('licence', sa.String(length=100), nullable=False),
    sa.Column('attribution', sa.String(length=500), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_external_id')),
    sa.UniqueConstraint('source_id', name=op.f('uq_external_id_source_id')))
    op.create_index('ix_external_id_noun', 'external_id', ['noun', 'noun_id'], unique=False)
    op.create_table('login_failure',
    sa.Column('email_folded', sa.String(length=254), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('first_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('locked_until', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('email_folded', name=op.f('pk_login_failure')))
    op.create_table('person',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('email_folded', sa.String(length=254), nullable=True),
    sa.Column('password_hash', sa.String(length=200), nullable=True),
    sa.Column('role', sa.Enum('guest', 'member', 'lead', 'moderator', 'admin', name='role', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('state', sa.Enum('active', 'deactivated', 'imported', name='state', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('state_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state_by_id', sa.Integer(), nullable=True),
    sa.Column('origin', sa.String(length=200), nullable=True),
    sa.Column('origin_name', sa.String(length=200), nullable=True),
    sa.Column('department', sa.String(length=100), nullable=False),
    sa.Column('bio', sa.Text(), nullable=False),
    sa.Column('bio_html', sa.Text(), nullable=False),
    sa.Column('picture_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'imported') = (origin IS NOT NULL)", name=op.f('ck_person_origin_when_imported')),
    sa.CheckConstraint("state = 'imported' OR email IS NOT NULL", name=op.f('ck_person_mail_unless_imported')),
    sa.CheckConstraint('(email IS NULL) = (email_folded IS NULL)', name=op.f('ck_person_folded_mail_with_mail')),
    sa.ForeignKeyConstraint(['state_by_id'], ['person.id'], name=op.f('fk_person_state_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('email_folded', name=op.f('uq_person_email_folded')),
    sa.UniqueConstraint('origin', 'origin_name', name=op.f('uq_person_origin_origin_name')))
    op.create_index('ix_person_name', 'person', ['name', 'id'], unique=False)
    op.create_table('site',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('headcount', sa.Integer(), nullable=False),
    sa.Column('set_up_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_site_only_one')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_site')))
    op.create_table('tag',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('description', sa.String(length=500), nullable=False),
    sa.Column('synonym_of_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['synonym_of_id'], ['tag.id'], name=op.f('fk_tag_synonym_of_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tag')),
    sa.UniqueConstraint('name', name=op.f('uq_tag_name')))
    op.create_index(op.f('ix_tag_synonym_of_id'), 'tag', ['synonym_of_id'], unique=False)
    op.create_table('api_token',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('scopes', sa.String(length=100), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_api_token_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_token')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_api_token_token_hash')))
    op.create_index(op.f('ix_api_token_person_id'), 'api_token', ['person_id'], unique=False)
    op.create_table('event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('verb', sa.String(length=60), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('subject_type', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('facts', JSON, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['person.id'], name=op.f('fk_event_actor_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event')))
    op.create_index(op.f('ix_event_actor_id'), 'event', ['actor_id'], unique=False)
    op.create_index('ix_event_subject', 'event', ['subject_type', 'subject_id', 'id'], unique=False)
    op.create_table('idempotency_key',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('request_digest', sa.String(length=64), nullable=False),
    sa.Column('location', sa.String(length=500), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_idempotency_key_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_idempotency_key')),
    sa.UniqueConstraint('person_id', 'key', name=op.f('uq_idempotency_key_person_id_key')))
    op.create_index(op.f('ix_idempotency_key_created_at'), 'idempotency_key', ['created_at'], unique=False)
    op.create_table('log_in',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('browser', sa.String(length=200), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_on', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_log_in_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_in')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_log_in_token_hash')))
    op.create_index(op.f('ix_log_in_expires_at'), 'log_in', ['expires_at'], unique=False)
    op.create_index(op.f('ix_log_in_person_id'), 'log_in', ['person_id'], unique=False)
    op.create_table('password_reset',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('nonce', sa.String(length=32), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_password_reset_made_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_password_reset_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_password_reset')))
    op.create_index(op.f('ix_password_reset_person_id'), 'password_reset', ['person_id'], unique=False)
    op.create_table('person_tag',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('tag_id', sa.Integer(), nullable=False),
    sa.Column('wish', sa.Enum('offer', 'want', name='wish', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_person_tag_person_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tag_id'], ['tag.id'], name=op.f('fk_person_tag_tag_id')),
    sa.PrimaryKeyConstraint('person_id', 'tag_id', 'wish', name=op.f('pk_person_tag')))
    op.create_index(op.f('ix_person_tag_tag_id'), 'person_tag', ['tag_id'], unique=False)
    op.create_table('space',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('purpose', sa.String(length=500), nullable=False),
    sa.Column('kind', sa.Enum('topic', 'project', name='kind', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('visibility', sa.Enum('open', 'closed', 'private', name='visibility', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('required_tags', JSON, nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['created_by_id'], ['person.id'], name=op.f('fk_space_created_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_space')),
    sa.UniqueConstraint('slug', name=op.f('uq_space_slug')))
    op.create_index(op.f('ix_space_visibility'), 'space', ['visibility'], unique=False)
    op.create_table('entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('space_id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=100), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('excerpt', sa.String(length=300), nullable=False),
    sa.Column('lang', sa.String(length=20), nullable=False),
    sa.Column('status', sa.Enum('published', 'hidden', name='status', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('status_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('status_by_id', sa.Integer(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('current_number', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('active_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('comment_count', sa.Integer(), nullable=False),
    sa.Column('answer_count', sa.Integer(), nullable=False),
    sa.Column('imported_score', sa.Integer(), nullable=True),
    sa.CheckConstraint('current_number >= 1', name=op.f('ck_entry_has_revision')),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_entry_owner_id')),
    sa.ForeignKeyConstraint(['space_id'], ['space.id'], name=op.f('fk_entry_space_id')),
    sa.ForeignKeyConstraint(['status_by_id'], ['person.id'], name=op.f('fk_entry_status_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_entry')))
    op.create_index('ix_entry_active', 'entry', ['status', 'active_at', 'id'], unique=False)
    op.create_index('ix_entry_kind_new', 'entry', ['kind', 'status', 'published_at', 'id'], unique=False)
    op.create_index('ix_entry_new', 'entry', ['status', 'published_at', 'id'], unique=False)
    op.create_index(op.f('ix_entry_owner_id'), 'entry', ['owner_id'], unique=False)
    op.create_index('ix_entry_space_new', 'entry', ['space_id', 'status', 'published_at', 'id'], unique=False)
    op.create_table('invitation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('email_folded', sa.String(length=254), nullable=False),
    sa.Column('role', sa.Enum('guest', 'member', 'lead', 'moderator', 'admin', name='role', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('space_id', sa.Integer(), nullable=True),
    sa.Column('nonce', sa.String(length=32), nullable=False),
    sa.Column('state', sa.Enum('open', 'accepted', 'withdrawn', name='state', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('state_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('accepted_by_id', sa.Integer(), nullable=True),
    sa.Column('invited_by_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'accepted') = (accepted_by_id IS NOT NULL)", name=op.f('ck_invitation_accepted_by_somebody')),
    sa.ForeignKeyConstraint(['accepted_by_id'], ['person.id'], name=op.f('fk_invitation_accepted_by_id')),
    sa.ForeignKeyConstraint(['invited_by_id'], ['person.id'], name=op.f('fk_invitation_invited_by_id')),
    sa.ForeignKeyConstraint(['space_id'], ['space.id'], name=op.f('fk_invitation_space_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')))
    op.create_index(op.f('ix_invitation_email_folded'), 'invitation', ['email_folded'], unique=False)
    op.create_table('outbox',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('reaction', sa.String(length=40), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'done', 'failed', name='state', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_outbox_event_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')))
    op.create_index('ix_outbox_due', 'outbox', ['state', 'due_at', 'id'], unique=False)
    op.create_index(op.f('ix_outbox_event_id'), 'outbox', ['event_id'], unique=False)
    op.create_table('space_alias',
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('space_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['space_id'], ['space.id'], name=op.f('fk_space_alias_space_id')),
    sa.PrimaryKeyConstraint('slug', name=op.f('pk_space_alias')))
    op.create_index(op.f('ix_space_alias_space_id'), 'space_alias', ['space_id'], unique=False)
    op.create_table('space_member',
    sa.Column('space_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.Enum('member', 'facilitator', name='role', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('added_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['added_by_id'], ['person.id'], name=op.f('fk_space_member_added_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_space_member_person_id')),
    sa.ForeignKeyConstraint(['space_id'], ['space.id'], name=op.f('fk_space_member_space_id')),
    sa.PrimaryKeyConstraint('space_id', 'person_id', name=op.f('pk_space_member')))
    op.create_index(op.f('ix_space_member_person_id'), 'space_member', ['person_id'], unique=False)
    op.create_table('space_template',
    sa.Column('space_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('guidance', sa.String(length=1000), nullable=False),
    sa.Column('fields', JSON, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['space_id'], ['space.id'], name=op.f('fk_space_template_space_id')),
    sa.PrimaryKeyConstraint('space_id', 'kind', name=op.f('pk_space_template')))
    op.create_table('comment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('comment', 'answer', name='kind', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('root_id', sa.Integer(), nullable=True),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('renderer_version', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('shown', 'removed', name='state', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('state_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state_by_id', sa.Integer(), nullable=True),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('accepted_by_id', sa.Integer(), nullable=True),
    sa.Column('vote_count', sa.Integer(), nullable=False),
    sa.Column('imported_score', sa.Integer(), nullable=False),
    sa.Column('draft_key', sa.String(length=36), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('edited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("accepted_at IS NULL OR kind = 'answer'", name=op.f('ck_comment_only_answers_accepted')),
    sa.CheckConstraint("kind = 'comment' OR parent_id IS NULL", name=op.f('ck_comment_answers_stand_on_top')),
    sa.CheckConstraint('(accepted_at IS NULL) = (accepted_by_id IS NULL)', name=op.f('ck_comment_accepted_by')),
    sa.ForeignKeyConstraint(['accepted_by_id'], ['person.id'], name=op.f('fk_comment_accepted_by_id')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_comment_author_id')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_comment_entry_id')),
    sa.ForeignKeyConstraint(['parent_id'], ['comment.id'], name=op.f('fk_comment_parent_id')),
    sa.ForeignKeyConstraint(['root_id'], ['comment.id'], name=op.f('fk_comment_root_id')),
    sa.ForeignKeyConstraint(['state_by_id'], ['person.id'], name=op.f('fk_comment_state_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment')),
    sa.UniqueConstraint('draft_key', name=op.f('uq_comment_draft_key')))
    op.create_index(op.f('ix_comment_author_id'), 'comment', ['author_id'], unique=False)
    op.create_index('ix_comment_one_accepted', 'comment', ['entry_id'], unique=True, sqlite_where=sa.text('accepted_at IS NOT NULL'), postgresql_where=sa.text('accepted_at IS NOT NULL'))
    op.create_index(op.f('ix_comment_parent_id'), 'comment', ['parent_id'], unique=False)
    op.create_index(op.f('ix_comment_root_id'), 'comment', ['root_id'], unique=False)
    op.create_index('ix_comment_thread', 'comment', ['entry_id', 'root_id', 'id'], unique=False)
    op.create_table('entry_tag',
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('tag_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_entry_tag_entry_id')),
    sa.ForeignKeyConstraint(['tag_id'], ['tag.id'], name=op.f('fk_entry_tag_tag_id')),
    sa.PrimaryKeyConstraint('entry_id', 'tag_id', name=op.f('pk_entry_tag')))
    op.create_index(op.f('ix_entry_tag_tag_id'), 'entry_tag', ['tag_id'], unique=False)
    op.create_table('revision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('fields', JSON, nullable=False),
    sa.Column('tags', JSON, nullable=False),
    sa.Column('plain_text', sa.Text(), nullable=False),
    sa.Column('sections', JSON, nullable=False),
    sa.Column('blocks', JSON, nullable=False),
    sa.Column('headings', JSON, nullable=False),
    sa.Column('links', JSON, nullable=False),
    sa.Column('renderer_version', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('small', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_revision_author_id')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_revision_entry_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_revision')),
    sa.UniqueConstraint('entry_id', 'number', name=op.f('uq_revision_entry_id_number')))
    op.create_index(op.f('ix_revision_author_id'), 'revision', ['author_id'], unique=False)
    op.create_table('step_tick',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('section_key', sa.String(length=100), nullable=False),
    sa.Column('ticked_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_step_tick_entry_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_step_tick_person_id')),
    sa.PrimaryKeyConstraint('person_id', 'entry_id', 'section_key', name=op.f('pk_step_tick')))
    op.create_index(op.f('ix_step_tick_entry_id'), 'step_tick', ['entry_id'], unique=False)
    op.create_table('draft',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=36), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('noun', sa.Enum('entry', 'comment', name='noun', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=True),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('space_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('fields', JSON, nullable=False),
    sa.Column('tags', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('base_number', sa.Integer(), nullable=True),
    sa.Column('state', sa.Enum('open', 'published', 'discarded', name='state', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('state_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_draft_entry_id')),
    sa.ForeignKeyConstraint(['parent_id'], ['comment.id'], name=op.f('fk_draft_parent_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_draft_person_id')),
    sa.ForeignKeyConstraint(['space_id'], ['space.id'], name=op.f('fk_draft_space_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft')),
    sa.UniqueConstraint('key', name=op.f('uq_draft_key')))
    op.create_index(op.f('ix_draft_entry_id'), 'draft', ['entry_id'], unique=False)
    op.create_index('ix_draft_person_state', 'draft', ['person_id', 'state', 'updated_at'], unique=False)
    op.create_table('vote',
    sa.Column('comment_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('voted_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_vote_comment_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_vote_person_id')),
    sa.PrimaryKeyConstraint('comment_id', 'person_id', name=op.f('pk_vote')))
    op.create_index(op.f('ix_vote_person_id'), 'vote', ['person_id'], unique=False)
    op.create_table('attachment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=150), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('kind', sa.Enum('image', 'file', name='kind', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=True),
    sa.Column('height', sa.Integer(), nullable=True),
    sa.Column('thumbnail_digest', sa.String(length=64), nullable=True),
    sa.Column('draft_id', sa.Integer(), nullable=True),
    sa.Column('entry_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('uploaded_by_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('(CASE WHEN draft_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN entry_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN person_id IS NULL THEN 0 ELSE 1 END) = 1', name=op.f('ck_attachment_one_parent')),
    sa.ForeignKeyConstraint(['draft_id'], ['draft.id'], name=op.f('fk_attachment_draft_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_attachment_entry_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_attachment_person_id')),
    sa.ForeignKeyConstraint(['uploaded_by_id'], ['person.id'], name=op.f('fk_attachment_uploaded_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachment')))
    op.create_index(op.f('ix_attachment_digest'), 'attachment', ['digest'], unique=False)
    op.create_index(op.f('ix_attachment_draft_id'), 'attachment', ['draft_id'], unique=False)
    op.create_index(op.f('ix_attachment_entry_id'), 'attachment', ['entry_id'], unique=False)
    op.create_index(op.f('ix_attachment_person_id'), 'attachment', ['person_id'], unique=False)
    op.create_index(op.f('ix_attachment_thumbnail_digest'), 'attachment', ['thumbnail_digest'], unique=False)
