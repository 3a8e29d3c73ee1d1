"""May they, and may they see it? Pages, API, mail and commands ask the same functions.

`can_<verb>_<noun>(actor, …)` answers a Decision; `visible_<nouns>(actor)` is a
criterion for a SELECT. Whatever no policy allows is refused.
"""

from forum.policies.attachments import visible_attachments
from forum.policies.comments import (
    can_accept_answer,
    can_edit_comment,
    can_remove_comment,
    can_reply_to_comment,
    can_vote_for_answer,
    visible_comments,
)
from forum.policies.decision import Decision, require
from forum.policies.entries import (
    can_comment_on_entry,
    can_edit_entry,
    can_hide_entry,
    can_move_entry,
    can_reimport_entry,
    can_restore_entry,
    listed_entries,
    visible_drafts,
    visible_entries,
)
from forum.policies.people import (
    can_administer,
    can_change_standing,
    can_edit_profile,
    can_grant_role,
    can_invite_person,
    can_make_reset_link,
    listed_people,
    visible_invitations,
    visible_log_ins,
    visible_people,
    visible_tokens,
)
from forum.policies.spaces import (
    can_create_space,
    can_edit_space,
    can_facilitate,
    can_join_space,
    can_leave_space,
    can_read_space,
    can_write_in_space,
    readable_spaces,
    space_role,
    visible_spaces,
)
from forum.policies.tags import can_edit_tags, can_use_tags, visible_tags

__all__ = [
    "Decision",
    "can_accept_answer",
    "can_administer",
    "can_change_standing",
    "can_comment_on_entry",
    "can_create_space",
    "can_edit_comment",
    "can_edit_entry",
    "can_edit_profile",
    "can_edit_space",
    "can_edit_tags",
    "can_facilitate",
    "can_grant_role",
    "can_hide_entry",
    "can_invite_person",
    "can_join_space",
    "can_leave_space",
    "can_make_reset_link",
    "can_move_entry",
    "can_reimport_entry",
    "can_read_space",
    "can_remove_comment",
    "can_reply_to_comment",
    "can_restore_entry",
    "can_use_tags",
    "can_vote_for_answer",
    "can_write_in_space",
    "listed_entries",
    "listed_people",
    "readable_spaces",
    "require",
    "space_role",
    "visible_attachments",
    "visible_comments",
    "visible_drafts",
    "visible_entries",
    "visible_invitations",
    "visible_log_ins",
    "visible_people",
    "visible_spaces",
    "visible_tokens",
    "visible_tags",
]
