"""Check that no example of a library repeats or lightly edits a line of labelled questions.

`python benchmarks/originality.py LIBRARY DATA.jsonl …`: prints the examples whose likeness (the
share of characters that need no edit, also with the words sorted) to any line is 85 % or more,
and fails if there is one.
"""

import json
import sys
from pathlib import Path

from rapidfuzz import fuzz, process, utils

from agent_assist.library.folder import read_library

ALIKE = 85


def main() -> int:
    library = read_library(Path(sys.argv[1]))
    lines = [
        json.loads(line)["text"]
        for name in sys.argv[2:]
        for line in Path(name).read_text(encoding="utf-8").splitlines()
    ]
    examples = [
        (policy.id, text)
        for policy in library.policies
        for texts in policy.examples.values()
        for text in texts
    ]
    alike = 0
    highest = 0.0
    for policy, text in examples:
        for scorer in (fuzz.ratio, fuzz.token_sort_ratio):
            found = process.extractOne(text, lines, scorer=scorer, processor=utils.default_process)
            highest = max(highest, found[1])
            if found[1] >= ALIKE:
                alike += 1
                print(f"{policy}: {text!r} is {found[1]:.0f} % like {found[0]!r}")
    print(f"{len(examples)} examples, {len(lines)} lines: {alike} alike; the most {highest:.0f} %")
    return 1 if alike else 0


if __name__ == "__main__":
    sys.exit(main())
