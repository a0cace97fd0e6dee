"""Run a command and turn whatever happens into an exit status and, at worst, one clear message."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING

from factsheet.cli import exits
from factsheet.cli.interrupts import interruptible, is_interrupt
from factsheet.cli.terminal import complain, prepare_streams
from factsheet.errors import FactsheetError
from factsheet.sheet_templates.user_templates import templates_from

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def run(arguments: Sequence[str], *, quitting: bool = False) -> int:
    """Run the command line and return its exit status (see `factsheet.cli.exits`).

    Args:
        arguments: without the program's name.
        quitting: an interrupt ends the process at once, so far; it raises KeyboardInterrupt while a command runs.
    """
    prepare_streams()
    # Pydantic's plugin look-up scans the metadata of every installed package, and we use no plugin.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        return _dispatch(arguments, quitting=quitting)
    except FactsheetError as error:
        complain(exits.screen(error))
        return exits.status_of(error)
    except KeyboardInterrupt:
        return exits.INTERRUPTED  # quietly: nothing was left half-done, and who interrupts knows it
    except SystemExit as exit_:
        return (
            exit_.code if isinstance(exit_.code, int) else exits.CLEAN if exit_.code is None else exits.USAGE
        )
    except OSError as error:
        # A full disk, a stream that was closed: the system's word, and nothing that we could do better.
        complain(
            f"factsheet: stopped: {error.strerror or error}{f': {error.filename}' if error.filename else ''}"
        )
        return exits.USAGE
    except Exception as error:  # noqa: BLE001  the last net: a bug of ours must not look like the sheet's fault
        return exits.INTERRUPTED if is_interrupt(error) else _report_bug(error, arguments)


def _dispatch(arguments: Sequence[str], *, quitting: bool) -> int:
    with templates_from(_templates_of_settings):
        return _run(arguments, quitting=quitting)


def _templates_of_settings() -> tuple[Path, ...]:
    from factsheet.checks.configuration import (
        find_configuration,
    )  # start-up: most sheets name no such template

    return find_configuration().template_files


def _run(arguments: Sequence[str], *, quitting: bool) -> int:
    at_work = interruptible() if quitting else nullcontext()
    if arguments[:1] == ["validate"] and not any(argument.startswith("-") for argument in arguments[1:]):
        # The command that editors and hooks call over and over: with nothing but paths there are no options
        # to parse, and loading the option parser would take as long as all the rest.
        from factsheet.cli.validate.validation import validate  # start-up

        with at_work:
            return validate(arguments[1:])
    from factsheet.cli.app import main  # start-up
    from factsheet.cli.outputs import inputs_kept_of  # start-up

    with at_work, inputs_kept_of(arguments):
        return main(list(arguments))


def _report_bug(error: Exception, arguments: Sequence[str]) -> int:
    if os.environ.get("FACTSHEET_DEBUG"):
        import traceback  # for us alone

        traceback.print_exc(file=sys.stderr)
    else:
        complain(
            f"factsheet: a fault in factsheet itself ({type(error).__name__}: {str(error)[:200]})\n"
            f"  while running: factsheet {' '.join(arguments)[:200]}\n"
            "  The sheet is not to blame and nothing was changed. Run again with FACTSHEET_DEBUG=1 to see where it\n"
            "  happened, and please report it together with the sheet."
        )
    return exits.BUG
