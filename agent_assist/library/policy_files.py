"""Markdown files with front matter: policies to files and back."""

import re
from collections.abc import Mapping

import yaml

from agent_assist.core.policy import ALTERNATIVE, Policy, Section
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.library.faults import Faults, Place
from agent_assist.library.files import MAX_FILES, Folder, read_text
from agent_assist.library.front_matter import FrontMatter, split
from agent_assist.library.policy_fields import (
    forbidden_lines,
    read_original,
    read_translation,
    written_fields,
)

_HEADING = re.compile(r"^##[ \t]+(?P<title>.+?)[ \t]*$", re.MULTILINE)
_TRANSLATION = re.compile(r"(?P<stem>.+)\.(?P<locale>[a-z]{2,3}(-[A-Za-z0-9]{2,8})?)\.md")
_TITLES = {section.value: section for section in Section}
_ORDER = list(Section)


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
    kept = written_fields(policy, is_original=is_original)
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
    parts = read_parts(folder, name, faults)
    return None if parts is None else read_original(*parts, vocabulary)


def _translation(
    folder: Folder, name: str, original: Policy, locale: str, faults: Faults
) -> Policy | None:
    parts = read_parts(folder, name, faults)
    return None if parts is None else read_translation(*parts, original, locale)


def read_parts(
    folder: Folder, name: str, faults: Faults
) -> tuple[FrontMatter, Mapping[Section, str]] | None:
    """Front matter and sections of a file; None with faults noted."""
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
    ends = [*(heading.start() for heading in headings[1:]), len(body)]
    for heading, end in zip(headings, ends, strict=False):  # without headings there is an end alone
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
        if section in ALTERNATIVE and not sections[section]:
            message = "is empty: write the second wording, or drop the section"
            faults.add(Place(name, line, key=section), "missing_section", message)
    for section in (Section.SAY, Section.WHY):
        if not sections.get(section):
            faults.add(
                Place(name, first_line, key=section), "missing_section", f"needs ## {section}"
            )
    return sections if len(faults.items) == before else None


def _check_markdown(text: str, name: str, line: int, section: Section, faults: Faults) -> None:
    for at in forbidden_lines(text):
        message = "raw HTML and images are not allowed; use plain Markdown"
        faults.add(Place(name, line + 1 + at, key=section), "html", message)


def _note_duplicate(
    policy: Policy, originals: Mapping[str, Policy], name: str, faults: Faults
) -> None:
    for other, known in originals.items():
        if known.id == policy.id:
            faults.add(
                Place(name, 2, key="id"), "duplicate", f"{policy.id!r} is the id of {other} too"
            )
