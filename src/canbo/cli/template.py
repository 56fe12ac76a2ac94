"""`canbo template`: an empty workbook for what is new, to be filled in and imported."""

import io
from pathlib import Path
from typing import Annotated

import typer


def template(
    concept: Annotated[str, typer.Argument(help="The list: members, posts, organisations …")],
    out: Annotated[Path, typer.Option(help="The workbook (.xlsx).")],
    lang: Annotated[str, typer.Option(help="A language of the profile; its first one unless said.")] = "",
) -> None:
    """Write an empty workbook with lists to choose from and a note at each column; it holds nothing of anybody."""
    from canbo.config.start import start

    start(anybody=True)
    from django.utils.translation import override

    from canbo.cli.export import language
    from canbo.exchange.template import template as write
    from canbo.kernel.refusal import Mistake
    from canbo.web.generic.views import offered

    if out.suffix.lower() != ".xlsx":
        raise Mistake("unknown_format", "a template is a workbook: write --out FILE.xlsx")
    book = io.BytesIO()
    with override(language(lang)):
        write(offered(concept), book)
    try:
        out.write_bytes(book.getvalue())
    except OSError as error:
        raise Mistake("unwritable", "%(file)s cannot be written: %(why)s", file=out, why=error.strerror) from error
    typer.echo(str(out))
