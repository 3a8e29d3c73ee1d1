"""The sentences for the reasons and warnings of the readers."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from forum.importing.records import ReasonKey, WarningKey

REASONS: Mapping[str, LazyString] = {
    "about_the_data": _("It describes the files beside it and is not content."),
    "archive_broken": _("The archive is damaged or cannot be unpacked here."),
    "archive_too_large": _("It unpacks to more than %(megabytes)s MB."),
    "bad_json": _("Line %(line)s is not valid JSON."),
    "body_missing": _("The record in line %(line)s has no text."),
    "compressed_too_much": _("It grows so much when unpacked that it is not opened."),
    "duplicate_id": _("Another one with the same name or id was taken before it."),
    "edited_here": _(
        "It was changed here since it was imported, so it was left as it is."
    ),
    "empty": _("The file is empty."),
    "encrypted": _("The file is protected by a password."),
    "file_not_used": _("It is not Markdown, and no text refers to it."),
    "hidden": _("Hidden files and folders are not imported."),
    "kind_not_imported": _("Peer reviews cannot be imported yet."),
    "licence_text": _("It is the text of a licence and not content."),
    "line_too_long": _("Line %(line)s is too long."),
    "link_out_of_folder": _("It is a link to a place outside the folder."),
    "linked_folder": _("It is a link to another folder, which is not followed."),
    "manifest": _("It is a list of files and not content."),
    "name_unsafe": _("Its name leads out of the archive."),
    "no_body": _("There is a title, but no text below it."),
    "not_a_record": _("Line %(line)s holds a value, not a record."),
    "not_found": _("There is nothing at this place."),
    "not_importable": _("It is not a kind of file that can be imported."),
    "not_utf8": _("Line %(line)s is not in UTF-8."),
    "picture_not_used": _("No text shows this picture."),
    "title_missing": _("The record in line %(line)s has no title."),
    "too_deep": _("It lies in too many folders within each other."),
    "too_large": _("The text is larger than an entry may be."),
    "too_many_files": _("There are more than %(limit)s files."),
    "unexpected": _("Something unexpected went wrong with it: %(type)s."),
    "unreadable": _("The file cannot be read."),
    "wrong_type": _("The title or text in line %(line)s is not text."),
}

WARNINGS: Mapping[str, LazyString] = {
    "bytes_replaced": _("%(count)s unreadable characters were replaced."),
    "comments_dropped": _("%(count)s comments without text were left out."),
    "comments_flattened": _(
        "%(count)s deep replies were moved up to the second level."
    ),
    "date_unreadable": _("“%(value)s” in “%(name)s” is not a date and was left out."),
    "encoding_converted": _("The text was converted from %(encoding)s."),
    "files_too_large": _(
        "%(count)s files are too large to take along: %(references)s."
    ),
    "front_matter_aliases": _(
        "The front matter repeats itself without bound; it was kept as text."
    ),
    "front_matter_bad": _("The front matter cannot be read; it was kept as text."),
    "front_matter_doubled": _("The second front matter was kept as text."),
    "front_matter_duplicates": _(
        "The front matter says %(keys)s more than once; the last one counts."
    ),
    "front_matter_tabs": _("Tabs in the front matter were read as blanks."),
    "front_matter_tag": _(
        "The front matter asks for a program object; it was kept as text."
    ),
    "front_matter_unclosed": _("The front matter has no closing line."),
    "front_matter_unused": _(
        "The front matter also says %(keys)s, which has no place."
    ),
    "heading_too_long": _("%(count)s overlong headings became paragraphs."),
    "id_made": _("The record has no id; one was made from its text."),
    "kind_unknown": _("The kind “%(kind)s” is unknown; the entry became a post."),
    "line_ends_changed": _("Unusual line ends were made uniform."),
    "links_missing": _(
        "%(count)s links point at nothing in this import: %(references)s."
    ),
    "links_outside": _("%(count)s links lead out of the folder: %(references)s."),
    "marks_removed": _("%(count)s extra byte-order marks were removed."),
    "nul_removed": _("%(count)s NUL characters were removed."),
    "payload_as_text": _("The record has a payload only; it became the text."),
    "picture_refused": _("“%(name)s” cannot be taken along: %(reason)s"),
    "pictures_missing": _("%(count)s pictures are not there: %(references)s."),
    "surrogates_replaced": _("Halves of characters were replaced."),
    "tags_dropped": _("These tags were left out: %(tags)s."),
    "template_heading_removed": _("A heading that only a template fills was removed."),
    "title_from_name": _("The title was made from the name of the file."),
    "title_markup_removed": _("HTML was removed from the title."),
    "title_shortened": _("The title was cut; the full one opens the text."),
    "value_ignored": _("“%(name)s” has a value of the wrong form and was left out."),
    "was_draft": _("It was marked as a draft."),
}


def sentence(key: ReasonKey | WarningKey, params: Mapping[str, str | int]) -> str:
    """The sentence for a reason or warning in the reader's language."""
    words = WARNINGS[key] if key in WARNINGS else REASONS[key]
    return str(words) % params
