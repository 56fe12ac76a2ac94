"""Who of the sample signs in: whoever holds, today, the posts that the files of the sample name under `accounts`."""

from canbo.kernel.instants import today
from canbo.kernel.profile import Profile
from canbo.registry.service.models import Incumbency


def accounts(profile: Profile) -> list[tuple[str, str]]:
    """Logins and codes of people, in the order of the files; a post that nobody holds has none."""
    found = []
    for path in profile.files("sample"):
        for said in profile.read("sample", path.name).get("accounts", []):
            held = Incumbency.objects.filter(
                post__code=said["post"], recorded__upper_inf=True, valid__contains=today(), acting=False
            )
            person = held.order_by("fact").values_list("person__code", flat=True).first()
            found += [(said["login"], person)] if person else []
    return found
