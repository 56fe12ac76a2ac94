"""`canbo export`: a list as a file that can be imported again."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from canbo.exchange.export import Meet
    from canbo.web.generic.listing import Listing


def export(
    concept: Annotated[str, typer.Argument(help="The list: members, posts, organisations …")],
    out: Annotated[Path, typer.Option(help="The file: .xlsx, .csv, .json or .parquet.")],
    unit: Annotated[str, typer.Option(help="Only what lies beneath the unit with this code.")] = "",
    on: Annotated[str, typer.Option(help="The day (YYYY-MM-DD); today unless said.")] = "",
    known: Annotated[str, typer.Option(help="As known at this instant; now unless said.")] = "",
    where: Annotated[list[str] | None, typer.Option(help="COLUMN=CODE, as the list is filtered; repeatable.")] = None,
    text: Annotated[str, typer.Option(help="Only rows of this name, code or symbol.")] = "",
    lang: Annotated[str, typer.Option(help="A language of the profile; its first one unless said.")] = "",
) -> None:
    """Write a list as its page shows it, with the codes and keys by which an import finds each row again."""
    from canbo.config.start import start

    start()
    from django.utils.translation import override

    from canbo.cli._audited import audited
    from canbo.exchange.export import FORMS
    from canbo.kernel.refusal import Mistake

    form = out.suffix.removeprefix(".").lower()
    if form not in FORMS:
        known_forms = ", ".join(FORMS)
        raise Mistake("unknown_format", "files end with one of %(known)s, not “%(said)s”", known=known_forms, said=form)
    chosen = dict(pair.split("=", 1) for pair in where or [] if "=" in pair)
    said = {"unit": unit, "on": on, "known": known, **chosen}
    draft = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with override(language(lang)), audited("export", f"export {concept}", form=form, **said) as named:
            _write(listing(concept, said | {"q": text}), form, named.meet, draft)
        draft.replace(out)
    except OSError as error:
        raise Mistake("unwritable", "%(file)s cannot be written: %(why)s", file=out, why=error.strerror) from error
    finally:
        draft.unlink(missing_ok=True)
    typer.echo(str(out))


def _write(listing: "Listing", form: str, meet: "Meet", draft: Path) -> None:
    from canbo.exchange.export import export as write

    with draft.open("wb") as file:
        write(listing, form, meet, file)


def listing(concept: str, said: dict[str, str]) -> "Listing":
    """The list as the page of the same words shows it."""
    from canbo.web.asof import read as asof
    from canbo.web.generic.listing import read
    from canbo.web.generic.views import offered

    return read(offered(concept), said, asof(said))


def language(said: str) -> str:
    """A language of the profile, its first one unless another one is said."""
    from canbo.kernel.profile import profile
    from canbo.kernel.refusal import Mistake

    chosen = said or profile().languages[0]
    if chosen not in profile().languages:
        known = ", ".join(profile().languages)
        raise Mistake("unknown_language", "the profile speaks %(known)s, not “%(said)s”", known=known, said=chosen)
    return chosen
