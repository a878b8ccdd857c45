"""Policies as cells by field: how drafts hold them.

A row is a policy in one language, and its key the name of its file without `.md`:
`fees/cash-withdrawal`, and `fees/cash-withdrawal.de` for its translation. Lists of keys have
commas between them, lists of texts a line for each. `examples.<issue>` are the phrasings of one
issue, `examples` those of no particular one. What cannot be read keeps its cells as they are.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from agent_assist.core.draft_rows import Cells, Rows
from agent_assist.core.policy import Policy, Section
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.library.faults import Fault, Faults, Place
from agent_assist.library.files import TextFolder, hidden_character
from agent_assist.library.front_matter import FrontMatter
from agent_assist.library.policy_fields import (
    forbidden_lines,
    is_policy_id,
    read_original,
    read_translation,
    written_fields,
)
from agent_assist.library.policy_files import read_parts

KEY = re.compile(r"(?P<id>[a-z0-9][a-z0-9/-]*)(?:\.(?P<locale>[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?))?")
SECTIONS: Mapping[str, Section] = {section.column: section for section in Section}
_FILE = "policy.md"
_KEYS = frozenset({"issues"})
_LINES = frozenset({"sources", "tags", "examples"})
_EXAMPLES = "examples"
_HEADING = re.compile(r"^#{1,2}[ \t]", re.MULTILINE)


@lru_cache(maxsize=20_000)
def file_cells(text: str) -> Cells:
    """The cells of a policy's file that has no faults, as `policy_file` writes it."""
    parts = read_parts(TextFolder({_FILE: text}), _FILE, Faults())
    if parts is None:
        raise ValueError("the file has faults")
    front, sections = parts
    return _cells({k: v for k, v in front.values.items() if k != "id"}, sections)


def is_row_key(key: str) -> bool:
    """Whether it has the form of a row's key."""
    found = KEY.fullmatch(key)
    return found is not None and is_policy_id(found["id"])


def row_key(policy: Policy, original_locale: str) -> str:
    """The key of a policy's row."""
    return policy.id if policy.locale == original_locale else f"{policy.id}.{policy.locale}"


def policy_rows(policies: Iterable[Policy], original_locale: str) -> Rows:
    """Policies as cells by key, in the order of their keys."""
    keyed = {row_key(policy, original_locale): policy for policy in policies}
    return {key: _policy_cells(key, keyed[key]) for key in sorted(keyed)}


def read_policy_rows(
    rows: Rows, vocabulary: Vocabulary
) -> tuple[dict[str, Policy], tuple[Fault, ...]]:
    """The policies that can be read, by key, and everything wrong with the others.

    A fault's place has the row's key as its file, and the column as its key.
    """
    faults = Faults()
    read: dict[str, Policy] = {}
    for key in sorted(rows, key=lambda one: "." in one):  # originals first
        cells, found = rows[key], KEY.fullmatch(key)
        if found is None:
            faults.add(Place(key, key="id"), "bad_key", "is not the id of a policy")
        elif found["locale"] is None:
            original = _original(key, cells, vocabulary, faults)
            read |= {key: original} if original else {}
        elif found["id"] not in rows:
            message = f"translates {found['id']}, which is not there: drop this too"
            faults.add(Place(key, key="id"), "no_original", message)
        elif found["locale"] == vocabulary.locale:
            message = f"{found['locale']} is the library's own language: edit {found['id']}"
            faults.add(Place(key, key="id"), "own_language", message)
        else:
            translated = _translated(key, cells, read.get(found["id"]), found["locale"], faults)
            read |= {key: translated} if translated else {}
    return read, faults.ordered()


def _original(key: str, cells: Cells, vocabulary: Vocabulary, faults: Faults) -> Policy | None:
    front, sections = _parts(key, cells, faults)
    return read_original(front, sections, vocabulary) if sections else None


def _translated(
    key: str, cells: Cells, original: Policy | None, locale: str, faults: Faults
) -> Policy | None:
    front, sections = _parts(key, cells, faults)
    if original is None or sections is None:
        return None
    return read_translation(front, sections, original, locale)


def _parts(
    key: str, cells: Cells, faults: Faults
) -> tuple[FrontMatter, Mapping[Section, str] | None]:
    """Fields and sections of a row; no sections if there are faults already."""
    before = len(faults.items)
    values: dict[str, Any] = {"id": key.partition(".")[0]}
    sections: dict[Section, str] = {}
    examples: dict[str, list[str]] = {}
    for column, cell in cells.items():
        text = cell.replace("\r\n", "\n").strip()
        name, _, issue = column.partition(".")
        if hidden := hidden_character(text):
            message = f"holds {hidden}, which nobody can see; remove it"
            faults.add(Place(key, key=column), "hidden_character", message)
        if not text:
            continue
        if column in SECTIONS:
            sections[SECTIONS[column]] = text
        elif name == _EXAMPLES:
            examples[issue] = _lines(text)
        elif column in _KEYS:
            values[column] = [one.strip() for one in text.split(",") if one.strip()]
        else:
            values[column] = _lines(text) if column in _LINES else text
    if examples:
        alone = examples.keys() == {""}
        values[_EXAMPLES] = examples[""] if alone else examples
    front = FrontMatter(values, {}, key, faults)
    _check_sections(key, sections, faults)
    ordered = {section: sections[section] for section in Section if section in sections}
    return front, ordered if len(faults.items) == before else None


def _check_sections(key: str, sections: Mapping[Section, str], faults: Faults) -> None:
    for column, section in SECTIONS.items():
        text, place = sections.get(section, ""), Place(key, key=column)
        if not text and section in (Section.SAY, Section.WHY):
            faults.add(place, "missing_section", "must not be empty: customers are told it")
        if forbidden_lines(text):
            faults.add(place, "html", "raw HTML and images are not allowed; use plain Markdown")
        if _HEADING.search(text):
            faults.add(place, "heading", "headings of # and ## part a policy's sections: use ###")


def _policy_cells(key: str, policy: Policy) -> Cells:
    fields = written_fields(policy, is_original=key == policy.id)
    return _cells({k: v for k, v in fields.items() if k != "id"}, policy.sections)


def _cells(fields: Mapping[str, Any], sections: Mapping[Section, str]) -> Cells:
    cells = {name: _cell(name, value) for name, value in fields.items() if name != _EXAMPLES}
    examples = fields.get(_EXAMPLES, {})
    by_issue = examples if isinstance(examples, dict) else {"": examples}
    cells |= {
        f"{_EXAMPLES}.{issue}" if issue else _EXAMPLES: "\n".join(texts)
        for issue, texts in by_issue.items()
    }
    return cells | {
        column: sections[section] for column, section in SECTIONS.items() if sections.get(section)
    }


def _cell(name: str, value: Any) -> str:
    if isinstance(value, list):
        return (", " if name in _KEYS else "\n").join(value)
    return str(value)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]
