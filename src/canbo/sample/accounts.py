"""Who of the sample signs in: whoever holds, today, the posts or mandates that its files name under `accounts`."""

from collections.abc import Mapping

from django.db.models import QuerySet

from canbo.kernel.instants import today
from canbo.kernel.profile import Profile
from canbo.registry.mandates.models import Mandate
from canbo.registry.service.models import Incumbency


def accounts(profile: Profile) -> list[tuple[str, str]]:
    """Logins and codes of people, in the order of the files; what nobody holds has none."""
    found = []
    for path in profile.files("sample"):
        for said in profile.read("sample", path.name).get("accounts", []):
            held = _held(said).filter(recorded__upper_inf=True, valid__contains=today())
            person = held.order_by("fact").values_list("person__code", flat=True).first()
            found += [(said["login"], person)] if person else []
    return found


def _held(said: Mapping[str, str]) -> QuerySet:
    """`{post}`, or `{unit, role}` of a mandate."""
    if "post" in said:
        return Incumbency.objects.filter(post__code=said["post"], acting=False)
    return Mandate.objects.filter(unit__code=said["unit"], role=said["role"])
