"""The sentence behind every key that rules, policies and actions answer with."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

MESSAGES: dict[str, Any] = {
    # Kinds of entry
    "kind.post": _("Post"),
    "kind.question": _("Question"),
    "kind.experience": _("Experience"),
    "kind.tip": _("Tip"),
    "kind.tutorial": _("Tutorial"),
    "kinds.post": _("Posts"),
    "kinds.question": _("Questions"),
    "kinds.experience": _("Experiences"),
    "kinds.tip": _("Tips"),
    "kinds.tutorial": _("Tutorials"),
    # Fields of their templates
    "field.problem": _("The problem"),
    "prompt.problem": _("The problem, in one sentence"),
    "field.problem.hint": _("What a colleague would type when they have it."),
    "field.goal": _("What you can do afterwards"),
    "field.goal.hint": _("One sentence. It stands above the steps."),
    "field.prerequisites": _("What you need before you start"),
    "field.prerequisites.hint": _("Rights, tools, somebody to ask."),
    "field.time_needed": _("Time needed"),
    "field.time_needed.hint": _("“20 minutes” is enough."),
    "field.result": _("How you know it worked"),
    "field.result.hint": _("What you see at the end."),
    "field.situation": _("The situation"),
    "field.situation.hint": _("Where you started, and what was at stake."),
    "field.outcome": _("How it ended"),
    "field.outcome.hint": _("What did not work helps as much as what did."),
    "field.repeat": _("What I would do again"),
    "field.repeat.hint": _("And what I would leave."),
    "field.tried": _("What I have tried"),
    "field.tried.hint": _("It saves others from suggesting the same."),
    "outcome.worked": _("Worked"),
    "outcome.partly": _("Worked partly"),
    "outcome.did_not_work": _("Did not work"),
    "field.missing": _("This is needed before others can read it."),
    "field.not_text": _("This has to be text."),
    "field.too_long": _("This is too long. Shorten it, or move it into the text."),
    "field.not_a_choice": _("Choose one of the answers offered."),
    "field.not_a_date": _("Write the date as year-month-day, such as 2026-03-09."),
    "field.not_a_list": _("Choose from the list."),
    "field.unknown": _("This kind of entry has no such field here."),
    # Entries
    "entry.title_missing": _("Give it a title, so that others can find it."),
    "entry.title_too_long": _("The title is longer than 200 characters. Shorten it."),
    "entry.body_missing": _("There is nothing to publish yet. Write a few words."),
    "entry.body_too_long": _(
        "The text is longer than 2 million characters. Split it into several."
    ),
    "entry.space_missing": _("Choose the Space it belongs to."),
    "entry.kind_unknown": _("Choose one of the five kinds."),
    "entry.tags_required": _("This Space asks for one of these tags: %(tags)s."),
    "entry.tag_not_taken": _("These cannot be tags: %(tags)s."),
    "entry.owner_or_facilitator": _(
        "Only its owner and the facilitators of the Space can change this."
    ),
    "entry.taken_down": _("This has been taken down."),
    "entry.taken_down_by_other": _(
        "A facilitator or moderator took this down. Ask them to bring it back."
    ),
    "draft.changed": _("This draft was changed in another window."),
    "merge.marks_left": _(
        "Both versions still stand between marks. Keep one and delete the marks."
    ),
    "draft.published": _("This draft has been published already."),
    # Comments
    "comment.empty": _("Write a few words first."),
    "comment.too_long": _(
        "This is longer than 50,000 characters. Write a post instead."
    ),
    "comment.removed": _("This comment has been removed."),
    "comment.author_only": _("Only its author can do this."),
    "comment.not_an_answer": _("This works with answers only."),
    "comment.own_answer": _("You cannot vote for your own answer."),
    "comment.asker_only": _(
        "Only whoever asked and the facilitators of the Space can accept an answer."
    ),
    "comment.no_answers_here": _("Only questions have answers. Write a comment."),
    "comment.one_level": _("Replies stand one level deep. Reply to the comment above."),
    # Spaces
    "space.members_only": _("Only members of this Space can read it."),
    "space.not_as_guest": _("Guests cannot do this."),
    "space.facilitators_only": _("Only a facilitator of this Space can do this."),
    "space.already_member": _("You are a member already."),
    "space.ask_facilitator": _("Ask a facilitator of this Space to add you."),
    "space.not_member": _("You are not a member of this Space."),
    "space.last_facilitator": _(
        "A Space needs a facilitator. Make somebody else one first."
    ),
    "space.name_missing": _("Give the Space a name."),
    "space.name_too_long": _("The name is longer than 100 characters. Shorten it."),
    "space.purpose_too_long": _("This is longer than 500 characters. Shorten it."),
    "space.field_too_long": _("This field has too many words or choices. Shorten it."),
    "space.field_too_many": _("A Space can add six fields. Take one away first."),
    "space.field_needs_choices": _("Write the choices, one on each line."),
    "space.slug_taken": _("Another Space has this address. Choose another name."),
    "space.choice_unknown": _("Choose one of the answers offered."),
    # People and access
    "role.guest": _("Guest"),
    "role.guest.hint": _("Reads only the Spaces they are a member of."),
    "role.member": _("Member"),
    "role.member.hint": _("Reads what is open, and writes."),
    "role.lead": _("Lead"),
    "role.lead.hint": _("Also invites colleagues and tidies tags."),
    "role.moderator": _("Moderator"),
    "role.moderator.hint": _("Also takes down what does harm, and tidies tags."),
    "role.admin": _("Admin"),
    "role.admin.hint": _("Also looks after people and the forum itself."),
    "person.own_profile_only": _("You can change your own profile only."),
    "person.admins_only": _("Only an admin can do this."),
    "person.inviters_only": _("Only admins and leads can invite people."),
    "person.not_yourself": _("You cannot do this to yourself. Ask another admin."),
    "person.imported": _("This person came with an import and cannot log in."),
    "person.not_active": _("This person cannot log in at present."),
    "person.name_missing": _("Tell your colleagues your name."),
    "person.name_too_long": _("The name is longer than 200 characters. Shorten it."),
    "person.department_too_long": _(
        "The department is longer than 100 characters. Shorten it."
    ),
    "person.bio_too_long": _("This is longer than 5,000 characters. Shorten it."),
    "person.tags_not_taken": _("These cannot be tags: %(tags)s."),
    "person.role_unknown": _("Choose one of the roles offered."),
    "person.email_taken": _("Somebody with this address is here already."),
    "person.email_wrong": _("This does not look like a mail address."),
    "person.last_admin": _("The forum needs an admin. Make somebody else one first."),
    "password.too_short": _("Use at least 10 characters. A short sentence is fine."),
    "password.too_common": _("This password is on every list of common ones."),
    "password.too_long": _("A password has at most 1,000 characters."),
    "password.holds_mail": _("This password contains your mail address."),
    "password.holds_name": _("This password contains your name."),
    "password.missing": _("Type your password."),
    "password.wrong": _("This is not your present password."),
    "login.wrong": _("Address and password do not belong together."),
    "login.locked": _(
        "Too many attempts. Wait %(minutes)s minutes, or ask for a new password."
    ),
    "invitation.address_missing": _("Type at least one mail address."),
    "invitation.too_many": _("Invite at most 100 colleagues at a time."),
    "invitation.addresses_wrong": _("These are no mail addresses: %(addresses)s."),
    "invitation.people_here": _("These colleagues are here already: %(addresses)s."),
    "token.scope_unknown": _("A token may read, or read and write."),
    "token.days_wrong": _("A token lasts from 1 to 3,650 days."),
    "request.key_used": _("This key was used for another request."),
    "request.cursor_unknown": _("No page has answered with this cursor."),
    "link.used_up": _("This link has been used, withdrawn or has expired."),
    "site.name_missing": _("Give the forum a name."),
    "site.name_too_long": _("The name is longer than 60 characters. Shorten it."),
    "site.headcount_wrong": _("Type a whole number, from 1 to 1,000,000."),
    "site.set_up_already": _("Somebody set this forum up a moment ago. Log in."),
    "form.stale": _("This page was open for too long. Send it again."),
    # Tags
    "tag.moderators_only": _("Only moderators, leads and admins can change tags."),
    "tag.not_a_tag": _("A tag has letters and digits, and no blanks."),
    "tag.taken": _("There is a tag of that name. Merge the two instead."),
    "tag.unknown": _("There is no tag of that name."),
    "tag.itself": _("A tag cannot be merged into itself."),
    # Demo
    "story.not_empty": _("This forum is in use. The demo needs an empty one."),
    # Import
    "import.no_admin": _("There is no admin yet who could import. Set the forum up."),
    "import.nobody": _("Nobody here who may log in has the address %(email)s."),
    "import.space_unknown": _("There is no Space with the address “%(slug)s”."),
    # Files
    "file.too_large": _("This file is larger than %(limit)s MiB."),
    "file.not_a_picture": _("Choose a JPEG, PNG, GIF or WebP picture."),
    "file.empty": _("This file is empty."),
    "file.missing": _("Choose a file first."),
    "file.program": _("Programs cannot be taken. Put them in an archive."),
    "file.macros": _("Office files with macros cannot be taken. Save it without."),
    "file.broken": _("This file is damaged and cannot be read."),
    "file.broken_image": _("This picture is damaged and cannot be shown."),
    "file.too_many_pixels": _(
        "This picture has more than %(megapixels)s megapixels. Make it smaller."
    ),
}


def message(key: str, **params: Any) -> str:
    """Return the sentence for a key, its parameters filled in, in today's language.

    A key that nobody has put into words is a mistake of ours: it raises KeyError, and a
    test holds the table complete.
    """
    return str(MESSAGES[key]) % params if params else str(MESSAGES[key])
