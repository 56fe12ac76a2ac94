"""The sentence beside a button that somebody may not use: what it takes, and who has it."""

from django.utils.translation import gettext

from canbo.access.refusing import Able, Lack
from canbo.registry.facts import Person, Unit
from canbo.registry.posts.models import Post
from canbo.reports.said import word
from canbo.web.asof import AsOf
from canbo.web.objects.names import Names

MOST = 3
"""So many who have it are named."""


def told(lack: Lack | None, asof: AsOf) -> str:
    """What is lacking, in words; nothing where nothing is. People beyond the reader's sight are named by their post."""
    if lack is None:
        return ""
    some = lack.able[:MOST]
    wanted = [(Unit, key) for key in (lack.unit, *(one.over for one in some)) if key]
    wanted += [(Person, one.person) for one in some if one.person]
    wanted += [(Post, one.post) for one in some if one.post and not one.person]
    names = Names(asof, wanted)
    either = gettext("or")
    takes = f" {either} ".join(word("mandate_role", role) for role in lack.roles)
    if lack.unit is None:
        return gettext("It takes the role %(roles)s.") % {"roles": takes}
    said = gettext("It takes the role %(roles)s over %(unit)s.") % {"roles": takes, "unit": names.unit(lack.unit).text}
    have = "; ".join(dict.fromkeys(_one(names, one) for one in some))
    who = gettext("Who has it: %(who)s.") % {"who": have} if have else gettext("Nobody has it today.")
    return f"{said} {who}"


def _one(names: Names, one: Able) -> str:
    if one.person:
        return names.of(Person, one.person).text
    if one.post:
        return names.of(Post, one.post).text
    return gettext("%(role)s of %(unit)s") % {"role": word("mandate_role", one.role), "unit": names.unit(one.over).text}
