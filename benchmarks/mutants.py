"""Count the bugs that a default check finds: ``python -m benchmarks.mutants``.

The readers and their mutants are those of the tests: ``tests/helpers/mutants``.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "helpers"))

from mutants.measuring import cases_of, find_all, survivors
from mutants.subjects import SUBJECTS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="contracts, by name; all by default")
    parser.add_argument("--finds", action="store_true", help="list the first case that shows each bug")
    arguments = parser.parse_args()
    print("| contract | mutants | found | share | median cases until found | cases of a check | seconds |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    details = []
    for subject in SUBJECTS:
        if arguments.names and subject.name not in arguments.names:
            continue
        start = perf_counter()
        finds = find_all(subject)
        found = [find.cases for find in finds if find.cases is not None]
        cells = (
            subject.name,
            len(finds),
            len(found),
            f"{len(found) / len(finds):.1%}",
            int(median(found)),
            len(cases_of(subject)),
            f"{perf_counter() - start:.1f}",
        )
        print("|", " | ".join(map(str, cells)), "|", flush=True)
        details += [f"{subject.name}: {m.name}: {m.difference}" for m in survivors(finds)]
        if arguments.finds:
            details += [f"  {subject.name}: {find.mutant.name}: case {find.cases}, {find.label}" for find in finds]
    if details:
        print("\n" + "\n".join(details))


if __name__ == "__main__":
    main()
