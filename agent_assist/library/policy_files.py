"""Markdown files with front matter: policies to files and back."""

import re
from collections.abc import Mapping
from typing import Any

import yaml
from markdown_it import MarkdownIt

from agent_assist.core.policy import ExplanationType, Policy, Section
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.library.faults import Faults, Place
from agent_assist.library.files import MAX_FILES, Folder, read_text
from agent_assist.library.front_matter import FrontMatter, day_of, split, text_of, texts_of

ID = re.compile(r"[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*){0,4}")
_MAX_ID = 120
_HEADING = re.compile(r"^##[ \t]+(?P<title>.+?)[ \t]*$", re.MULTILINE)
_TRANSLATION = re.compile(r"(?P<stem>.+)\.(?P<locale>[a-z]{2,3}(-[A-Za-z0-9]{2,8})?)\.md")
_TITLES = {section.value: section for section in Section}
_ORDER = list(Section)
_markdown = MarkdownIt("commonmark", {"html": True})


def read_policies(folder: Folder, vocabulary: Vocabulary, faults: Faults) -> tuple[Policy, ...]:
    """Every policy of the folder that can be read, by id and locale; faults are noted by line."""
    originals: dict[str, Policy] = {}
    translations: list[tuple[str, str, str]] = []
    for name in _names(folder, faults):
        if found := _TRANSLATION.fullmatch(name):
            translations.append((name, f"{found['stem']}.md", found["locale"]))
        elif policy := _original(folder, name, vocabulary, faults):
            _note_duplicate(policy, originals, name, faults)
            originals[name] = policy
    policies = list(originals.values())
    for name, original, locale in translations:
        if original not in originals:
            faults.add(Place(name), "no_original", f"translates {original}, which cannot be read")
        elif policy := _translation(folder, name, originals[original], locale, faults):
            policies.append(policy)
    return tuple(sorted(policies, key=lambda policy: (policy.id, policy.locale)))


def policy_file(policy: Policy, *, is_original: bool) -> str:
    """The text of the file that is read as the same policy."""
    front: dict[str, Any] = {"id": policy.id, "title": policy.title}
    if is_original:
        front |= {
            "issues": list(policy.issues),
            "explanation_type": policy.explanation_type.value,
            "owner": policy.owner,
            "review_by": policy.review_by,
            "effective_from": policy.effective_from,
            "effective_to": policy.effective_to,
            "sources": list(policy.sources),
        }
    front |= {"examples": _written_examples(policy.examples), "tags": list(policy.tags)}
    kept = {key: value for key, value in front.items() if value not in (None, [], {})}
    head = yaml.safe_dump(kept, sort_keys=False, allow_unicode=True, width=10_000)
    parts = [
        f"## {section}\n{policy.sections[section]}\n"
        for section in Section
        if section in policy.sections
    ]
    return f"---\n{head}---\n" + "\n".join(parts)


def file_name(policy: Policy, original_locale: str) -> str:
    """Where a policy is written inside a library folder."""
    ending = "" if policy.locale == original_locale else f".{policy.locale}"
    return f"{policy.id}{ending}.md"


def _names(folder: Folder, faults: Faults) -> list[str]:
    names = [name for name in folder.names() if name.endswith(".md") and name != "README.md"]
    if not names:
        faults.add(Place("."), "no_policies", "has no policy, that is no *.md file")
    if len(names) > MAX_FILES:
        faults.add(Place("."), "too_many", f"has more than {MAX_FILES:,} policies; split it")
        return []
    return names


def _original(folder: Folder, name: str, vocabulary: Vocabulary, faults: Faults) -> Policy | None:
    parts = _parts(folder, name, faults)
    if parts is None:
        return None
    front, sections = parts
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
        effective_from=first,
        effective_to=last,
    )


def _translation(
    folder: Folder, name: str, original: Policy, locale: str, faults: Faults
) -> Policy | None:
    parts = _parts(folder, name, faults)
    if parts is None:
        return None
    front, sections = parts
    before = len(faults.items)
    if _id(front) not in (original.id, None):
        front.fault("id", "other_id", f"must be {original.id!r}, the id of what it translates")
    title = front.take("title", text_of, "one line of text")
    examples = _examples(front, original.issues)
    tags = front.take("tags", texts_of, "a list of texts", required=False) or ()
    front.finish()
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
        effective_from=original.effective_from,
        effective_to=original.effective_to,
    )


def _parts(
    folder: Folder, name: str, faults: Faults
) -> tuple[FrontMatter, Mapping[Section, str]] | None:
    text = read_text(folder, name, faults)
    halves = None if text is None else split(text, name, faults)
    if halves is None:
        return None
    front, body, line = halves
    sections = _sections(body, name, line, faults)
    return None if sections is None else (front, sections)


def _sections(
    body: str, name: str, first_line: int, faults: Faults
) -> Mapping[Section, str] | None:
    before = len(faults.items)
    sections: dict[Section, str] = {}
    headings = list(_HEADING.finditer(body))
    preamble = body[: headings[0].start()] if headings else body
    if preamble.strip():
        faults.add(
            Place(name, first_line), "outside_section", "text stands before the first section"
        )
    ends = [heading.start() for heading in headings[1:]] + [len(body)]
    for heading, end in zip(headings, ends, strict=True):
        line = first_line + body[: heading.start()].count("\n")
        section = _TITLES.get(heading["title"])
        if section is None or section in sections:
            message = f"sections are {', '.join(Section)}, each once"
            faults.add(Place(name, line, key=heading["title"][:64]), "bad_section", message)
            continue
        if sections and _ORDER.index(section) < _ORDER.index(list(sections)[-1]):
            message = f"sections come in the order {', '.join(Section)}"
            faults.add(Place(name, line, key=section), "section_order", message)
        sections[section] = body[heading.end() : end].strip()
        _check_markdown(sections[section], name, line, section, faults)
    for section in (Section.SAY, Section.WHY):
        if not sections.get(section):
            faults.add(
                Place(name, first_line, key=section), "missing_section", f"needs ## {section}"
            )
    return sections if len(faults.items) == before else None


def _check_markdown(text: str, name: str, line: int, section: Section, faults: Faults) -> None:
    for token in _markdown.parse(text):
        children = token.children or [token]
        if any(child.type in ("html_block", "html_inline", "image") for child in children):
            at = line + 1 + (token.map[0] if token.map else 0)
            message = "raw HTML and images are not allowed; use plain Markdown"
            faults.add(Place(name, at, key=section), "html", message)


def _id(front: FrontMatter) -> str | None:
    def read(value: Any) -> str | None:
        fits = isinstance(value, str) and len(value) <= _MAX_ID and ID.fullmatch(value)
        return value if fits else None

    return front.take("id", read, "words of a-z, 0-9 and - joined by /, such as fees/cash")


def _explanation_type(value: Any) -> ExplanationType | None:
    return ExplanationType(value) if value in {kind.value for kind in ExplanationType} else None


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


def _note_duplicate(
    policy: Policy, originals: Mapping[str, Policy], name: str, faults: Faults
) -> None:
    for other, known in originals.items():
        if known.id == policy.id:
            faults.add(
                Place(name, 2, key="id"), "duplicate", f"{policy.id!r} is the id of {other} too"
            )
