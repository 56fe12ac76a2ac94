"""What a package says of itself: its form and version, of which unit, as of when, how much, and its parts."""

import datetime as dt
import json

from pydantic import BaseModel, ConfigDict, NonNegativeInt, ValidationError

from canbo.kernel.profile import profile
from canbo.kernel.refusal import Mistake, Refused

FORMAT, VERSION = "canbo-package", 1


class Part(BaseModel):
    """One part: its bytes and their digest; of a table also its rows."""

    model_config = ConfigDict(frozen=True)

    bytes: NonNegativeInt
    sha256: str
    rows: NonNegativeInt | None = None


class Manifest(BaseModel):
    """The part `manifest.json`. Later versions may say more."""

    model_config = ConfigDict(frozen=True)

    format: str
    version: int
    profile: str
    form: str
    unit: str
    on: dt.date
    known: str
    people: NonNegativeInt
    parts: dict[str, Part]

    def written(self) -> bytes:
        """As it is signed."""
        said = self.model_dump(mode="json", exclude_none=True)
        return json.dumps(said, ensure_ascii=False, indent=1).encode() + b"\n"


def read(data: bytes) -> Manifest:
    """The manifest of a package; refused is one of another kind, of a later version or for another profile."""
    try:
        found = Manifest.model_validate_json(data)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise Mistake(
            "bad_manifest", "the part “manifest.json” is not as packages have it: %(why)s", why=wrong
        ) from error
    if found.format != FORMAT:
        raise Mistake("bad_manifest", "the part “manifest.json” is not as packages have it: %(why)s", why=found.format)
    if found.version > VERSION:
        raise Refused(
            "newer_package",
            "the part “manifest.json” is of version %(version)s, and this Canbo reads up to version %(known)s;"
            " bring it up to date, or have the package made for this one",
            version=found.version,
            known=VERSION,
        )
    if found.profile != profile().name:
        raise Refused(
            "other_profile",
            "the package is of the profile “%(theirs)s”, this installation has “%(ours)s”; codes mean other things",
            theirs=found.profile,
            ours=profile().name,
        )
    return found
