"""The forum's rules as pure functions: no database, no Flask, no clock.

What a rule has to tell a person it says as a message key with parameters; the words
are found where a page or a mail is written.
"""
