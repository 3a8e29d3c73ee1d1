"""Tables, constraints, predicates and own-state transitions."""

from forum.models.access import (
    ApiToken,
    IdempotencyKey,
    Invitation,
    InvitationState,
    LogIn,
    LoginFailure,
    PasswordReset,
)
from forum.models.attachments import Attachment, AttachmentKind
from forum.models.base import Base
from forum.models.comments import Comment, CommentKind, CommentState, Vote
from forum.models.drafts import Draft, DraftNoun, DraftState
from forum.models.entries import Entry, EntryStatus, EntryTag, Revision, StepTick
from forum.models.events import Event, OutboxRow, OutboxState
from forum.models.imports import ExternalId
from forum.models.people import Person, PersonState, PersonTag, Role, Wish
from forum.models.site import Site
from forum.models.spaces import (
    Space,
    SpaceAlias,
    SpaceKind,
    SpaceMember,
    SpaceRole,
    SpaceTemplate,
    Visibility,
)
from forum.models.tags import Tag

__all__ = [
    "ApiToken",
    "Attachment",
    "AttachmentKind",
    "Base",
    "Comment",
    "CommentKind",
    "CommentState",
    "Draft",
    "DraftNoun",
    "DraftState",
    "Entry",
    "EntryStatus",
    "EntryTag",
    "Event",
    "ExternalId",
    "IdempotencyKey",
    "Invitation",
    "InvitationState",
    "LogIn",
    "LoginFailure",
    "OutboxRow",
    "OutboxState",
    "PasswordReset",
    "Person",
    "PersonState",
    "PersonTag",
    "Revision",
    "Role",
    "Site",
    "Space",
    "SpaceAlias",
    "SpaceKind",
    "SpaceMember",
    "SpaceRole",
    "SpaceTemplate",
    "StepTick",
    "Tag",
    "Visibility",
    "Vote",
    "Wish",
]
