"""What pages call the acts that write records, and what an act did to one."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PARTS: dict[str, Promise] = {
    "opened_by": _("Opened by"),
    "closed_by": _("Ended by"),
    "asserted_by": _("Known by"),
    "retracted_by": _("Retired by"),
}

CONFIDENCE: dict[str, Promise] = {
    "known": _("well known, not read in print"),
    "unsure": _("unsure"),
}

ACTS: dict[str, Promise] = {
    "claim.record": _("Record a published figure"),
    "decision.annul": _("Annul a decision"),
    "document.end": _("End a document"),
    "document.link": _("Link documents"),
    "document.register": _("Register a document"),
    "establishment.allot": _("Allot a quota"),
    "mandate.centralise": _("End a decentralisation"),
    "mandate.decentralise": _("Decentralise"),
    "mandate.delegate": _("Delegate"),
    "mandate.end": _("End a mandate"),
    "mandate.give": _("Give a mandate"),
    "mandate.take-back": _("Take a delegation back"),
    "membership.admit": _("Admit a member"),
    "membership.advance": _("Advance a member"),
    "membership.leave": _("Let a member go"),
    "membership.pay-dues": _("Record dues"),
    "membership.recategorise": _("Change a member's category"),
    "membership.take-over": _("Take over a member"),
    "membership.transfer": _("Transfer a member"),
    "organisation.change": _("Change an organisation"),
    "organisation.dissolve": _("Dissolve an organisation"),
    "organisation.establish": _("Establish an organisation"),
    "organisation.merge": _("Merge an organisation"),
    "person.distinguish": _("Tell two people apart"),
    "person.keep-file": _("Keep a person's file"),
    "person.merge": _("Merge two records of one person"),
    "person.register": _("Register a person"),
    "person.rename": _("Rename a person"),
    "place.cover": _("Cover a place"),
    "place.cover-no-more": _("Cover a place no more"),
    "place.end": _("End a place"),
    "place.found": _("Found a place"),
    "place.rename": _("Rename a place"),
    "planning.enter": _("Enter in a succession plan"),
    "planning.find-goal-met": _("Find a goal met"),
    "planning.remove": _("Remove from a succession plan"),
    "planning.set-goal": _("Set a goal"),
    "planning.set-target": _("Set a target"),
    "post.abolish": _("Abolish a post"),
    "post.change": _("Change a post"),
    "post.create": _("Create a post"),
    "request.grant": _("Grant a request"),
    "request.receive": _("Receive a request"),
    "request.refuse": _("Refuse a request"),
    "service.appoint": _("Appoint"),
    "service.assign-to-committee": _("Assign to a committee"),
    "service.employ": _("Employ"),
    "service.give-opinion": _("Give an opinion"),
    "service.move": _("Move"),
    "service.nominate": _("Nominate"),
    "service.reassign": _("Reassign"),
    "service.release": _("Release"),
    "service.relieve": _("Relieve"),
    "standing.classify": _("Classify"),
    "standing.complete-training": _("Complete training"),
    "standing.fulfil": _("Fulfil a duty"),
    "standing.oblige": _("Oblige"),
    "standing.record-confidence": _("Record a vote of confidence"),
    "standing.recruit": _("Recruit"),
    "standing.release-from-duty": _("Release from a duty"),
    "unit.descend": _("Record a lineage"),
    "unit.enter-tree": _("Place in a tree"),
    "unit.place": _("Place elsewhere"),
    "unit.serve": _("Serve a place"),
    "unit.serve-no-more": _("Serve a place no more"),
}
CORRECTION = _("Correction")
DECISIONS = {"ordinary": _("Decision"), "opening": _("Opening balance"), "annulment": _("Annulment")}


def act(name: str) -> str:
    """What an act is called; every kind of fact has its correction."""
    return str(CORRECTION if name.endswith(".correct") else ACTS.get(name, name))
