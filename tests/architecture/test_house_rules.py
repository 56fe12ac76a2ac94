"""The house rules hold for the checkout, and each of them finds what is planted."""

import pytest

from tests.architecture import lints, words
from tests.architecture.contracts import ROOT

LONG_FUNCTION = "def long():\n" + "    print(1)\n" * 41
KINDS = "organisations:\n  kinds:\n    chi-hoi: {level: 1}\n  stages:\n    kinds: [du-bi]\n"
MACHINE = "/" + "work/main/x"
REGISTRY = "py" + "pi.org"

# rule -> files that break it, each with the part of the finding that must be said
PLANTED = {
    lints.long_files: [({"src/canbo/big.py": "x = 1\n" * 401}, "big.py: 401")],
    lints.long_functions: [({"src/canbo/big.py": LONG_FUNCTION}, "long has 42 lines")],
    lints.drawers: [({"src/canbo/utils/x.py": ""}, "utils/x.py"), ({"tests/helpers.py": ""}, "helpers.py")],
    lints.python_in_profiles: [({"src/canbo/profiles/p/rules/x.py": ""}, "rules/x.py")],
    lints.strangers_in_registry: [
        ({"src/canbo/registry/people/forms.py": ""}, "people/forms.py"),
        ({"src/canbo/registry/petitions/models.py": ""}, "petitions: not a concept"),
    ],
    lints.clocks: [
        ({"src/canbo/x.py": "import datetime as dt\nd = dt.date.today()\n"}, "x.py:2: dt.date.today"),
        ({"src/canbo/x.py": "from datetime import datetime\nd = datetime.now\n"}, "datetime.now"),
        ({"src/canbo/x.py": "from django.utils import timezone\nd = timezone.now()\n"}, "timezone.now"),
        ({"src/canbo/x.py": 'q = "select CURRENT_DATE"\n'}, "CURRENT_DATE"),
        ({"src/canbo/x.sql": "select 1;\nselect current_date;\n"}, "x.sql:2"),
    ],
    lints.known_answers: [
        ({"src/canbo/reports/x.py": "answer = 8279\n"}, "x.py:1: 8279"),
        ({"src/canbo/registry/people/queries.py": "n = {1: [8_124.0]}\n"}, "queries.py:1: 8124"),
    ],
    words.kinds_in_python: [
        ({"src/canbo/profiles/p/kinds.yaml": KINDS, "src/canbo/x.py": 'k = "chi-hoi"\n'}, "'chi-hoi'"),
        ({"src/canbo/profiles/p/kinds.yaml": KINDS, "src/canbo/x.py": 'k = ["du-bi"]\n'}, "'du-bi'"),
    ],
    words.profile_words_in_python: [
        ({"src/canbo/x.py": 'label = "Đảng viên"\n'}, "Đảng"),
        ({"src/canbo/x.py": 'label = "Party cell"\n'}, "Party cell"),
    ],
    words.addresses: [
        ({"a.txt": f"see {MACHINE}\n"}, "a.txt:1"),
        ({"b/c.toml": f'x = "https://{REGISTRY}/"\n'}, REGISTRY),
    ],
}
CASES = [
    pytest.param(rule, files, said, id=f"{rule.__name__}-{number}")
    for rule, cases in PLANTED.items()
    for number, (files, said) in enumerate(cases)
]

# What looks like a violation and is none.
ALLOWED = {
    lints.long_files: {"src/canbo/registry/migrations/0001_initial.py": "x = 1\n" * 500},
    lints.long_functions: {"src/canbo/x.py": 'def f():\n    """' + "word\n" * 60 + '"""\n'},
    lints.clocks: {
        "src/canbo/x.py": '"""No current_date here."""\n',
        "src/canbo/x.sql": "-- no current_date here\n",
        "src/canbo/kernel/periods.py": 'q = "select current_date"\n',
        "src/canbo/kernel/sql/today_1.sql": "select current_date\n",
    },
    lints.known_answers: {
        "src/canbo/sample/x.py": "size = 8279\n",
        "src/canbo/reports/x.py": "half = 50\nf(max_length=120)\n",
    },
    words.kinds_in_python: {
        "src/canbo/profiles/p/kinds.yaml": "levels:\n  kinds: [unit]\n",
        "src/canbo/x.py": 'column = "unit"\n',
    },
    words.profile_words_in_python: {"src/canbo/x.py": '"""Đảng, in prose."""\nname = "parties · third"\n'},
    words.addresses: {"a.txt": "network/work/x and framework/\n"},
}


def write(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("rule", PLANTED, ids=lambda rule: rule.__name__)
def test_the_checkout_obeys(rule):
    assert rule(ROOT) == []


@pytest.mark.parametrize(("rule", "files", "said"), CASES)
def test_a_planted_violation_is_found(rule, files, said, tmp_path):
    write(tmp_path, files)
    assert [finding for finding in rule(tmp_path) if said in finding]


@pytest.mark.parametrize("rule", ALLOWED, ids=lambda rule: rule.__name__)
def test_what_only_looks_like_a_violation_is_left_alone(rule, tmp_path):
    write(tmp_path, ALLOWED[rule])
    assert rule(tmp_path) == []


def test_every_rule_of_this_folder_is_in_the_table():
    made_here = {
        value
        for module in (lints, words)
        for value in vars(module).values()
        if callable(value) and getattr(value, "__annotations__", {}).get("return") == list[str]
    }
    assert made_here == set(PLANTED)
