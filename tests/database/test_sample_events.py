"""The second half of a province's sample: what was decided, published and happened to people fits the published counts.

Told in a small world made by hand, at full size and with two seeds; and counted in the tables, by statements that know
nothing of the sample, at the small size.
"""

import datetime as dt
from collections import Counter, defaultdict
from fractions import Fraction
from functools import cache
from zoneinfo import ZoneInfo

import pytest
import yaml
from django.db import connection

from canbo.kernel.declare import scan
from canbo.kernel.profile import PACKAGED, choose
from canbo.sample.story import TELLERS, Human, World, flat
from canbo.sample.tellers.documents import _dated
from canbo.sample.tellers.establishment import apportioned, fitting

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MINE = {"acts", "documents", "goals", "duties", "establishment", "workforce", "succession", "events", "claims"}
PROVINCES = ("dien-bien", "nghe-an", "lam-dong", "ninh-thuan")
UNITS = {
    "provincial": 1, "districts": 7, "blocs": 4, "communes": 129, "grassroots": 200, "agencies": 12, "finance": 7,
    "state-provincial": 1, "state-districts": 7, "state-communes": 129,
}  # fmt: skip
MEMBERS = 30_000


@cache
def members(name, cells):
    """People who have long been members, of all ages up to fifty."""
    people = []
    for number in range(MEMBERS):
        born = dt.date(1970, 1, 1) + dt.timedelta(days=number * 37 % (365 * 28))
        human = Human(f"p{number}", f"Lò Văn {number}", "male", born, True, cells[number % len(cells)])
        human.since = dt.date(2018, 1, 1)
        people.append(human)
    return people


def world_of(name, seed=7, size=1, **targets):
    """A province with these bodies, whose members all live beneath its districts and blocs."""
    file = yaml.safe_load((PACKAGED / "vietnam-province" / "sample" / f"{name}.yaml").read_text(encoding="utf-8"))
    world = World(name, file, seed, size, flat(file["targets"]) | targets, ZONE)
    world.units = {label: [f"{name}.{label}.{n}" for n in range(1, count + 1)] for label, count in UNITS.items()}
    branches = [*world.units["districts"], *world.units["blocs"]]
    cells = [*world.units["communes"], *world.units["grassroots"]]
    world.parents = {unit: branches[n % len(branches)] for n, unit in enumerate(cells)}
    world.parents |= dict.fromkeys(branches, world.units["provincial"][0])
    world.people = list(members(name, tuple(cells)))
    return world


def told(world):
    """The decisions that the file's blocks of this half tell, in the order in which they become known."""
    scan("canbo.sample.tellers")
    decisions = []
    for block in world.file["tellers"]:
        ((name, said),) = block.items()
        if name in MINE:
            decisions += TELLERS.ask(name)(world, said)
    return sorted(decisions, key=lambda decided: decided.known)


@cache
def published(name, seed=7):
    """The acts of a province that fit the published numbers."""
    return acts_of(world_of(name, seed))


def acts_of(world):
    """The terms of all acts by their name."""
    acts = defaultdict(list)
    for decided in told(world):
        for name, terms in decided.acts:
            acts[name].append(terms)
    return acts


def codes(terms, *names):
    """How many of the terms have each code."""
    return Counter(tuple(term[name] for name in names) if len(names) > 1 else term[names[0]] for term in terms)


@pytest.fixture(autouse=True)
def _profile():
    choose("vietnam-province")


@pytest.mark.parametrize("seed", [7, 1931])
def test_the_movements_and_recruits_of_dien_bien_fit_in_both_partitions(seed):
    acts = published("dien-bien", seed)
    moves = acts["service.move"]
    assert codes(moves, "nature") == {"rotation": 120, "transfer": 294}
    assert codes(moves, "managed_by") == {
        "politburo-and-secretariat": 2, "provincial-standing-committee": 66, "district-level": 346,
    }  # fmt: skip
    assert all(dt.date(2021, 1, 1) <= move["on"] <= dt.date(2024, 5, 1) for move in moves)
    assert len({move["person"] for move in moves}) == len(moves)
    recruits = acts["standing.recruit"]
    assert codes(recruits, "group") == {"civil-servant": 306, "public-employee": 1667}
    assert {term["code"] for term in acts["person.register"]} == {term["person"] for term in recruits}
    assert codes(acts["service.employ"], "person") == codes(recruits, "person")


@pytest.mark.parametrize("seed", [7, 1931])
def test_nobody_is_planned_for_more_than_three_posts_and_no_post_for_more_than_three_people(seed):
    acts = published("dien-bien", seed)
    posts = {term["code"] for term in acts["post.create"]}
    expected = {
        ("2020-2025", "provincial"): 126, ("2020-2025", "district"): 1210, ("2020-2025", "commune"): 7684,
        ("2025-2030", "provincial"): 120, ("2025-2030", "district"): 1198, ("2025-2030", "commune"): 8124,
    }  # fmt: skip
    for day in (dt.date(2024, 1, 5), dt.date(2024, 5, 1)):
        entries = {(e["person"], e["post"], e["term"]): e["level"] for e in acts["planning.enter"] if e["on"] <= day}
        for e in acts["planning.remove"]:
            if e["on"] <= day:
                del entries[e["person"], e["post"], e["term"]]
        people = {(term, level, person) for (person, _, term), level in entries.items()}
        assert Counter((term, level) for term, level, _ in people) == expected
        assert len(entries) > len(people)
        assert max(Counter((post, term) for _, post, term in entries).values()) == 3
        assert max(Counter((person, term, level) for (person, _, term), level in entries.items()).values()) == 3
        assert {post for _, post, _ in entries} <= posts
    assert len(posts) == len(acts["post.create"])
    assert acts["planning.remove"]


@pytest.mark.parametrize(("size", "met", "due"), [(1, 8, 2), (1, 5, 3)])
def test_the_goals_met_are_found_so_and_the_others_fall_due(size, met, due):
    world = world_of("dien-bien", size=size, **{"goals.met": met, "goals.due_by_end_of_2024": due})
    acts = acts_of(world)
    found = {term["number"] for term in acts["planning.find-goal-met"]}
    goals = acts["planning.set-goal"]
    assert len(goals) == 10
    assert len(found) == met
    assert len([g for g in goals if g["number"] not in found and g["due"] <= dt.date(2024, 12, 31)]) == due
    assert len({goal["title"] for goal in goals}) == 10


@pytest.mark.parametrize("seed", [7, 1931])
def test_the_personnel_work_and_training_of_nghe_an_fit(seed):
    acts = published("nghe-an", seed)
    assert len(acts["service.move"]) == 101
    assert set(codes(acts["service.move"], "nature")) == {
        "transfer", "rotation", "arrangement", "appointment", "reappointment",
    }  # fmt: skip
    assert len(acts["service.nominate"]) == 211
    assert len(acts["service.assign-to-committee"]) == 51
    assert len(acts["service.give-opinion"]) == 110
    assert codes(acts["standing.complete-training"], "level") == {"advanced": 441, "intermediate": 2945}
    assert all(t["on"].year in (2021, 2022) for name in ("service.move", "service.nominate") for t in acts[name])


@pytest.mark.parametrize("seed", [7, 1931])
def test_the_quotas_of_nghe_an_were_cut_by_the_printed_share(seed):
    quotas = published("nghe-an", seed)["establishment.allot"]
    total = {year: sum(q["amount"] for q in quotas if q["year"] == year) for year in (2015, 2021)}
    rate = Fraction(total[2015] - total[2021], total[2015])
    assert round(rate * 10_000) == 1002
    assert all(quota["amount"] >= 0 for quota in quotas)
    assert max(codes(quotas, "unit", "year", "group").values()) == 1


def test_the_documents_of_nghe_an_since_2021_are_as_many_as_published_of_each_type():
    documents = published("nghe-an")["document.register"]
    bodies = ("standing-committee", "provincial-committee")
    issued = [d for d in documents if str(d["on"]) >= "2021" and d["body"] in bodies]
    assert codes(issued, "type") == {"plan": 18, "regulation": 19, "project": 9, "conclusion": 5, "report": 55}
    assert "189-KL/TU" in codes(documents, "symbol")


@pytest.mark.parametrize("seed", [7, 1931])
def test_the_documents_on_personnel_of_ninh_thuan_are_as_many_as_published(seed):
    documents = published("ninh-thuan", seed)["document.register"]
    personnel = [d for d in documents if "personnel" in d.get("subjects", ())]
    assert codes(personnel, "body", "type") == {
        ("provincial-committee", "resolution"): 1, ("standing-committee", "regulation"): 13,
        ("standing-committee", "plan"): 19, ("standing-committee", "guidance"): 7,
        ("standing-committee", "decision"): 6, ("standing-committee", "statute"): 2,
        ("standing-committee", "project"): 4, ("standing-committee", "directive"): 1,
    }  # fmt: skip
    real = {d["symbol"]: d["issued_on"] for d in documents}
    assert real["05-HD/TU"] == dt.date(2023, 5, 18)
    assert real["07-NQ/TU"] == dt.date(2021, 10, 29)


@pytest.mark.parametrize("name", ["nghe-an", "ninh-thuan"])
def test_numbers_of_a_series_rise_with_the_days_and_are_given_once(name):
    documents = [d for d in published(name)["document.register"] if d["issued_on"] and d["number"]]
    series = defaultdict(list)
    for document in documents:
        series[document["symbol"].lstrip("0123456789"), document["type"], document.get("term")].append(document)
    for those in series.values():
        numbers = [d["number"] for d in sorted(those, key=lambda d: (d["issued_on"], d["number"]))]
        assert numbers == sorted(set(numbers))


def test_everybody_appointed_or_nominated_in_ninh_thuan_was_planned_that_day():
    acts = published("ninh-thuan")
    since = {e["person"]: e["on"] for e in reversed(acts["planning.enter"])}
    left = {e["person"] for e in acts["planning.remove"]}
    chosen = [*acts["service.move"], *acts["service.nominate"]]
    assert len(chosen) > 300
    assert all(since[term["person"]] <= term["on"] for term in chosen)
    assert not left & {term["person"] for term in chosen}


def test_a_share_to_fit_below_one_leaves_so_many_unplanned():
    world = world_of("ninh-thuan", **{"appointed_or_nominated_who_were_planned.share": 0.5})
    acts = acts_of(world)
    planned = {e["person"] for e in acts["planning.enter"]}
    moves = acts["service.move"]
    assert 2 * len([move for move in moves if move["person"] in planned]) == len(moves)


@pytest.mark.parametrize("seed", [7, 1931])
def test_the_payrolls_of_lam_dong_are_those_of_the_last_day_of_2020(seed):
    employed = published("lam-dong", seed)["service.employ"]
    assert codes(employed, "group") == {"district-and-above": 3128, "public-employee": 24791, "commune-level": 2813}
    assert {term["on"] for term in employed} == {dt.date(2020, 12, 31)}
    assert len({term["person"] for term in employed}) == len(employed)


def test_the_units_of_lam_dong_reviewed_their_plans_and_held_their_votes():
    acts = published("lam-dong")
    fulfilled = codes(acts["standing.fulfil"], "matter")
    assert fulfilled["succession-review"] == 47
    assert fulfilled == codes(acts["standing.oblige"], "matter")
    results = acts["standing.record-confidence"]
    assert len(results) > 300
    assert {result["on"] for result in results} == {dt.date(2023, 12, 21)}
    assert all(result["low"] * 2 <= result["collected"] for result in results)
    assert all(r["high"] + r["middle"] + r["low"] <= r["collected"] for r in results)


def test_low_confidence_to_fit_is_told_for_as_many():
    path = "confidence_votes_2023_12_21."
    world = world_of("lam-dong", **{f"{path}subjects_low_over_half": 5, f"{path}subjects_low_over_two_thirds": 2})
    results = acts_of(world)["standing.record-confidence"]
    assert len([r for r in results if r["low"] * 2 > r["collected"]]) == 5
    assert len([r for r in results if r["low"] * 3 > 2 * r["collected"]]) == 2


def test_every_committee_of_ninh_thuan_has_a_plan():
    acts = published("ninh-thuan")
    for act in ("standing.oblige", "standing.fulfil"):
        assert codes(acts[act], "matter") == {"four-good-plan": 11}


@pytest.mark.parametrize("name", PROVINCES)
def test_every_number_to_fit_is_claimed_as_it_was_printed(name):
    world = world_of(name)
    claims = {term["figure"]: term for term in published(name)["claim.record"]}
    assert set(claims) == set(world.targets)
    for path, claim in claims.items():
        assert Fraction(claim["printed"]) == Fraction(str(world.targets[path]))
        assert claim["relation"] in ("exact", "about", "over")


@pytest.mark.parametrize("name", PROVINCES)
def test_links_point_to_documents_that_are_known_before(name):
    known = {}
    for part in ("00-nation", name):
        world = world_of(part)
        for decided in told(world):
            known |= {terms["code"]: decided.known for act, terms in decided.acts if act == "document.register"}
        for decided in told(world):
            for act, terms in decided.acts:
                if act in ("document.link", "document.end"):
                    assert known[terms.get("target", terms["document"])] <= decided.known


def test_a_later_document_of_the_centre_ends_what_it_replaces():
    acts = published("00-nation")
    replaced = {link["target"] for link in acts["document.link"] if link["relation"] == "replaces"}
    assert replaced == {term["document"] for term in acts["document.end"]}
    twice = [d["code"] for d in acts["document.register"] if d["symbol"] == "35-CT/TW"]
    assert twice == ["tw.35-ct-tw.2019", "tw.35-ct-tw.2024"]


@pytest.mark.parametrize("name", ["00-nation", *PROVINCES])
def test_one_seed_tells_one_story(name):
    assert told(world_of(name)) == told(world_of(name))


@pytest.mark.parametrize("rate", ["0.1002", "0.25", "0.0333"])
def test_a_rate_is_fitted_to_its_printed_digits(rate):
    digits = len(rate.partition(".")[2])
    base, now = fitting(3400, Fraction(rate), digits)
    assert base >= 3400
    assert round(Fraction(base - now, base) * 10**digits) == Fraction(rate) * 10**digits


def test_parts_add_up_to_what_is_cut():
    assert apportioned(10, [1, 1, 1]) == [4, 3, 3]
    assert sum(apportioned(997, [0.3, 2, 5, 0.01])) == 997


def test_a_number_between_two_dated_ones_is_dated_between_them():
    anchors = [(0, dt.date(2021, 1, 4)), (5, dt.date(2023, 5, 18)), (15, dt.date(2024, 12, 27))]
    assert _dated(2, anchors) < dt.date(2023, 5, 18) < _dated(7, anchors) <= dt.date(2024, 12, 27)
    assert all(_dated(number, anchors).weekday() < 5 for number in range(1, 15))


def counted(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return dict(cursor.fetchall())


@pytest.mark.database
@pytest.mark.usefixtures("small_sample")
def test_the_tables_of_the_small_sample_hold_the_scaled_counts():
    moved = counted(
        """SELECT m.nature, count(*) FROM registry_movement m JOIN registry_unit u ON u.id = m.unit_id
           WHERE upper_inf(m.recorded) AND u.code LIKE 'dien-bien%%' GROUP BY 1"""
    )
    assert moved == {"rotation": 2, "transfer": 6}
    trained = counted(
        """SELECT t.level, count(*) FROM registry_training t WHERE upper_inf(t.recorded) GROUP BY 1""",
    )
    assert trained == {"advanced": 9, "intermediate": 59}
    crowded = counted(
        """SELECT post_id, count(*) FROM registry_planentry WHERE upper_inf(recorded) AND valid @> date '2024-05-01'
           GROUP BY post_id, term HAVING count(*) > 3"""
    )
    assert crowded == {}
    planned = counted(
        """SELECT level, count(DISTINCT person_id) FROM registry_planentry e JOIN registry_unit u ON u.id = e.unit_id
           WHERE upper_inf(e.recorded) AND e.valid @> date '2024-05-01' AND term = '2025-2030'
             AND u.code LIKE 'dien-bien%%' GROUP BY 1"""
    )
    assert planned == {"provincial": 2, "district": 24, "commune": 162}
    carried = counted(
        """SELECT d.decision_code = '', count(*) FROM registry_document d
           LEFT JOIN registry_decision x ON x.code = d.decision_code AND x.part = 1 WHERE x.id IS NULL GROUP BY 1"""
    )
    assert carried == {}
