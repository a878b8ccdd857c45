"""What a policy is made of: fields and sections, wherever they were written, and their faults.

A file holds them as front matter and Markdown, a draft as cells: see `policy_files` and
`policy_cells`.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt

from agent_assist.core.policy import ALTERNATIVE, HALF, ExplanationType, Policy, Section
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.library.faults import Place
from agent_assist.library.front_matter import FrontMatter, day_of, text_of, texts_of

ID = re.compile(r"[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*){0,4}")
RESERVED = frozenset({"drafts", "versions"})
"""No id begins with one of these words: they are something else where policies are asked for."""

_MAX_ID = 120
_PERCENT = re.compile(r"[1-9][0-9]?")
_markdown = MarkdownIt("commonmark", {"html": True})


def read_original(
    front: FrontMatter, sections: Mapping[Section, str], vocabulary: Vocabulary
) -> Policy | None:
    """The policy in the library's own language; None with faults noted."""
    faults = front.faults
    before = len(faults.items)
    policy_id = _id(front)
    title = front.take("title", text_of, "one line of text")
    issues = front.take("issues", texts_of, "a list of issue keys") or ()
    kind = front.take("explanation_type", _explanation_type, f"one of {', '.join(ExplanationType)}")
    owner = front.take("owner", text_of, "one line of text, such as cards-team")
    review_by = front.take("review_by", day_of, "a date such as 2027-03-31")
    first = front.take("effective_from", day_of, "a date", required=False)
    last = front.take("effective_to", day_of, "a date", required=False)
    sources = front.take("sources", texts_of, "a list of texts", required=False) or ()
    examples = _examples(front, issues)
    tags = front.take("tags", texts_of, "a list of texts", required=False) or ()
    share = _alternative_share(front, sections)
    front.finish()
    _check_issues(front, issues, vocabulary)
    if first and last and first > last:
        front.fault("effective_to", "bad_range", "ends before it begins")
    if len(faults.items) > before or not (policy_id and title and kind and owner and review_by):
        return None
    return Policy(
        id=policy_id,
        locale=vocabulary.locale,
        title=title,
        issues=issues,
        explanation_type=kind,
        owner=owner,
        review_by=review_by,
        sections=sections,
        sources=sources,
        examples=examples,
        tags=tags,
        alternative_share=share,
        effective_from=first,
        effective_to=last,
    )


def read_translation(
    front: FrontMatter, sections: Mapping[Section, str], original: Policy, locale: str
) -> Policy | None:
    """The same policy in another language; None with faults noted."""
    faults = front.faults
    before = len(faults.items)
    if _id(front) not in (original.id, None):
        front.fault("id", "other_id", f"must be {original.id!r}, the id of what it translates")
    title = front.take("title", text_of, "one line of text")
    examples = _examples(front, original.issues)
    tags = front.take("tags", texts_of, "a list of texts", required=False) or ()
    front.finish()
    _check_wordings(front, sections, original)
    if len(faults.items) > before or title is None:
        return None
    return Policy(
        id=original.id,
        locale=locale,
        title=title,
        issues=original.issues,
        explanation_type=original.explanation_type,
        owner=original.owner,
        review_by=original.review_by,
        sections=sections,
        sources=original.sources,
        examples=examples,
        tags=tags,
        alternative_share=original.alternative_share,
        effective_from=original.effective_from,
        effective_to=original.effective_to,
    )


def written_fields(policy: Policy, *, is_original: bool) -> dict[str, Any]:
    """The fields that are read as the same policy, in order; those that hold nothing left out."""
    fields: dict[str, Any] = {"id": policy.id, "title": policy.title}
    if is_original:
        fields |= {
            "issues": list(policy.issues),
            "explanation_type": policy.explanation_type.value,
            "owner": policy.owner,
            "review_by": policy.review_by,
            "effective_from": policy.effective_from,
            "effective_to": policy.effective_to,
            "sources": list(policy.sources),
        }
        if policy.alternative_share != HALF:
            fields["alternative_share"] = policy.alternative_share
    fields |= {"examples": _written_examples(policy.examples), "tags": list(policy.tags)}
    return {key: value for key, value in fields.items() if value not in (None, [], {})}


@lru_cache(maxsize=20_000)
def forbidden_lines(text: str) -> tuple[int, ...]:
    """The lines of a Markdown text, from 0, where raw HTML or an image begins."""
    return tuple(
        token.map[0] if token.map else 0
        for token in _markdown.parse(text)
        for child in token.children or [token]
        if child.type in ("html_block", "html_inline", "image")
    )


def is_policy_id(text: str) -> bool:
    """Whether it has the form of a policy's id."""
    fits = len(text) <= _MAX_ID and ID.fullmatch(text) is not None
    return fits and text.partition("/")[0] not in RESERVED


def _id(front: FrontMatter) -> str | None:
    def read(value: Any) -> str | None:
        return value if isinstance(value, str) and is_policy_id(value) else None

    form = "words of a-z, 0-9 and - joined by /, such as fees/cash; not beginning with "
    return front.take("id", read, form + ", ".join(sorted(RESERVED)))


def _explanation_type(value: Any) -> ExplanationType | None:
    return ExplanationType(value) if value in {kind.value for kind in ExplanationType} else None


def _alternative_share(front: FrontMatter, sections: Mapping[Section, str]) -> int:
    def read(value: Any) -> int | None:
        return int(value) if isinstance(value, str) and _PERCENT.fullmatch(value) else None

    share = front.take("alternative_share", read, "a percentage from 1 to 99", required=False)
    if share is not None and ALTERNATIVE.isdisjoint(sections):
        message = f"there is no second wording: write {' or '.join(sorted(ALTERNATIVE))}"
        front.fault("alternative_share", "no_alternative", message)
    return HALF if share is None else share


def _check_wordings(front: FrontMatter, sections: Mapping[Section, str], original: Policy) -> None:
    """Customers of every language are told one of the same wordings, or none could be compared."""
    for section in sorted(ALTERNATIVE & original.sections.keys() - sections.keys()):
        message = f"{original.id} has two wordings, and this lacks {section}: translate it"
        front.fault(section.column, "missing_wording", message)
    for section in sorted(ALTERNATIVE & sections.keys() - original.sections.keys()):
        message = f"{original.id} has no {section}, which this translates: drop it"
        front.fault(section.column, "extra_wording", message)


def _examples(front: FrontMatter, issues: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    form = "a list of phrasings, or lists of phrasings by issue"

    def read(value: Any) -> dict[str, tuple[str, ...]] | None:
        if isinstance(value, dict):
            by_issue = {key: texts_of(texts) for key, texts in value.items()}
            known = {key: texts for key, texts in by_issue.items() if texts is not None}
            return known if len(known) == len(value) else None
        texts = texts_of(value)
        # With one issue there is no doubt whose phrasings they are.
        return None if texts is None else {issues[0] if len(issues) == 1 else "": texts}

    examples = front.take("examples", read, form, required=False) or {}
    for key in examples.keys() - {*issues, ""}:
        front.fault("examples", "unknown_issue", f"{key[:64]!r} is not an issue of this policy")
    return examples


def _written_examples(examples: Mapping[str, tuple[str, ...]]) -> Any:
    if set(examples) == {""}:
        return list(examples[""])
    return {key: list(texts) for key, texts in examples.items()}


def _check_issues(front: FrontMatter, issues: tuple[str, ...], vocabulary: Vocabulary) -> None:
    if not issues and "issues" in front.values:
        front.fault("issues", "empty", "a policy covers at least one issue")
    for key in issues:
        if key not in vocabulary.issues:
            place = Place(front.file, front.lines.get("issues", 1), key="issues")
            message = f"{key[:64]!r} is not an issue of issues.toml"
            front.faults.add_unknown(place, "unknown_issue", message, file="issues.toml", key=key)
