"""Where Django finds the tables of the register: one line a concept."""

from canbo.registry.documents.models import Document, Link, Registration
from canbo.registry.establishment.models import Quota
from canbo.registry.facts import Act, Annulment, Decision, Person, Unit
from canbo.registry.mandates.models import Decentralisation, Delegation, Mandate
from canbo.registry.membership.models import Dues, Membership
from canbo.registry.merging.models import Alias, Namesake
from canbo.registry.organisations.models import Organisation
from canbo.registry.people.models import Particulars
from canbo.registry.places.models import Coverage, Place
from canbo.registry.planning.models import Goal, GoalMet, PlanEntry, Target
from canbo.registry.posts.models import Post, PostRecord
from canbo.registry.requests.models import Reply, Request
from canbo.registry.service.models import CommitteeDuty, Employment, Incumbency, Movement, Nomination, Opinion
from canbo.registry.standing.models import Classification, Confidence, Duty, Fulfilment, Recruitment, Training
from canbo.registry.tree import Closure, Lineage, Placement, Service

__all__ = [
    "Act",
    "Alias",
    "Annulment",
    "Classification",
    "Closure",
    "CommitteeDuty",
    "Confidence",
    "Coverage",
    "Decentralisation",
    "Decision",
    "Delegation",
    "Document",
    "Dues",
    "Duty",
    "Employment",
    "Fulfilment",
    "Goal",
    "GoalMet",
    "Incumbency",
    "Lineage",
    "Link",
    "Mandate",
    "Membership",
    "Movement",
    "Namesake",
    "Nomination",
    "Opinion",
    "Organisation",
    "Particulars",
    "Person",
    "Place",
    "Placement",
    "PlanEntry",
    "Post",
    "PostRecord",
    "Quota",
    "Recruitment",
    "Registration",
    "Reply",
    "Request",
    "Service",
    "Target",
    "Training",
    "Unit",
]
