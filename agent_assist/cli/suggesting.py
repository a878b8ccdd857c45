"""`agent-assist suggest`: the answer of the API, in a terminal."""

import json
import textwrap
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import click
from pydantic_core import to_json

from agent_assist.app.composition import composed
from agent_assist.circumstances import Circumstances
from agent_assist.cli.output import json_option
from agent_assist.core.ceilings import Bound, Unlimited
from agent_assist.core.decision import Decision, Verdict
from agent_assist.core.errors import FieldProblem, InvalidInput
from agent_assist.core.limits import Offer
from agent_assist.core.matches import Role
from agent_assist.core.options import Option
from agent_assist.core.policy import Section
from agent_assist.core.suggestion import SuggestedPolicy, Suggestion
from agent_assist.core.vocabulary import Unit, Vocabulary
from agent_assist.library.cells import format_amount, format_test
from agent_assist.settings import read_settings
from agent_assist.suggest import Timing
from agent_assist.web.contacts.contacts import read_facts_given
from agent_assist.web.problem_kinds import InvalidJson
from agent_assist.web.reading import read_json
from agent_assist.web.requests import SuggestionRequest
from agent_assist.web.writers import write_suggestion

_WIDTH = 78
_MARKS = {
    Verdict.ALLOWED: ("◆ you may", "green"),
    Verdict.OPEN: ("? ask first", "cyan"),
    Verdict.NEEDS_APPROVAL: ("△ needs approval", "yellow"),
    Verdict.NOT_ALLOWED: ("◇ not allowed", "red"),
}
_ASKED = {Offer.OFFER: "", Offer.IF_ASKED: " (if the customer asks)", Offer.NEVER: ""}


@click.command("suggest")
@click.argument("text")
@click.option("--facts", "facts_text", default="{}", help="Known facts as a JSON object.")
@click.option("--level", default=None, help="The rep's level; the lowest if left out.")
@json_option
def suggest_command(text: str, facts_text: str, level: str | None, *, as_json: bool) -> None:
    """What to say, and what may be given, for what a customer said (TEXT)."""
    with _by_option():
        asked = _request(text, facts_text)
        around = Circumstances(facts=read_facts_given(asked.facts), level=level)
        with composed(read_settings()) as parts:
            snapshot = parts.live.current()
            suggestion = parts.suggester.suggest(snapshot, text, around, Timing())
    vocabulary = snapshot.vocabulary
    if as_json:
        click.echo(to_json(write_suggestion(suggestion, vocabulary), indent=2))
    else:
        click.echo("\n".join(_lines(suggestion, vocabulary)))


@contextmanager
def _by_option() -> Iterator[None]:
    """Faults by the option that was typed, not by their place in a request over HTTP."""
    try:
        yield
    except InvalidInput as invalid:
        raise InvalidInput(
            [replace(one, pointer=_option(one.pointer)) for one in invalid.problems]
        ) from None


def _option(pointer: str) -> str:
    step, _, rest = pointer.removeprefix("/").partition("/")
    match step:
        case "facts":
            return f"--facts {rest}".rstrip()
        case "rep":
            return "--level"
        case "text":
            return "TEXT"
    return pointer


def _request(text: str, facts: str) -> SuggestionRequest:
    """What was typed, held to the same rules as a request over HTTP."""
    try:
        json.loads(facts)
        body = f'{{"text": {json.dumps(text)}, "facts": {facts}}}'
        return read_json(body.encode(errors="backslashreplace"), SuggestionRequest)
    except (ValueError, RecursionError, InvalidJson):
        detail = """must be a JSON object such as {"customer.tier": "plus"}, each key once"""
        raise InvalidInput([FieldProblem("--facts", "bad_json", detail)]) from None


def _lines(suggestion: Suggestion, vocabulary: Vocabulary) -> Iterator[str]:
    if not suggestion.matches:
        yield click.style("Nothing in the library comes near this.", bold=True)
        yield 'Try other words, or search: agent-assist suggest "…"'
        return
    if suggestion.abstained:
        yield click.style("Not sure. The nearest policies:", fg="yellow", bold=True)
        yield from _others(suggestion.matches)
        return
    yield from _policy(suggestion.matches[0])
    yield from _options(suggestion.matches[0].options, vocabulary)
    if suggestion.questions:
        yield click.style("ASK NEXT", bold=True)
        for number, question in enumerate(suggestion.questions, start=1):
            yield f"  {number}. {question.fact.ask}"
            yield from _indented(f"for: {_remedies(question.settles, vocabulary)}", 5)
        yield ""
    for title, role in (("ALSO ASKED", Role.EARLIER), ("OTHER MATCHES", Role.ALTERNATIVE)):
        others = tuple(one for one in suggestion.matches if one.match.role is role)
        if others:
            yield click.style(title, bold=True)
            yield from _others(others)


def _policy(suggested: SuggestedPolicy) -> Iterator[str]:
    policy = suggested.policy.policy
    share = f"{suggested.match.probability:.0%}"
    yield (
        click.style(f"{policy.title}", bold=True) + f"  {share}  ({policy.id}, version "
        f"{suggested.policy.version}, issue {suggested.match.issue})"
    )
    for section in (Section.SAY, Section.WHY):
        yield ""
        yield click.style(section.upper(), bold=True)
        yield _wrapped(policy.sections[section])
    yield ""


def _options(options: tuple[Option, ...], vocabulary: Vocabulary) -> Iterator[str]:
    yield click.style("YOU MAY", bold=True)
    if not options:
        yield "  nothing: no limit row speaks of this issue"
    for option in options:
        decision = option.decision
        mark, colour = _MARKS[decision.verdict]
        title = f"{decision.remedy.label}{_amount(decision, vocabulary)}{_ASKED[decision.offer]}"
        yield "  " + click.style(f"{mark:18}", fg=colour) + title
        for line in _explained(option, vocabulary):
            yield from _indented(line, 20)
        if rows := option.decision.rests_on:
            for line in _indented(f"row {', '.join(rows)}", 20):
                yield click.style(line, dim=True)
    yield ""


def _amount(decision: Decision, vocabulary: Vocabulary) -> str:
    if decision.verdict is not Verdict.ALLOWED:
        return ""
    return f", up to {_quantity(decision, decision.up_to, vocabulary)}"


def _explained(option: Option, vocabulary: Vocabulary) -> Iterator[str]:
    decision = option.decision
    if decision.approval is not None:
        more = _quantity(decision, decision.approval.up_to, vocabulary)
        yield f"{_level(decision.approval.level, vocabulary)}: up to {more}"
    if decision.verdict is Verdict.OPEN:
        facts = (vocabulary.facts[key].label for key in decision.needs())
        yield f"depends on: {' · '.join(facts)}"
    for change in decision.otherwise[:2]:
        fact = vocabulary.facts[change.fact]
        test = format_test(change.test, fact, vocabulary.currency)
        most = _quantity(decision, change.up_to, vocabulary)
        yield f"otherwise: up to {most} if {fact.label.lower()} is {test}"
    if decision.say:
        yield f"“{decision.say}”"
    if option.exclusive_with:
        yield f"not together with: {_remedies(option.exclusive_with, vocabulary)}"


def _quantity(decision: Decision, bound: Bound, vocabulary: Vocabulary) -> str:
    if isinstance(bound, Unlimited):
        return "any amount"
    unit = decision.remedy.unit
    text = format_amount(bound, unit, vocabulary.currency)
    match unit:
        case Unit.MONEY:
            return f"{text} {vocabulary.currency}"
        case Unit.DAYS:
            return f"{text} day" if bound == 1 else f"{text} days"
        case Unit.COUNT:
            return f"{text} time" if bound == 1 else f"{text} times"
        case Unit.PERCENT:
            return text


def _level(key: str, vocabulary: Vocabulary) -> str:
    return next(level.label for level in vocabulary.levels if level.key == key)


def _remedies(keys: Iterable[str], vocabulary: Vocabulary) -> str:
    return " · ".join(vocabulary.remedies[key].label for key in keys)


def _indented(text: str, by: int) -> list[str]:
    """Lines of one sentence, none wider than the answer but where a word is."""
    return textwrap.wrap(text, _WIDTH, initial_indent=" " * by, subsequent_indent=" " * by)


def _others(matches: tuple[SuggestedPolicy, ...]) -> Iterator[str]:
    for one in matches:
        policy = one.policy.policy
        yield f"  {one.match.probability:4.0%}  {policy.title}  ({policy.id})"


def _wrapped(text: str) -> str:
    return "\n".join(
        textwrap.fill(paragraph, _WIDTH, initial_indent="  ", subsequent_indent="  ")
        for paragraph in text.split("\n\n")
    )
