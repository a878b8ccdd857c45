"""What a library says that a customer's words can be compared with, text by text."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from agent_assist.core.matches import Span
from agent_assist.core.policy import ALTERNATIVE, Policy, Section
from agent_assist.core.vocabulary import Issue
from agent_assist.matching.text import packed, sentences

MIN_SENTENCE = 15
"""Characters below which a sentence of a section says too little to compare."""

LONG_SECTION = 1_000
"""Characters from which on a section is a document: its sentences are compared some at a time, and
say what they are about only with its title."""

LONGEST_HEADING = 120
"""Characters of a heading that its passages are compared with."""

_UNREAD = ALTERNATIVE | {Section.INTERNAL}
"""A second wording is on trial, and no more found by than the first."""
_HEADING = re.compile(r"^#{1,6}[ \t](.*)$", re.MULTILINE)

_LIST_MARK = re.compile(r"[ \t]*(?:\d{1,3}[.)]|[-*+]|#{1,6})[ \t]+")


class Kind(StrEnum):
    """Which text of the library it is."""

    EXAMPLE = "example"
    ISSUE_NAME = "issue_name"
    ISSUE = "issue"
    DESCRIPTION = "description"
    TITLE = "title"
    SUBJECT = "subject"
    TAG = "tag"
    SECTION = "section"
    PASSAGE = "passage"


@dataclass(frozen=True, slots=True)
class Entry:
    """One text of the library, and the policy and issue it speaks for.

    Attributes:
        issue: empty if it speaks for every issue of the policy.
        title: what a passage of a document stands under; empty for all other texts.
    """

    kind: Kind
    text: str
    policy: str
    issue: str = ""
    title: str = ""

    @property
    def compared(self) -> str:
        """What is compared with the customer's words."""
        return f"{self.title}. {self.text}" if self.title else self.text


def entries_of(policies: Sequence[Policy], issues: Mapping[str, Issue]) -> tuple[Entry, ...]:
    """Every text of the policies and of their issues; none of Internal, or of second wordings."""
    return tuple(entry for policy in policies for entry in _entries(policy, issues))


def _entries(policy: Policy, issues: Mapping[str, Issue]) -> Iterator[Entry]:
    for issue, texts in policy.examples.items():
        yield from (Entry(Kind.EXAMPLE, text, policy.id, issue) for text in texts)
    for key in policy.issues:
        name, description = issues[key].name, issues[key].description
        yield Entry(Kind.ISSUE_NAME, name, policy.id, key)
        yield Entry(Kind.DESCRIPTION, description, policy.id, key)
        yield Entry(Kind.ISSUE, f"{name}. {description}", policy.id, key)
    yield Entry(Kind.TITLE, policy.title, policy.id)
    if policy.tags:
        yield Entry(Kind.SUBJECT, f"{policy.title}. {', '.join(policy.tags)}", policy.id)
    yield from (Entry(Kind.TAG, tag, policy.id) for tag in policy.tags)
    for section, text in policy.sections.items():
        if section not in _UNREAD:
            if len(text) < LONG_SECTION:
                yield from (Entry(Kind.SECTION, part, policy.id) for part in _sentences(text))
            else:
                for title, part in _passages(policy.title, text):
                    yield Entry(Kind.PASSAGE, part, policy.id, title=title)


def _passages(title: str, markdown: str) -> Iterator[tuple[str, str]]:
    """The passages of a document, verbatim, each with the titles it stands under."""
    under, start = title, 0
    for heading in _HEADING.finditer(markdown):
        yield from _part(under, markdown, Span(start, heading.start()))
        name = heading[1].strip(" \t#")[:LONGEST_HEADING]
        under, start = f"{title}, {name}" if name else title, heading.end()
    yield from _part(under, markdown, Span(start, len(markdown)))


def _part(title: str, markdown: str, within: Span) -> Iterator[tuple[str, str]]:
    for span in packed(markdown, sentences(markdown, within)):
        if span.end - span.start >= MIN_SENTENCE:
            yield title, markdown[span.start : span.end]


def _sentences(markdown: str) -> Iterator[str]:
    """The sentences of a section, verbatim but for the marks of lists."""
    for line in markdown.splitlines():
        mark = _LIST_MARK.match(line)
        body = line[mark.end() :] if mark else line
        for span in sentences(body):
            if span.end - span.start >= MIN_SENTENCE:
                yield body[span.start : span.end]
