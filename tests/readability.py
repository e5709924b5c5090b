"""Count what docs/readability.md says of the code: `python -m tests.readability`.

With folders as arguments, count these: `python -m tests.readability studio/pipeline/perception`.
"""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("studio", "inference", "kernels")
ROOMS = (
    "studio/pipeline/labelling/rules",
    "studio/pipeline/layout",
    "studio/pipeline/perception",
    "studio/pipeline/scoring",
)
# Tests of a room that do not stand in a folder of its name.
TESTS = {
    "studio/pipeline/labelling/rules": "tests/studio/pipeline/labelling",
}
NO_TOKENS = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
}
PLAIN_NUMBERS = (0, 1, 2)  # and −1, which is a 1 with a sign
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
# The first words of names that say what a function does, or what is true where it returns True.
VERB_WORDS = """
abandon absorb accept account adapt add adjust admit advance advise agree align allow announce
annotate answer append apply archive arrange ask assemble assert assign attach attempt attend
authenticate average balance beat become begin bind blend block bound break bridge bring bucket
build bundle calculate call cancel capture carry cast catch change check choose claim clamp
classify clean clear click clip close cluster collect color combine commit compare compile
complete compress compute confirm conjugate connect constrain continue convert copy correct
correlate count cover create crop cross cut decide declare decode deliver delete derive describe
detect die diff disarm disconnect divide do download drain draw drop dump duplicate edit embed
emit enable encode end enlarge enqueue erode escape estimate evaluate evict examine execute expand
expect explain export extend extract fail fake fall fence fetch fill filter find finish fit fix
flatten flood flush fold follow forbid force forget format free freeze gather generate get give go
grade group grow guard guess halve hand handle harvest hash hear hide hold hunt identify import
include indent inline insert inspect install invite iterate jitter join judge keep kill label
launch learn leave let limit linearize link list listen load locate lock log look lower make map
mark mask match mean measure meet merge migrate mirror mix move multiply name neutralize normalize
note notify nudge number observe offer open order pace pack pad paint pair parse part pass paste
pause penalize perceive pick place plan pluralize point pop postprocess predict prepare preprocess
preserve press price print probe process propose prove prune publish purge push put qualify
quantize query queue quote raise rank rate reach read rebuild receive recognize record redirect
reduce refresh refuse register regularize rejoin relabel release remember remove rename render
renew repair repeat replace report request requeue require reread rescue reseal reset resize
resolve respond restore restyle resume retry return revoke rewrite root rotate round run sample
save say scale scan schedule score seal search see select send separate serialize serve set settle
shade share shift shorten show shrink shuffle sign simulate skip smooth snap soften solve sort
space spell spend split spread stack start state step stop store stream stretch strip style submit
subtract suggest sum summarize swap take tell test thin tidy tile toggle tokenize tolerate touch
trace train transfer translate transpose trim try turn undelete undo unescape unify unite unmark
unpack unseal unshuffle unwrap unzip update upload use validate vary verify visit vote wait wake
walk warm warn warp watch weigh widen wipe work wrap write yield zip are belongs can contains
continues covers does fits has have holds is leads lies looks matches may must needs reaches reads
should starts touches uses was
"""
VERBS = frozenset(VERB_WORDS.split())


@dataclass
class Counts:
    """What was counted in some files."""

    lines: int = 0
    tokens: int = 0
    comprehensions: int = 0
    conditionals: int = 0
    numbers: int = 0
    skips: int = 0
    functions: list[str] = field(default_factory=list)

    @property
    def one_word(self) -> float:
        """The share of function names of one word, in percent."""
        single = [name for name in self.functions if "_" not in name]
        return 100 * len(single) / max(1, len(self.functions))

    @property
    def verb_first(self) -> float:
        """The share of function names that begin with a verb, in percent."""
        verbs = [name for name in self.functions if name.split("_")[0] in VERBS]
        return 100 * len(verbs) / max(1, len(self.functions))

    def per(self, count: int, lines: int) -> float:
        return lines * count / max(1, self.lines)


def list_sources(*folders: str, root: Path = ROOT) -> list[Path]:
    """Return the Python files below folders, without migrations, which are generated."""
    found = [path for folder in folders for path in sorted((root / folder).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


def count_files(paths: Iterable[Path]) -> Counts:
    counts = Counts()
    for path in paths:
        count_source(path.read_text("utf-8"), counts)
    return counts


def count_source(source: str, counts: Counts) -> None:
    """Add what is in the text of a file to the counts."""
    _count_tokens(source, counts)
    for node, is_declared in _walk(ast.parse(source)):
        if isinstance(node, COMPREHENSIONS):
            counts.comprehensions += 1
        elif isinstance(node, ast.IfExp):
            counts.conditionals += 1
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if not node.name.startswith("__"):
                counts.functions.append(node.name.strip("_"))
        elif not is_declared and _is_number(node):
            counts.numbers += 1


def _count_tokens(source: str, counts: Counts) -> None:
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and "fmt: skip" in token.string:
            counts.skips += 1
        if token.type not in NO_TOKENS:
            counts.tokens += 1
            lines.update(range(token.start[0], token.end[0] + 1))
    counts.lines += len(lines)


def _walk(node: ast.AST, *, is_declared: bool = False) -> Iterator[tuple[ast.AST, bool]]:
    """Yield all nodes, each with whether an assignment of a module or a class holds it: what stands
    there has a name.
    """
    yield node, is_declared
    declares = isinstance(node, ast.Module | ast.ClassDef)
    for child in ast.iter_child_nodes(node):
        is_assignment = declares and isinstance(child, ast.Assign | ast.AnnAssign)
        is_body = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        yield from _walk(child, is_declared=(is_declared or is_assignment) and not is_body)


def _is_number(node: ast.AST) -> bool:
    if not isinstance(node, ast.Constant) or type(node.value) not in (int, float):
        return False
    return node.value not in PLAIN_NUMBERS


def count_test_lines(folder: str, root: Path = ROOT) -> int:
    """Return the lines of the tests that mirror a folder."""
    return count_files(list_sources(TESTS.get(folder, f"tests/{folder}"), root=root)).lines


def describe_counts(counts: Counts, test_lines: int) -> dict[str, str]:
    """Return the rows of one column of the page's tables."""
    return {
        "lines": str(counts.lines),
        "tokens a line": f"{counts.tokens / max(1, counts.lines):.1f}",
        "comprehensions per 100 lines": f"{counts.per(counts.comprehensions, 100):.1f}",
        "conditional expressions per 100 lines": f"{counts.per(counts.conditionals, 100):.1f}",
        "function names of one word, %": f"{counts.one_word:.0f}",
        "function names that begin with a verb, %": f"{counts.verb_first:.0f}",
        "`# fmt: skip`": str(counts.skips),
        "numbers without a name per 1,000 lines": f"{counts.per(counts.numbers, 1000):.0f}",
        "lines of test per line of source": f"{counts.per(test_lines, 1):.2f}",
    }


def format_table(columns: dict[str, dict[str, str]]) -> str:
    """Return columns of rows as a table in Markdown."""
    rows = list(next(iter(columns.values())))
    lines = ["| | " + " | ".join(columns) + " |", "| --- |" + " --- |" * len(columns)]
    for row in rows:
        cells = [column[row] for column in columns.values()]
        lines.append(f"| {row} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main(folders: Sequence[str]) -> None:
    for group in [folders] if folders else [PACKAGES, ROOMS]:
        columns = {
            folder: describe_counts(count_files(list_sources(folder)), count_test_lines(folder))
            for folder in group
        }
        print(format_table(columns), end="\n\n")


if __name__ == "__main__":
    main(sys.argv[1:])
