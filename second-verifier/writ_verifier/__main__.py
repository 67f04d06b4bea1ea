"""python3 -m writ_verifier FILE --policy FILE [--since FILE] [--kind bundle|proof|log]

Ends with 0 good, 4 tampered, 5 incomplete, 6 policy not met, 2 wrong use. With --answer it reads questions as lines of
JSON from standard input and answers each with a line, for the tests.
"""

import argparse
import json
import sys

from .questions import answer, check
from .strict import Bad


def main():
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="writ_verifier", description=__doc__, formatter_class=plain)
    parser.add_argument("file", nargs="?")
    parser.add_argument("--policy")
    parser.add_argument("--since")
    parser.add_argument("--kind", choices=("bundle", "proof", "log"), default="bundle")
    parser.add_argument("--answer", action="store_true")
    given = parser.parse_args()
    if given.answer:
        for line in sys.stdin:
            print(json.dumps(answer(json.loads(line))), flush=True)
        return 0
    if given.file is None or given.policy is None:
        parser.error("a file and --policy are needed")
    try:
        source = given.file if given.kind == "log" else read(given.file)
        since = None if given.since is None else read(given.since)
        report = check(given.kind, source, read(given.policy).decode(), since)
    except (Bad, OSError, UnicodeDecodeError) as error:
        print(f"writ_verifier: {error}", file=sys.stderr)
        return 2
    for aspect, what in report.findings:
        print(f"{aspect}: {what}")
    print("GOOD" if report.exit_code() == 0 else "BAD")
    return report.exit_code()


def read(path):
    with open(path, "rb") as file:
        return file.read()


if __name__ == "__main__":
    sys.exit(main())
