"""What four departments published: every figure is counted from as many records, and one does not add up.

The numbers are typed here from the publications; the program knows them only as claims that its verdicts read.
"""

import json
from collections.abc import Iterator
from fractions import Fraction
from math import floor
from typing import Any

import pytest

from canbo.kernel.profile import profile
from canbo.registry.documents.models import Link, Registration
from canbo.registry.planning.models import Target
from canbo.reports.book import pages
from canbo.reports.indicator import INDICATORS, Composite
from tests.acceptance.commands import canbo, figures, here, reported, written

AS_OF = {"dien-bien": "2024-05-01", "nghe-an": "2023-10-14", "lam-dong": "2024-06-30", "ninh-thuan": "2025-01-02"}
COUNTS: dict[str, dict[str, int]] = {
    "dien-bien": {
        "membership.admitted_since_term_start": 8279,
        "coverage.villages": 1446,
        "coverage.villages_with_organisation_and_members": 1446,
        "coverage.village_heads": 1446,
        "coverage.village_heads_who_are_members": 949,
        "coverage.private_units_with_organisation": 38,
        "coverage.private_units_with_organisation_added_since_term_start": 20,
        "goals.set_by_congress": 10,
        "goals.met": 8,
        "goals.due_by_end_of_2024": 2,
        "recruitment.civil_servants": 306,
        "recruitment.public_employees": 1667,
        "movements.total": 414,
        "movements.by_nature.rotation": 120,
        "movements.by_nature.transfer": 294,
        "movements.by_managing_authority.politburo_and_secretariat": 2,
        "movements.by_managing_authority.provincial_standing_committee": 66,
        "movements.by_managing_authority.district_level": 346,
        "non_local_heads.units": 10,
        "non_local_heads.party_secretary": 10,
        "non_local_heads.peoples_committee_chair": 10,
        "non_local_heads.chief_justice": 10,
        "non_local_heads.chief_prosecutor": 10,
        "non_local_heads.finance_head": 10,
        "succession_plan.2020-2025.provincial": 126,
        "succession_plan.2020-2025.district": 1210,
        "succession_plan.2020-2025.commune": 7684,
        "succession_plan.2025-2030.provincial": 120,
        "succession_plan.2025-2030.district": 1198,
        "succession_plan.2025-2030.commune": 8124,
    },
    "nghe-an": {
        "documents_issued_since_2021.plan": 18,
        "documents_issued_since_2021.regulation": 19,
        "documents_issued_since_2021.project": 9,
        "documents_issued_since_2021.conclusion": 5,
        "documents_issued_since_2021.report": 55,
        "enterprises.organisations_established": 40,
        "enterprises.members_admitted": 469,
        "enterprises.organisations_in_scope": 209,
        "personnel_2021_2022.transferred_rotated_arranged_appointed_reappointed": 101,
        "personnel_2021_2022.introduced_as_candidates": 211,
        "personnel_2021_2022.assigned_to_grassroots_executive_committees": 51,
        "personnel_2021_2022.opinions_on_heads_and_deputies_of_central_agencies_in_the_province": 110,
        "training_2021_2022.advanced_political_theory": 441,
        "training_2021_2022.intermediate_political_theory": 2945,
    },
    "lam-dong": {
        "workforce_2020_12_31.total": 30732,
        "workforce_2020_12_31.by_group.district_level_and_above": 3128,
        "workforce_2020_12_31.by_group.public_employees": 24791,
        "workforce_2020_12_31.by_group.commune_level": 2813,
        "organisations_2021_04_30.grassroots": 766,
        "organisations_2021_04_30.grassroots_committees": 274,
        "organisations_2021_04_30.grassroots_cells": 492,
        "organisations_2021_04_30.members": 47127,
        "succession_plan_review.agencies_localities_units": 47,
        "confidence_votes_2023_12_21.subjects_low_over_half": 0,
        "confidence_votes_2023_12_21.subjects_low_over_two_thirds": 0,
    },
    "ninh-thuan": {
        "membership.admitted_since_2021.sum_of_the_years": 3320,
        "membership.by_year.2021.admitted": 830,
        "membership.by_year.2021.target": 820,
        "membership.by_year.2022.admitted": 834,
        "membership.by_year.2022.target": 815,
        "membership.by_year.2023.admitted": 811,
        "membership.by_year.2023.target": 800,
        "membership.by_year.2024.admitted": 845,
        "membership.by_year.2024.target": 805,
        "membership.admitted_2024_high_school_students": 9,
        "four_good_model.committees_under_the_province": 11,
        "four_good_model.with_a_plan": 11,
        "documents_on_personnel_this_term.provincial_committee.resolution": 1,
        "documents_on_personnel_this_term.standing_committee.regulation": 13,
        "documents_on_personnel_this_term.standing_committee.plan": 19,
        "documents_on_personnel_this_term.standing_committee.guidance": 7,
        "documents_on_personnel_this_term.standing_committee.decision": 6,
        "documents_on_personnel_this_term.standing_committee.statute": 2,
        "documents_on_personnel_this_term.standing_committee.project": 4,
        "documents_on_personnel_this_term.standing_committee.directive": 1,
    },
}  # fmt: skip
SHARES = {  # as printed; with the counts where both are printed too
    ("nghe-an", "establishment.streamlined_rate"): ("0.1002", None),
    ("lam-dong", "confidence_votes_2023_12_21.units_held_share"): ("1", None),
    ("ninh-thuan", "appointed_or_nominated_who_were_planned.share"): ("1", None),
    ("ninh-thuan", "membership.by_year.2021.share"): ("1.0122", (830, 820)),
    ("ninh-thuan", "membership.by_year.2022.share"): ("1.0233", (834, 815)),
    ("ninh-thuan", "membership.by_year.2023.share"): ("1.0138", (811, 800)),
    ("ninh-thuan", "membership.by_year.2024.share"): ("1.0497", (845, 805)),
}
DOCUMENTS = [  # symbol, type, issued, implements (symbol, year)
    ("dien-bien", "04-NQ/TU", "resolution", None, None),
    ("dien-bien", "09-ĐA/TU", "project", None, None),
    ("dien-bien", "66-KH/TU", "plan", None, None),
    ("dien-bien", "158-KH/TU", "plan", None, ("35-CT/TW", 2024)),
    ("dien-bien", "03-HD/TU", "guidance", None, ("35-CT/TW", 2024)),
    ("nghe-an", "189-KL/TU", "conclusion", None, None),
    ("lam-dong", "112-KH/TU", "plan", "2024-03-15", None),
    ("ninh-thuan", "167-KH/TU", "plan", "2022-11-03", ("21-NQ/TW", 2022)),
    ("ninh-thuan", "05-HD/TU", "guidance", "2023-05-18", None),
    ("ninh-thuan", "09-ĐA/TU", "project", "2024-08-26", None),
    ("ninh-thuan", "06-HD/TU", "guidance", "2023-09-28", None),
    ("ninh-thuan", "38-QĐ/TU", "regulation", None, None),
    ("ninh-thuan", "07-NQ/TU", "resolution", "2021-10-29", ("26-NQ/TW", 2018)),
    ("", "21-NQ/TW", "resolution", "2022-06-16", None),
    ("", "26-NQ/TW", "resolution", "2018-05-19", None),
    ("", "39-CT/TW", "directive", "2014-08-18", None),
    ("", "58-QĐ/TW", "regulation", None, None),
    ("", "01-HD/BTCTW", "guidance", None, ("58-QĐ/TW", None)),
    ("", "21-KL/TW", "conclusion", "2021-10-25", None),
    ("", "35-CT/TW", "directive", "2024-06-14", None),
    ("", "27-HD/BTCTW", "guidance", "2024-08-26", ("35-CT/TW", 2024)),
]


@pytest.fixture(scope="module")
def term(full_sample: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Any, Any]]:
    """For each province what the command said, and the report it wrote."""
    folder = tmp_path_factory.mktemp("reports")
    return {unit: written(folder, "term", unit, on) for unit, on in AS_OF.items()}


def half_up(value: Fraction, places: int) -> Fraction:
    return Fraction(floor(value * 10**places + Fraction(1, 2)), 10**places)


def decimals(printed: str) -> int:
    return len(printed.partition(".")[2])


def words_of(unit: str, wanted: str) -> Iterator[str]:
    """The command line that asks for one figure of a book alone."""
    parts = pages(profile(), "term", unit)
    line = next(f for part in parts for chapter in part.chapters for f in chapter.figures if f.id == wanted)
    start, on = line.start or "2021-01-01", line.on or AS_OF[unit]
    yield from ("figure", line.indicator, "--unit", unit, "--from", str(start), "--on", str(on))
    for name, asked in line.where.items():
        if isinstance(asked, dict):
            asked = profile().where(f"organisation_{name}", **asked)
        for value in asked if isinstance(asked, list | tuple | set) else [asked]:
            yield from ("--where", f"{name}={value}")


@pytest.mark.parametrize(("unit", "wanted"), [(unit, wanted) for unit in COUNTS for wanted in COUNTS[unit]])
def test_a_published_count_is_the_number_of_its_records(term: Any, unit: str, wanted: str):
    figure = figures(term[unit][1])[wanted]
    assert figure["value"] == COUNTS[unit][wanted]
    assert isinstance(figure["value"], int)
    assert figure["verdict"] == "holds"
    alone = here(*words_of(unit, wanted), "--records", "--json").json
    assert alone["value"] == figure["value"]
    keys = [(record["kind"], record["key"]) for record in alone["records"]]
    assert len(keys) == len(set(keys))
    if wanted.endswith(".target"):
        amounts = Target.objects.filter(fact__in=[key for _, key in keys], recorded__upper_inf=True)
        assert sum(amounts.values_list("amount", flat=True)) == figure["value"]
    else:
        assert len(keys) == figure["value"]
    assert all(record["label"] for record in alone["records"])


@pytest.mark.parametrize(("unit", "wanted"), SHARES)
def test_a_published_share_is_an_exact_fraction_that_rounds_to_its_digits(term: Any, unit: str, wanted: str):
    printed, both = SHARES[unit, wanted]
    figure = figures(term[unit][1])[wanted]
    exact = Fraction(figure["value"]).limit_denominator(figure["base"])
    assert float(exact) == figure["value"], "the decimals of a double say the fraction"
    if both:
        assert (exact, figure["base"]) == (Fraction(*both), both[1])
    assert half_up(exact, decimals(printed)) == Fraction(printed)
    assert figure["verdict"] == ("holds" if exact == Fraction(printed) else "rounds")
    alone = here(*words_of(unit, wanted), "--records", "--json").json
    assert (alone["value"], alone["base"]) == (figure["value"], figure["base"])
    if wanted.endswith("planned.share"):
        assert len(alone["records"]) == len(alone["base_records"]) == figure["base"]
        assert {r["key"] for r in alone["records"]} == {r["key"] for r in alone["base_records"]}


def test_the_tie_of_2023_is_rounded_up_in_the_text_too(term: Any):
    said = figures(here("report", "term", "--unit", "ninh-thuan", "--on", "2025-01-02", "--lang", "en",
                        "--format", "json").json)  # fmt: skip
    assert said["membership.by_year.2023.share"]["value"] == 1.01375
    for year, printed in {2021: "101.22%", 2022: "102.33%", 2023: "101.38%", 2024: "104.97%"}.items():
        assert said[f"membership.by_year.{year}.share"]["text"].endswith(printed)


def test_about_and_over_hold(term: Any):
    found = figures(term["dien-bien"][1])
    about = found["membership.admitted_per_year_about"]
    assert (about["value"], about["verdict"]) == (8279 * 12 / 40, "holds")
    over = found["membership.admitted_per_year_share_of_members_over"]
    assert over["verdict"] == "holds"
    assert over["value"] == pytest.approx(8279 * 12 / 40 / over["base"], rel=1e-15)
    assert over["value"] > 0.05
    assert over["base"] == found["members"]["value"] < 49_700


def test_3285_does_not_add_up_and_its_records_are_those_of_the_four_years(term: Any):
    said, report = term["ninh-thuan"]
    assert said.code == 1
    figure = figures(report)["membership.admitted_since_2021.published"]
    assert (figure["value"], figure["verdict"]) == (3320, "fails")
    assert [f["id"] for f in report["figures"] if f["verdict"] == "fails"] == [figure["id"]]
    assert [e for e in report["equations"] if not e["holds"]] == [
        {"id": "admissions-by-year-published", "left": 3320, "right": 3285, "holds": False}
    ]
    asked = ("figure", "members_admitted", "--unit", "ninh-thuan", "--records", "--json")
    whole = here(*asked, "--on", "2024-12-31", "--from", "2021-01-01").json["records"]
    years = [here(*asked, "--on", f"{year}-12-31").json["records"] for year in (2021, 2022, 2023, 2024)]
    assert [len(records) for records in years] == [830, 834, 811, 845]
    assert {r["key"] for records in years for r in records} == {r["key"] for r in whole}


@pytest.mark.parametrize("unit", ["dien-bien", "nghe-an", "lam-dong"])
def test_the_other_three_provinces_add_up(term: Any, unit: str):
    said, report = term[unit]
    assert said.code == 0, said.err
    assert all(equation["holds"] for equation in report["equations"])
    judged = {f["id"]: f["verdict"] for f in report["figures"] if f["verdict"]}
    assert set(judged.values()) <= {"holds", "rounds"}
    assert judged.keys() >= COUNTS[unit].keys()


def test_what_is_published_and_also_a_sum_is_an_equation_with_both_sides(term: Any):
    sums = {e["id"]: (e["left"], e["right"]) for unit in term for e in term[unit][1]["equations"]}
    assert sums["movements-by-nature"] == sums["movements-by-nature-published"] == (414, 414)
    assert sums["movements-by-managing-authority"] == (414, 414)
    assert sums["workforce-by-group"] == sums["workforce-by-group-published"] == (30732, 30732)
    assert sums["grassroots-by-form"] == sums["grassroots-by-form-published"] == (766, 766)
    assert sums["admissions-by-year"] == (3320, 3320)


@pytest.mark.parametrize(("unit", "symbol", "kind", "issued", "implements"), DOCUMENTS)
def test_a_listed_document_is_registered(full_sample: Any, unit, symbol, kind, issued, implements):
    found = Registration.objects.filter(symbol=symbol, type=kind, recorded__upper_inf=True)
    if unit:
        found = found.filter(unit__code__startswith=unit, document__code__startswith=unit)
    if issued:
        found = found.filter(issued_on=issued)
    assert found.count() == 1, list(found)
    if implements:
        target, year = implements
        links = Link.objects.filter(document=found.get().document_id, relation="implements", recorded__upper_inf=True)
        targets = Registration.objects.filter(document__in=links.values("target"), symbol=target)
        assert targets.filter(issued_on__year=year).exists() if year else targets.exists()


def test_a_report_has_the_shape_that_was_promised(term: Any):
    for unit, (said, report) in term.items():
        assert said.out == ""
        assert list(report) == ["book", "unit", "on", "known", "figures", "equations"]
        assert (report["book"], report["unit"], report["on"]) == ("term", unit, AS_OF[unit])
        assert {tuple(f) for f in report["figures"]} == {("id", "indicator", "value", "base", "text", "verdict")}
        assert {tuple(e) for e in report["equations"]} == {("id", "left", "right", "holds")}
        assert len({f["id"] for f in report["figures"]}) == len(report["figures"])


def test_a_figure_has_the_shape_that_was_promised(full_sample: Any):
    asked = ("--unit", "ninh-thuan", "--on", "2024-12-31", "--json")
    flow = canbo("figure", "members_admitted", *asked, "--from", "2024-01-01", "--by", "sex", "--records").json
    assert list(flow) == [
        "indicator", "unit", "on", "from", "known", "value", "base", "groups", "records", "base_records",
    ]  # fmt: skip
    assert (flow["indicator"], flow["unit"], flow["on"], flow["from"]) == (
        "members_admitted", "ninh-thuan", "2024-12-31", "2024-01-01",
    )  # fmt: skip
    assert {tuple(group) for group in flow["groups"]} == {("key", "value")}
    assert sum(group["value"] for group in flow["groups"]) == flow["value"] == 845
    assert {"female", "male", "unknown"} == {group["key"] for group in flow["groups"]}
    assert {tuple(record) for record in flow["records"]} == {("kind", "key", "label")}
    assert (flow["base"], flow["base_records"]) == (None, [])
    stock = here("figure", "members", *asked, "--from", "2024-01-01").json
    assert stock["from"] is None
    assert stock["records"] == stock["groups"] == []
    share = here("figure", "admissions_against_target", *asked, "--from", "2024-01-01", "--where", "matter=admissions",
                 "--where", "year=2024", "--records").json  # fmt: skip
    assert (share["value"], share["base"]) == (845 / 805, 805)
    assert len(share["records"]) == 845
    assert {r["kind"] for r in share["base_records"]} == {"target"}


def test_the_list_of_indicators_has_the_shape_that_was_promised(full_sample: Any):
    listed = here("figure", "--list", "--json").json
    assert {tuple(one) for one in listed} == {("indicator", "kind", "label", "breakdowns")}
    assert {one["kind"] for one in listed} == {"stock", "flow", "share"}
    used = {line.indicator for unit in AS_OF for part in pages(profile(), "term", unit)
            for chapter in part.chapters for line in chapter.figures}  # fmt: skip
    assert used <= {one["indicator"] for one in listed}
    for one in listed:
        composite = isinstance(INDICATORS.ask(one["indicator"]), Composite)
        assert composite or not set(one["breakdowns"]) - set(INDICATORS.ask(one["indicator"]).by)


def test_the_file_is_written_in_each_language_with_the_same_numbers(full_sample: Any):
    made = [reported("term", "ninh-thuan", "2025-01-02", "--lang", lang) for lang in ("vi", "en", "de")]
    numbers = [json.dumps([[f["id"], f["value"], f["base"], f["verdict"]] for f in m["figures"]]) for m in made]
    assert numbers[0] == numbers[1] == numbers[2]
    assert len({figures(m)["members"]["text"] for m in made}) == 3
