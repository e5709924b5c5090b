"""What docs/readability.md counts is counted as the page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.readability import (
    Counts,
    count_source,
    describe_counts,
    format_table,
    list_sources,
)


def count(source: str) -> Counts:
    counts = Counts()
    count_source(source, counts)
    return counts


def test_a_line_holds_code_or_a_docstring() -> None:
    counts = count('"""Two lines\nof words."""\n\n# a comment\nx = 1\n')
    assert counts.lines == 3


def test_comments_and_indentation_are_no_tokens() -> None:
    assert count("def f():\n    return x  # why\n").tokens == len(["def", "f", "(", ")", ":"]) + 2


@pytest.mark.parametrize(
    ("source", "numbers"),
    [
        ("LIMIT = 40\n", 0),
        ("class A:\n    limit: int = 40\n", 0),
        ("SIZES = {'a': (40, 60)}\n", 0),
        ("def f(x):\n    return x > 40\n", 1),
        ("def f(x):\n    limit = 40\n    return x > limit\n", 1),
        ("def f(x=40):\n    return x\n", 1),
        ("class A:\n    def f(self):\n        return 40 + 0.5\n", 2),
        ("print(40)\n", 1),
        ("def f(x):\n    return x[-1] + 0 + 1 + 2\n", 0),
        ("def f():\n    return True\n", 0),
    ],
    ids=[
        "a constant",
        "a field",
        "a table",
        "in a comparison",
        "in a function's own variable",
        "a default",
        "in a method",
        "in a call at import",
        "small ones",
        "a truth value",
    ],
)
def test_a_number_has_a_name_where_a_module_or_a_class_gives_it_one(
    source: str, numbers: int
) -> None:
    assert count(source).numbers == numbers


def test_comprehensions_and_conditional_expressions_are_counted() -> None:
    counts = count("a = [x for x in y if {z for z in x}]\nb = 1 if a else 0\n")
    assert (counts.comprehensions, counts.conditionals) == (2, 1)


def test_names_of_functions_are_judged_by_their_words() -> None:
    counts = count(
        "def merge_rules(): ...\ndef _rules(): ...\ndef told(): ...\nasync def run(): ...\n"
    )
    assert counts.one_word == 75
    assert counts.verb_first == 50


def test_names_that_python_gives_are_not_judged() -> None:
    assert count("class A:\n    def __init__(self): ...\n").functions == []


def test_a_line_that_the_formatter_skips_is_counted() -> None:
    assert count("x = 1  # fmt: skip\n").skips == 1


def test_migrations_are_not_counted(tmp_path: Path) -> None:
    for name in ("app/models.py", "app/migrations/0001_initial.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x = 1\n")
    assert [path.name for path in list_sources("app", root=tmp_path)] == ["models.py"]


def test_counts_are_shares_of_the_lines() -> None:
    rows = describe_counts(Counts(lines=200, tokens=1700, numbers=5), test_lines=100)
    assert rows["tokens a line"] == "8.5"
    assert rows["numbers without a name per 1,000 lines"] == "25"
    assert rows["lines of test per line of source"] == "0.50"


def test_the_table_has_a_column_for_each_folder() -> None:
    table = format_table({"studio": {"lines": "3"}, "kernels": {"lines": "4"}})
    assert table.splitlines() == [
        "| | studio | kernels |",
        "| --- | --- | --- |",
        "| lines | 3 | 4 |",
    ]
