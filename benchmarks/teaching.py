"""What labelled questions teach, on lines that are held out of them; nothing is activated.

    python benchmarks/teaching.py --library policies/bank --encoder models/encoder --data FILE

1,500 lines of a fixed draw are asked, the others are learned from. `--shots K` learns K of each
issue, drawn by `--seed`. `--without PART` takes a part away: spelling, keywords or meaning.
`--typos N` types N letters of each question wrongly: swapped, left out, twice, or a neighbour's.
`--unlabelled N` leaves the labels of N issues out and asks about these; `--gone N` leaves
N policies out of the library and tells questions about them from the others, and
`--others LIBRARY` the examples of another library. Prints one JSON object.
"""

import argparse
import json
import random
import resource
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from agent_assist.core.policy import Policy
from agent_assist.library.folder import read_library
from agent_assist.matching import regression, taught
from agent_assist.matching.assigned import assign
from agent_assist.matching.cases import Case, read_cases
from agent_assist.matching.encoders import Encoder, OnnxEncoder
from agent_assist.matching.evaluation import evaluate, run
from agent_assist.matching.gate import golden_questions
from agent_assist.matching.index import PolicyIndex
from agent_assist.matching.lessons import sorted_lessons
from agent_assist.matching.teaching import tuned
from agent_assist.matching.tuning import Tuning

ASKED = 1_500
KILOBYTES_PER_MEGABYTE = 1024
KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def main() -> None:
    arguments = _arguments()
    chance = random.Random(arguments.seed)
    library = read_library(arguments.library)
    policies = _originals(arguments.library)
    gone = set(chance.sample([one.id for one in policies], arguments.gone))
    policies = [one for one in policies if one.id not in gone]
    encoder = OnnxEncoder.load(arguments.encoder)
    with arguments.data.open("rb") as lines:
        cases = list(read_cases(lines, issues=library.vocabulary.issues, policies=()))
    random.Random(0).shuffle(cases)
    asked, learned = cases[:ASKED], cases[ASKED:]
    issues = sorted({issue for one in policies for issue in one.issues})
    unlabelled = set(chance.sample(issues, arguments.unlabelled))
    learned = [one for one in learned if one.issue in issues and one.issue not in unlabelled]
    if arguments.shots:
        learned = _shots(learned, arguments.shots, chance)
    alone = PolicyIndex.build(policies, library.vocabulary.issues, encoder)
    start = time.perf_counter()
    beside = _taught(alone, learned, encoder, arguments.without)
    spent = time.perf_counter() - start
    if unlabelled:
        asked = [one for one in asked if one.issue in unlabelled]
    asked = [one if one.issue in issues else Case(one.said) for one in asked]
    typing = random.Random(arguments.seed)
    asked = [replace(one, said=_typed(str(one.said), arguments.typos, typing)) for one in asked]
    if arguments.others:
        asked += [Case(text) for text in golden_questions(_originals(arguments.others))]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES_PER_MEGABYTE
    result: dict[str, Any] = {
        "lessons": len(learned),
        "seconds": round(spent, 1),
        "peak_mb": round(peak),
    }
    result |= {"alone": _measured(alone, encoder, asked, policies)}
    print(json.dumps(result | {"taught": _measured(beside, encoder, asked, policies)}))


def _taught(
    alone: PolicyIndex, learned: list[Case], encoder: Encoder, without: str | None
) -> PolicyIndex:
    if without == "spelling":
        regression.SPELLING_SHARE = 0.0
        without = None
    start = replace(Tuning(), **{without: 0.0}) if without else Tuning()
    lessons = sorted_lessons(learned).lessons.labelled
    vectors = encoder.encode([one.text for one in lessons])
    assigned = assign(alone.corpus, lessons, vectors)
    assigned = assigned.where(taught.enough(assigned))
    tuning = tuned(alone, assigned, (), encoder, start=start)
    return replace(alone, taught=taught.Taught.fit(alone.corpus, assigned, tuning))


def _measured(
    index: PolicyIndex, encoder: Encoder, asked: list[Case], policies: list[Policy]
) -> dict[str, Any]:
    trials = list(run(index, encoder, asked, clock=time.perf_counter))
    measures = asdict(evaluate(trials, {one.id: one.issues for one in policies}).measures)
    told = ("n", "top1", "top3", "auroc_known", "coverage", "selective_accuracy", "ece")
    return {name: round(measures[name], 4) for name in told if measures[name] is not None}


def _shots(cases: list[Case], shots: int, chance: random.Random) -> list[Case]:
    by_issue: dict[str | None, list[Case]] = {}
    for case in cases:
        by_issue.setdefault(case.issue, []).append(case)
    return [one for some in by_issue.values() for one in chance.sample(some, min(shots, len(some)))]


def _typed(text: str, typos: int, chance: random.Random) -> str:
    """A text with some letters typed wrongly."""
    for _ in range(typos):
        letters = [at for at, one in enumerate(text[:-1]) if one.isalpha()]
        if not letters:
            break
        at = chance.choice(letters)
        letter, following = text[at], text[at + 1]
        wrong = (following + letter, following, letter * 2 + following)
        meant = (*wrong, _neighbour(letter, chance) + following)
        text = text[:at] + chance.choice(meant) + text[at + 2 :]
    return text


def _neighbour(letter: str, chance: random.Random) -> str:
    """A letter beside another on the keyboard; the same if it is on none of its rows."""
    for row in KEYBOARD:
        at = row.find(letter.lower())
        if at >= 0:
            return chance.choice(row[max(0, at - 1) : at] + row[at + 1 : at + 2])
    return letter


def _originals(folder: Path) -> list[Policy]:
    library = read_library(folder)
    return [one for one in library.policies if one.locale == library.vocabulary.locale]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("library", "encoder", "data"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--others", type=Path)
    parser.add_argument("--without", choices=["spelling", "keywords", "meaning"])
    for name in ("shots", "unlabelled", "gone", "typos"):
        parser.add_argument(f"--{name}", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
