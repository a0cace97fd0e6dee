"""What is wrong with a sheet, as a page: for the author who looks at its preview."""

from __future__ import annotations

from factsheet.render.html import html_environment
from factsheet.render.html_inline import policy, source, verbatim


def problem_html(title: str, message: str, live_script: str | None = None) -> str:
    """A page that shows a message of the command line as it is.

    Args:
        title: the sheet.
        message: what is wrong with it.
        live_script: the preview's script.

    Raises:
        ResourceMissingError: the program's templates are not where they were installed.
    """
    environment = html_environment()
    style = source(environment, "style.css")
    script = None if live_script is None else verbatim(live_script)
    template = environment.get_template("problem.html.j2")
    return template.render(
        title=title, message=message, style=style, script=script, policy=policy(style, (), script)
    )
