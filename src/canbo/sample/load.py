"""Loading the sample of a profile: the only user of the take-over loader, which may say since when a thing is known.

Runs with the owner's connection on a fresh installation. Tellers of one file run one after another, since later ones
build on the units and people of earlier ones; then all decisions are applied in the order of their instants.
"""

import datetime as dt
import pathlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from django.conf import settings
from django.db import connections

from canbo.kernel.declare import scan
from canbo.kernel.memory import uncollected
from canbo.kernel.models import Installation
from canbo.kernel.profile import Profile
from canbo.kernel.refusal import Mistake
from canbo.registry import store
from canbo.registry.facts import Act, Person
from canbo.registry.takeover import Taken, bare, take_over
from canbo.registry.tree import Lineage, Placement, Service
from canbo.sample.story import TELLERS, Decided, World, flat

DEFAULT_SEED = 1930
BATCH = 100_000
"""Acts in one transaction of the take-over loader: about 500 MB of memory."""


def load_sample(
    profile: Profile,
    *,
    by: str,
    seed: int = DEFAULT_SEED,
    size: float = 1,
    targets: Mapping[str, Any] | None = None,
    only: tuple[str, ...] = (),
    progress: Callable[[int, int], None] = lambda done, total: None,
    using: str = "owner",
) -> int:
    """Invent and enter the sample; answers how many decisions it took.

    `size` scales every count; `targets` (part → nested counts) puts other numbers in the place of the published ones;
    `only` names the parts (files of the profile's `sample/` folder) to load.
    """
    with uncollected():
        decisions = tell(profile, seed=seed, size=size, targets=targets or {}, only=only)
        many = sum(len(decided.acts) for decided in decisions) > BATCH
        with connections[using].cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
            with bare(cursor, _bulky() if many else ()):
                _enter(decisions, by, progress, using)
    told = {"seed": seed, "size": size, "targets": dict(targets or {})}
    Installation.objects.using(using).filter(pk=1).update(sample=told)
    return len(decisions)


def _bulky() -> tuple[str, ...]:
    """The tables that a sample fills, but for those of the trees, which loading reads all the time."""
    trees = (Placement, Service, Lineage)
    facts = [model._meta.db_table for model in store.fact_kinds() if model not in trees]
    return (*facts, Act._meta.db_table, Person._meta.db_table)


def _enter(decisions: list[Decided], by: str, progress: Callable[[int, int], None], using: str) -> None:
    done = 0
    for batch in _batches(decisions):
        take_over(batch, by=by, using=using)
        done += len(batch)
        progress(done, len(decisions))
        with connections[using].cursor() as cursor:
            cursor.execute("ANALYZE")  # the next batch reads what this one wrote


def tell(
    profile: Profile, *, seed: int, size: float, targets: Mapping[str, Any], only: tuple[str, ...] = ()
) -> list[Decided]:
    """All decisions of the sample, in the order in which the register is to know them."""
    scan("canbo.sample.tellers")
    parts = [path for path in profile.files("sample") if not only or path.stem in only]
    decisions: list[Decided] = []
    for path in parts:
        file = profile.read("sample", path.name)
        fit = flat(file.get("targets", {})) | flat(targets.get(path.stem, {}))
        world = World(path.stem, file, seed, size, fit, ZoneInfo(settings.TIME_ZONE))
        for block in file["tellers"]:
            ((name, said),) = block.items()
            decisions += TELLERS.ask(name)(world, said)
    decisions.sort(key=lambda decided: decided.known)
    return decisions


def _batches(decisions: list[Decided]) -> Iterator[list[Taken]]:
    """Decisions at ascending instants, in batches that fit the memory."""
    batch: list[Taken] = []
    acts = 0
    last = dt.datetime.min.replace(tzinfo=dt.UTC)
    for decided in decisions:
        last = max(decided.known, last + dt.timedelta(microseconds=1))
        batch.append(Taken(last, decided.paper, decided.acts))
        acts += len(decided.acts)
        if acts > BATCH:
            yield batch
            batch, acts = [], 0
    if batch:
        yield batch


def read_targets(path: pathlib.Path) -> Mapping[str, Any]:
    """Other numbers to fit, from a YAML file in the layout of the published figures (part → nested counts)."""
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Mistake("targets_file", f"{path} cannot be read: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise Mistake("targets_file", f"{path} is not YAML: {error}") from error
    if not isinstance(said, Mapping) or not all(isinstance(part, Mapping) for part in said.values()):
        raise Mistake("targets_file", f"{path}: expected a mapping of parts, such as dien-bien, to their numbers")
    return said
