"""How good and how fast matching is on labelled cases.

    python benchmarks/matching.py --library policies/bank --encoder DIR --data FILE [--report DIR]

The encoder is exported to DIR if it is not there. `--sample N` asks N cases of a fixed draw.
`--as-documents` measures a library of documents: each policy's sections as one long text, without
the phrasings of customers, tags and descriptions of issues that a folder of documents has not.
`--copies N` puts N copies of each policy beside it, which must not crowd the others out.
"""

import argparse
import json
import random
import resource
import tempfile
import time
from dataclasses import asdict, replace
from pathlib import Path

from agent_assist.core.policy import Policy, Section
from agent_assist.library.folder import read_library
from agent_assist.matching.cases import read_cases
from agent_assist.matching.encoders import OnnxEncoder
from agent_assist.matching.evaluation import evaluate, run
from agent_assist.matching.index import PolicyIndex
from agent_assist.matching.report import write_report

KILOBYTES_PER_MEGABYTE = 1024
SEED = 1


def main() -> None:
    arguments = _arguments()
    library = read_library(arguments.library)
    if not arguments.encoder.is_dir():
        from agent_assist.matching.export import export_encoder  # noqa: PLC0415 - imports torch

        export_encoder(arguments.encoder, progress=print)
    encoder = OnnxEncoder.load(arguments.encoder)
    start = time.perf_counter()
    folder = arguments.index or Path(tempfile.mkdtemp())
    locale = library.vocabulary.locale
    policies = [policy for policy in library.policies if policy.locale == locale]
    issues = dict(library.vocabulary.issues)
    if arguments.as_documents:
        policies = [as_document(policy) for policy in policies]
        issues = {
            key: replace(one, name="Document", description="Document")
            for key, one in issues.items()
        }
    copied = [
        replace(policy, id=f"{policy.id}-{n}")
        for policy in policies
        for n in range(arguments.copies)
    ]
    index = PolicyIndex.open_or_build(folder, [*policies, *copied], issues, encoder)
    built = time.perf_counter() - start
    with arguments.data.open("rb") as lines:
        cases = list(
            read_cases(
                lines,
                issues=library.vocabulary.issues,
                policies={policy.id for policy in policies},
            )
        )
    if arguments.sample:
        cases = random.Random(SEED).sample(cases, min(arguments.sample, len(cases)))
    trials = list(run(index, encoder, cases, clock=time.perf_counter))
    results = evaluate(trials, {policy.id: policy.issues for policy in [*policies, *copied]})
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES_PER_MEGABYTE
    measures = asdict(results.measures)
    calibration = asdict(index.calibration)
    print(json.dumps({**measures, "index_s": built, "peak_mb": peak, "calibration": calibration}))
    for one in results.confusions[: arguments.confusions]:
        print(f"{one.count:4d}  {one.label or '(nothing fits)'} -> {one.policy}")
    if arguments.report:
        print(write_report(arguments.report, results))


def as_document(policy: Policy) -> Policy:
    """The policy as a folder of documents would have it."""
    text = "\n\n".join(
        text for section, text in policy.sections.items() if section is not Section.INTERNAL
    )
    return replace(policy, sections={Section.SAY: text}, examples={}, tags=())


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("library", "encoder", "data"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    for name in ("index", "report"):
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--sample", type=int)
    parser.add_argument("--copies", type=int, default=0)
    parser.add_argument("--as-documents", action="store_true")
    parser.add_argument("--confusions", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
