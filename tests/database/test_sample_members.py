"""The first half of the sample: places, bodies, members and heads fit the published counts, whatever the seed.

Counted by statements that know nothing of the tellers, on a small sample; and in what is told, at full size.
"""

import datetime as dt
from collections import Counter

import pytest
import yaml
from django.db import connection, connections

from canbo.access.authority import operator
from canbo.kernel.profile import PACKAGED, choose
from canbo.sample.load import load_sample, tell
from canbo.sample.tellers.bodies import shared_out
from tests import clones

pytestmark = pytest.mark.database
PROFILE = "vietnam-province"
SIZE = 0.02
TOLD = {  # acts of these names are told by this half alone
    "membership.admit", "membership.take-over", "membership.advance", "membership.leave", "planning.set-target",
}  # fmt: skip


def published(part):
    """The numbers that the sample of a province is made to fit."""
    return yaml.safe_load((PACKAGED / PROFILE / "sample" / f"{part}.yaml").read_text(encoding="utf-8"))["targets"]


def scaled(count):
    return max(1, round(count * SIZE))


@pytest.fixture(scope="module")
def sample(template_database, django_db_blocker):
    """A copy of the database with the whole sample at a fiftieth of its size."""
    with django_db_blocker.unblock(), clones.clone(template_database) as copy, clones.aimed(copy):
        load_sample(choose(PROFILE), by=operator(), size=SIZE)
        connections["owner"].close()
        yield copy


def count(statement, **values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


ADMITTED = """
    SELECT count(*) FROM registry_membership m JOIN registry_act a ON a.id = m.opened_by_id
    JOIN registry_decision d ON d.id = a.decision_id JOIN registry_person p ON p.id = m.person_id
    WHERE upper_inf(m.recorded) AND a.name = 'membership.admit' AND p.code LIKE %(part)s
      AND lower(m.valid) BETWEEN %(since)s AND %(until)s"""
STOCK = """
    SELECT count(DISTINCT person_id) FROM registry_membership m JOIN registry_person p ON p.id = m.person_id
    WHERE upper_inf(m.recorded) AND m.valid @> %(day)s::date AND p.code LIKE %(part)s"""
PLACES = """
    SELECT count(*) FROM registry_place WHERE upper_inf(recorded) AND kind = %(kind)s AND valid @> %(day)s::date"""
GRASSROOTS = """
    SELECT count(*) FROM registry_organisation o JOIN registry_unit u ON u.id = o.unit_id
    WHERE upper_inf(o.recorded) AND o.kind = ANY(%(kinds)s) AND valid @> '2021-04-30'::date
      AND u.code LIKE 'lam-dong%%'"""


@pytest.mark.parametrize(
    ("kind", "before", "after"), [("province", 63, 34), ("district", 696, 0), ("commune", 10_035, 3_321)]
)
def test_the_country_has_its_units_before_and_after_the_reorganisation(sample, kind, before, after):
    assert count(PLACES, kind=kind, day=dt.date(2025, 6, 30)) == before
    assert count(PLACES, kind=kind, day=dt.date(2025, 7, 1)) == after


def test_nobody_is_left_in_a_body_that_ended(sample):
    assert not count("""
        SELECT count(*) FROM registry_placement p
        WHERE upper_inf(p.recorded) AND p.valid @> '2025-07-02'::date AND NOT EXISTS (
            SELECT 1 FROM (SELECT unit_id, valid, recorded FROM registry_organisation
                           UNION ALL SELECT unit_id, valid, recorded FROM registry_place) o
            WHERE o.unit_id = p.parent_id AND upper_inf(o.recorded) AND o.valid @> '2025-07-02'::date)""")


def test_dien_bien_admitted_as_many_as_it_published(sample):
    wanted = scaled(published("dien-bien")["membership"]["admitted_since_term_start"])
    term = {"part": "dien-bien%", "since": dt.date(2021, 1, 1)}
    assert count(ADMITTED, until=dt.date(2024, 5, 1), **term) == wanted
    assert count(ADMITTED, until=dt.date(2025, 1, 1), **term) > wanted
    assert count(STOCK, part="dien-bien%", day=dt.date(2024, 5, 1)) < 49_683 * SIZE


def test_lam_dong_has_its_organisations_and_members_on_the_day(sample):
    wanted = published("lam-dong")["organisations_2021_04_30"]
    assert count(STOCK, part="lam-dong%", day=dt.date(2021, 4, 30)) == scaled(wanted["members"])
    assert count(GRASSROOTS, kinds=["commune-party", "grassroots-committee"]) == scaled(wanted["grassroots_committees"])
    assert count(GRASSROOTS, kinds=["grassroots-cell"]) == scaled(wanted["grassroots_cells"])


@pytest.mark.parametrize("year", [2021, 2022, 2023, 2024])
def test_ninh_thuan_admitted_and_was_asked_for_as_many_as_it_published(sample, year):
    wanted = published("ninh-thuan")["membership"]["by_year"][year]
    span = {"since": dt.date(year, 1, 1), "until": dt.date(year, 12, 31)}
    assert count(ADMITTED, part="ninh-thuan%", **span) == scaled(wanted["admitted"])
    asked = "SELECT sum(amount) FROM registry_target WHERE upper_inf(recorded) AND year = %(year)s"
    assert count(asked, year=year) == scaled(wanted["target"])


def test_nghe_an_admitted_in_enterprises_as_many_as_it_published(sample):
    covering = """ AND EXISTS (SELECT 1 FROM registry_coverage c JOIN registry_place e ON e.unit_id = c.place_id
        WHERE c.unit_id = m.unit_id AND e.kind = 'enterprise' AND c.valid @> lower(m.valid))"""
    term = {"part": "nghe-an%", "since": dt.date(2021, 1, 1), "until": dt.date(2023, 10, 14)}
    wanted = published("nghe-an")["enterprises"]
    assert count(ADMITTED + covering, **term) == scaled(wanted["members_admitted"])
    assert count(ADMITTED, **term) > scaled(wanted["members_admitted"])
    covered = """SELECT count(DISTINCT c.unit_id) FROM registry_coverage c JOIN registry_unit u ON u.id = c.unit_id
        WHERE upper_inf(c.recorded) AND c.valid @> '2023-10-14'::date AND u.code LIKE 'nghe-an%%'"""
    assert count(covered) == scaled(wanted["organisations_in_scope"])


def test_every_village_has_an_organisation_with_members_and_a_head(sample):
    wanted = published("dien-bien")["coverage"]
    assert count(PLACES, kind="village", day=dt.date(2024, 5, 1)) == scaled(wanted["villages"])
    alive = """SELECT count(DISTINCT c.place_id) FROM registry_coverage c
        JOIN registry_place v ON v.unit_id = c.place_id
        JOIN registry_membership m ON m.unit_id = c.unit_id WHERE v.kind = 'village'
        AND c.valid @> '2024-05-01'::date AND m.valid @> '2024-05-01'::date AND upper_inf(m.recorded)"""
    assert count(alive) == scaled(wanted["villages"])
    heads = """SELECT count(*) FROM registry_incumbency i JOIN registry_postrecord r ON r.post_id = i.post_id
        WHERE upper_inf(i.recorded) AND upper_inf(r.recorded) AND r.title = 'village-head'
        AND i.valid @> '2024-05-01'::date"""
    assert count(heads) == scaled(wanted["village_heads"])
    members = """ AND EXISTS (SELECT 1 FROM registry_membership m WHERE m.person_id = i.person_id
        AND upper_inf(m.recorded) AND m.valid @> '2024-05-01'::date)"""
    assert count(heads + members) == scaled(wanted["village_heads_who_are_members"])


def test_heads_from_elsewhere_are_as_many_as_asked_for(sample):
    away = """
        SELECT count(*) FROM registry_incumbency i JOIN registry_postrecord r ON r.post_id = i.post_id
        JOIN registry_service s ON s.unit_id = r.unit_id JOIN registry_particulars p ON p.person_id = i.person_id
        WHERE r.title = %(title)s AND r.non_local AND upper_inf(i.recorded) AND i.valid @> '2024-05-01'::date
          AND upper_inf(r.recorded) AND r.valid @> '2024-05-01'::date
          AND upper_inf(s.recorded) AND s.valid @> '2024-05-01'::date AND upper_inf(p.recorded) AND NOT EXISTS (
            SELECT 1 FROM registry_closure c WHERE c.ancestor_id = s.place_id AND c.descendant_id = p.origin_id
            AND c.valid @> '2024-05-01'::date)"""
    for title in ("party-secretary", "peoples-committee-chair", "chief-justice", "chief-prosecutor", "finance-head"):
        assert count(away, title=title) == 1


HEADED = """
    SELECT count(*) FROM registry_service s
    JOIN registry_place p ON p.unit_id = s.place_id AND upper_inf(p.recorded) AND p.valid @> %(day)s::date
    JOIN registry_postrecord r ON r.unit_id = s.unit_id AND upper_inf(r.recorded) AND r.valid @> %(day)s::date
    JOIN registry_incumbency i ON i.post_id = r.post_id AND upper_inf(i.recorded) AND i.valid @> %(day)s::date
    WHERE upper_inf(s.recorded) AND s.valid @> %(day)s::date
      AND p.kind = 'commune' AND r.title = 'party-secretary' AND r.level = 'commune'"""


@pytest.mark.parametrize(("day", "communes"), [("2021-01-01", 129), ("2025-06-30", 129), ("2025-07-01", 45)])
def test_every_commune_of_dien_bien_has_a_secretary_before_and_after_the_reorganisation(sample, day, communes):
    assert count(HEADED, day=day) == communes


def test_who_heads_a_new_commune_headed_one_of_those_it_came_from(sample):
    assert count("""
        SELECT count(*) FROM registry_postrecord r
        JOIN registry_incumbency i ON i.post_id = r.post_id AND upper_inf(i.recorded) AND i.valid @> '2025-07-01'::date
        JOIN registry_service s ON s.unit_id = r.unit_id AND upper_inf(s.recorded) AND s.valid @> '2025-07-01'::date
        WHERE upper_inf(r.recorded) AND r.title = 'party-secretary' AND r.valid @> '2025-07-01'::date AND EXISTS (
            SELECT 1 FROM registry_incumbency b JOIN registry_service o ON o.unit_id = b.unit_id
            JOIN registry_lineage l ON l.predecessor_id = o.place_id AND l.unit_id = s.place_id
            WHERE b.person_id = i.person_id AND upper(b.valid) = '2025-07-01')""") == 45


def test_most_changes_of_heads_were_known_within_days_and_some_only_after_weeks(sample):
    late = """SELECT count(*) FROM registry_act a JOIN registry_decision d ON d.id = a.decision_id
        JOIN registry_incumbency i ON i.asserted_by_id = a.id JOIN registry_postrecord r ON r.post_id = i.post_id
        WHERE a.name = 'service.appoint' AND r.level = 'commune' AND upper_inf(r.recorded)
          AND d.applied_at::date - a.on BETWEEN %(least)s AND %(most)s"""
    assert count(late, least=30, most=120) >= 3
    assert count(late, least=1, most=6) > 3 * count(late, least=30, most=120)


def test_nobody_holds_two_posts_at_a_time(sample):
    assert not count("""
        SELECT count(*) FROM registry_incumbency a JOIN registry_incumbency b ON b.person_id = a.person_id
        WHERE a.fact < b.fact AND upper_inf(a.recorded) AND upper_inf(b.recorded) AND a.valid && b.valid""")


def test_nobody_was_admitted_before_the_eighteenth_birthday(sample):
    assert not count("""
        SELECT count(*) FROM registry_membership m JOIN registry_particulars p ON p.person_id = m.person_id
        WHERE m.entry = 'admission' AND p.born + interval '18 years' > lower(m.valid)""")


def test_a_member_is_recognised_a_year_after_admission(sample):
    assert count("SELECT count(*) FROM registry_membership WHERE entry = 'stage' AND upper_inf(recorded)") > 0
    assert not count("""
        SELECT count(*) FROM registry_membership n JOIN registry_membership p ON p.person_id = n.person_id
        WHERE n.entry = 'stage' AND p.entry = 'admission' AND upper_inf(n.recorded) AND upper_inf(p.recorded)
          AND lower(n.valid) <> (lower(p.valid) + interval '1 year')::date""")


def told_by(seed, **targets):
    """How many acts of each kind this half tells, and whom it names."""
    decisions = tell(choose(PROFILE), seed=seed, size=SIZE, targets=targets)
    acts = [act for decided in decisions for act in decided.acts]
    names = [terms["name"] for name, terms in acts if name == "person.register"]
    return Counter(name for name, _ in acts if name in TOLD), names


@pytest.mark.django_db
def test_another_seed_invents_other_people_and_the_same_counts():
    counts, names = told_by(1930)
    again, same = told_by(1930)
    others, different = told_by(7)
    assert (counts, names) == (again, same)
    assert counts["membership.admit"] == others["membership.admit"]
    assert names != different


@pytest.mark.django_db
def test_other_targets_are_met_as_well():
    counts, _ = told_by(1930)
    more, _ = told_by(1930, **{"dien-bien": {"membership": {"admitted_since_term_start": 5_000}}})
    assert more["membership.admit"] - counts["membership.admit"] == scaled(5_000) - scaled(8_279)


def test_a_count_is_shared_out_whole_and_leaves_nobody_empty():
    assert shared_out(10, [1, 1, 2]) == [3, 3, 4]
    assert shared_out(3, [100, 1, 1]) == [1, 1, 1]
    assert sum(shared_out(8_279, [0.7 + at % 7 / 10 for at in range(560)])) == 8_279
    assert sum(shared_out(2, [1] * 5)) == 2
