"""YAML front matter with line numbers: plain values only, no aliases, anchors, tags or duplicates.

PyYAML's node tree is used instead of a front-matter package because those give no line numbers,
and because aliases must be refused before anything is built from them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

import yaml

from agent_assist.library.cells import CellFault, parse_day
from agent_assist.library.faults import Faults, Place

T = TypeVar("T")

_FENCE = re.compile(r"\A---[ \t]*\n(?P<yaml>.*?)^---[ \t]*$\n?", re.DOTALL | re.MULTILINE)
# The same reader in C, ten times as fast, where PyYAML came with it.
_READER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
_MAX_DEPTH = 4
_MAX_NODES = 4_000  # names of fields included


@dataclass(slots=True)
class FrontMatter:
    """The fields of a front matter, each with its line; what is not taken is a fault."""

    values: dict[str, Any]
    lines: dict[str, int]
    file: str
    faults: Faults
    taken: set[str] = field(default_factory=set)

    def fault(self, key: str, code: str, message: str) -> None:
        """Note a fault at a field."""
        self.faults.add(Place(self.file, self.lines.get(key, 1), key=key), code, message)

    def take(
        self, key: str, read: Callable[[Any], T | None], form: str, *, required: bool = True
    ) -> T | None:
        """What `read` makes of the field; None with a fault noted where it gives None."""
        self.taken.add(key)
        if key not in self.values:
            if required:
                self.fault(key, "missing_key", f"the front matter needs {key!r}")
            return None
        value = read(self.values[key])
        if value is None:
            self.fault(key, "wrong_type", f"{key!r} must be {form}")
        return value

    def finish(self) -> None:
        """Note every field that nobody took."""
        for key in self.values.keys() - self.taken:
            self.fault(key, "unknown_key", f"{key[:64]!r} is not a field of a policy")


def split(text: str, file: str, faults: Faults) -> tuple[FrontMatter, str, int] | None:
    """The front matter, the Markdown after it and its first line; None with a fault noted."""
    fence = _FENCE.match(text)
    if fence is None:
        message = "must begin with a front matter between two lines of ---"
        faults.add(Place(file, 1), "no_front_matter", message)
        return None
    lines: dict[str, int] = {}
    try:
        values = _Plain(file, faults, lines).read(fence["yaml"])
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        problem = getattr(error, "problem", None) or "it cannot be read"
        faults.add(Place(file, line), "bad_yaml", f"the front matter is not plain YAML: {problem}")
        return None
    body_line = text[: fence.end()].count("\n") + 1
    return FrontMatter(values, lines, file, faults), text[fence.end() :], body_line


def text_of(value: Any) -> str | None:
    """A non-empty single line."""
    if not isinstance(value, str) or not value.strip() or "\n" in value or len(value) > 500:
        return None
    return value.strip()


def texts_of(value: Any) -> tuple[str, ...] | None:
    """A list of non-empty texts, none of them twice."""
    if not isinstance(value, list):
        return None
    texts = tuple(text_of(item) for item in value)
    known = tuple(text for text in texts if text is not None)
    return known if len(known) == len(value) == len(set(known)) else None


def day_of(value: Any) -> date | None:
    """An ISO date, `2026-01-31`."""
    try:
        return parse_day(value) if isinstance(value, str) else None
    except CellFault:
        return None


class _Plain:
    """Builds texts, lists and tables from YAML; every scalar is the text that was typed."""

    def __init__(self, file: str, faults: Faults, lines: dict[str, int]) -> None:
        self.file = file
        self.faults = faults
        self.lines = lines

    def read(self, text: str) -> dict[str, Any]:
        self._check_events(text)
        root = yaml.compose(text, _READER)
        if not isinstance(root, yaml.MappingNode):
            raise yaml.MarkedYAMLError(problem="it must be a list of `field: value`")
        values = self._mapping(root)
        for key, _ in root.value:
            # The YAML begins on the file's second line, after the fence.
            self.lines.setdefault(str(key.value), key.start_mark.line + 2)
        return values

    def _check_events(self, text: str) -> None:
        # Before `compose`, which calls itself for each level and keeps all it has read.
        depth = nodes = 0
        for event in yaml.parse(text, _READER):
            self._refuse_indirection(event)
            if isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            elif isinstance(event, yaml.NodeEvent):
                nodes += 1
                if depth > _MAX_DEPTH or nodes > _MAX_NODES:
                    raise _refused("it is nested too deeply or too long", event)
                depth += isinstance(event, yaml.CollectionStartEvent)

    def _refuse_indirection(self, event: yaml.Event) -> None:
        anchored = getattr(event, "anchor", None) is not None
        if anchored or getattr(event, "tag", None) is not None:
            raise _refused("anchors, aliases and tags are not allowed", event)

    def _value(self, node: yaml.Node) -> Any:
        if isinstance(node, yaml.ScalarNode):
            return node.value
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item) for item in node.value]
        return self._mapping(node)

    def _mapping(self, node: yaml.Node) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value in values:
                raise _refused("a field is there twice, or its name is not a word", key)
            values[key.value] = self._value(value)
        return values


def _refused(problem: str, at: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=at.start_mark)
