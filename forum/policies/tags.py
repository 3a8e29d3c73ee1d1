"""Who tidies the tags."""

from __future__ import annotations

from forum.models import Person, Role
from forum.policies.decision import Decision, allow_if


def can_edit_tags(actor: Person) -> Decision:
    """Let moderators, leads and admins describe, rename and merge tags."""
    tidy = (Role.LEAD, Role.MODERATOR, Role.ADMIN)
    return allow_if(actor.role in tidy, "tag.moderators_only")


def can_use_tags(actor: Person) -> Decision:
    """Let everyone who may write invent a tag."""
    return allow_if(actor.is_active, "person.not_active")
