"""What `library check --strict` asks for: texts a rep can say and a customer believe."""

import re
from collections.abc import Callable, Iterator
from datetime import date

from agent_assist.core.library import Library
from agent_assist.core.policy import SAYABLE, Policy, Section
from agent_assist.core.review import Code, review_table
from agent_assist.library.faults import Fault, Place
from agent_assist.library.policy_files import file_name

SAY_WORDS = (20, 60)  # sixty words take about 20 seconds aloud
WHY_WORDS = (25, 140)
EXAMPLES = (3, 6)
MAX_GRADE = 9.0
_LADDER = frozenset({Code.LADDER_FALLS, Code.LADDER_MAY_FALL})
_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?:]+(?:\s|$)")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+\S", re.MULTILINE)
_CURRENCY = r"(?:[€$£¥]|EUR|GBP|USD|CHF|JPY|euros?|pounds?|dollars?|cents?|pence)"
_NUMBER_WORD = (
    r"(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|"
    r"thirty|forty|fifty|sixty|eighty|hundred|thousand)"
)
# `9.00` is money without a word more; after these words it is a time, or an app's version.
_NOT_A_TIME = "".join(
    rf"(?<!\b{word} )" for word in ("at", "from", "until", "before", "after", "version")
)
_DECIMAL = rf"(?<![\d.,]){_NOT_A_TIME}\d+[.,]\d\d(?![.,]?\d)(?!\s?(?:[ap]\.?m\b|o'clock))"
_AMOUNT = re.compile(
    rf"{_CURRENCY}\s?\d|\d\s?{_CURRENCY}\b|\d\s?(?:%|percent|per cent)"
    rf"|\b(?:up to|at most|no more than|a maximum of|maximum|limit of)\s+{_NUMBER_WORD}\b"
    rf"|\b{_NUMBER_WORD}\s+(?:percent|per cent|{_CURRENCY})\b"
    rf"|{_DECIMAL}",
    re.IGNORECASE,
)
_BLAME = re.compile(
    r"you should have|you should've|you failed|you forgot|your (?:own )?fault|your mistake|"
    r"as i (?:already )?said|as i told you|you must have|you need to understand|"
    r"unfortunately,? (?:our|the) policy|it is (?:our|company) policy|(?:our|the) policy says|"
    r"there is nothing i can do|you people|calm down",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because|so that|so|since|that is why|that's why|this is why|the reason|in order to|"
    r"which is why|to (?:protect|keep|make|give|avoid|stop|prevent|help|check|cover|let|be)|"
    r"otherwise|without|means|lets|protects?|keeps?)\b",
    re.IGNORECASE,
)


def quality_faults(library: Library, today: date) -> tuple[Fault, ...]:
    """Everything below the bar of `docs/library-format.md`, as of `today`."""
    faults: list[Fault] = []
    for policy in library.policies:
        faults += policy_faults(policy, library.vocabulary.locale, today)
    faults += _coverage_faults(library)
    faults += _row_faults(library)
    return tuple(faults)


def word_count(text: str) -> int:
    """Words of a text; a hyphenated word is one."""
    return len(_WORD.findall(text))


def reading_grade(text: str) -> float:
    """Automated readability index: about the school year that reads it with ease.

    Source: Senter and Smith, "Automated Readability Index", AMRL-TR-66-220 (1967).
    """
    words: list[str] = _WORD.findall(text)
    if not words:
        return 0.0
    letters = sum(character.isalnum() for word in words for character in word)
    sentences = max(len(_SENTENCE_END.findall(text)), 1)
    return 4.71 * letters / len(words) + 0.5 * len(words) / sentences - 21.43


def sayable_faults(text: str) -> Iterator[tuple[str, str]]:
    """Code and message of what a customer must not hear in a text: limits and blame."""
    if found := _AMOUNT.search(text):
        yield "amount_in_say", f"holds an amount or limit ({found[0]!r}); what may be given changes"
    if found := _BLAME.search(text):
        yield "blame", f"blames or shuts the door ({found[0]!r}); say what you can do and why"


def policy_faults(policy: Policy, locale: str, today: date) -> Iterator[Fault]:
    """What is below the bar in a policy of a library whose own language is `locale`."""
    file = file_name(policy, locale)

    def fault(key: str, code: str, message: str) -> Fault:
        return Fault(Place(file, key=key), code, message)

    for section in sorted(SAYABLE & policy.sections.keys(), key=list(Section).index):
        for code, message in sayable_faults(policy.sections[section]):
            yield fault(section, code, message)
    yield from _wording_faults(policy, fault)
    if policy.locale != locale:
        return
    if policy.is_due(today):
        yield fault("review_by", "review_due", "the review date has passed; review the policy")
    if not policy.sources:
        yield fault("sources", "no_source", "needs at least one source")
    count = sum(len(texts) for texts in policy.examples.values())
    if not EXAMPLES[0] <= count <= EXAMPLES[1]:
        yield fault("examples", "examples", f"has {count} examples, needs {_between(EXAMPLES)}")


def _wording_faults(policy: Policy, fault: Callable[[str, str, str], Fault]) -> Iterator[Fault]:
    sections = policy.sections
    # The index and the words that give a reason are made for English.
    is_english = policy.locale.startswith("en")
    for section in (Section.SAY, Section.ALTERNATIVE_SAY):
        if section in sections:
            yield from _length_faults(section, sections[section], SAY_WORDS, fault)
            if is_english and (grade := reading_grade(sections[section])) > MAX_GRADE:
                message = f"reads at grade {grade:.1f}, at most {MAX_GRADE:.0f}: shorter words"
                yield fault(section, "reading_grade", f"{message}, sentences")
    for section in (Section.WHY, Section.ALTERNATIVE_WHY):
        if section in sections:
            yield from _length_faults(section, sections[section], WHY_WORDS, fault)
            if is_english and not _REASON.search(sections[section]):
                message = "gives no reason (because, so that, to protect …)"
                yield fault(section, "no_reason", message)
    if len(_ITEM.findall(policy.sections.get(Section.STEPS, ""))) < 2:
        yield fault(Section.STEPS, "steps", "needs a list of at least two steps")
    for section in (Section.EXCEPTIONS, Section.INTERNAL):
        if not policy.sections.get(section):
            yield fault(section, "missing_section", f"needs a section {section}")


def _length_faults(
    section: Section, text: str, bounds: tuple[int, int], fault: Callable[[str, str, str], Fault]
) -> Iterator[Fault]:
    if not bounds[0] <= word_count(text) <= bounds[1]:
        yield fault(section, "length", f"has {word_count(text)} words, needs {_between(bounds)}")


def _coverage_faults(library: Library) -> Iterator[Fault]:
    vocabulary = library.vocabulary
    covered = {issue for policy in library.policies for issue in policy.issues}
    phrased = {issue for policy in library.policies for issue in policy.examples}
    limited = {issue for row in library.limits for issue in row.issues}
    any_issue = any(not row.issues for row in library.limits)
    for key in vocabulary.issues:
        place = Place("issues.toml", key=key)
        if key not in covered:
            yield Fault(place, "uncovered_issue", "no policy covers this issue")
        elif key not in phrased:
            yield Fault(place, "issue_without_example", "no policy has an example for this issue")
        if key not in limited and not any_issue:
            yield Fault(place, "issue_without_limit", "no limit row is about this issue")
    used = _used_facts(library)
    for key in vocabulary.facts.keys() - used:
        yield Fault(Place("facts.toml", key=key), "unused", "no limit row or budget uses this fact")
    given = {row.remedy for row in library.limits}
    for key in vocabulary.remedies.keys() - given:
        yield Fault(Place("remedies.toml", key=key), "unused", "no limit row gives this remedy")


def _used_facts(library: Library) -> set[str]:
    used = {key for row in library.limits for key in (*row.conditions, *row.bases())}
    return used | {key for budget in library.budgets for key in budget.conditions}


def _row_faults(library: Library) -> Iterator[Fault]:
    for row in library.limits:
        for code, message in sayable_faults(row.say):
            yield Fault(Place("limits.csv", key=f"{row.key}, say"), code, message)
    for finding in review_table(library.limits, library.vocabulary):
        if finding.code in _LADDER:
            place = Place("limits.csv", key=finding.rows[0])
            yield Fault(place, str(finding.code), finding.message)


def _between(bounds: tuple[int, int]) -> str:
    return f"{bounds[0]} to {bounds[1]}"
