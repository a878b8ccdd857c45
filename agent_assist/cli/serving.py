"""`agent-assist setup` and `agent-assist serve`."""

import fcntl
import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from agent_assist.app.composition import create_app, simulate_history
from agent_assist.app.database import bare_app, migrate_database
from agent_assist.app.opening import open_attester, open_models, open_publisher
from agent_assist.app.stores import now, open_stores
from agent_assist.cli.output import json_option, say, show, step
from agent_assist.core.errors import SetupRefused
from agent_assist.live import LiveLibrary
from agent_assist.prepare import Progress, prepare_encoder
from agent_assist.settings import ROOT, Settings, read_settings
from agent_assist.simulate.history import Scale


@click.command("setup")
@click.option(
    "--library",
    "folder",
    type=click.Path(path_type=Path),
    default=ROOT / "policies" / "bank",
    show_default="policies/bank",
    help="The library to import if there is none yet.",
)
@click.option(
    "--demo", is_flag=True, help="Simulate some weeks of an organisation's past, to look around in."
)
@json_option
def setup_command(folder: Path, *, demo: bool, as_json: bool) -> None:
    """Make everything that serving needs: database, encoder, library, index.

    What is there already is kept, so that it can be run again at any time, and must be run
    after an update of the program.
    """
    settings = read_settings()
    with bare_app(settings).app_context(), _alone(settings.data / "setup.lock"):
        with step("database"):
            migrate_database()
            stores = open_stores(settings)
            open_attester(settings, stores)  # makes the key of the audit's checkpoints
        with step("encoder") as progress:
            prepare_encoder(settings.models, settings.encoder, progress)
        with step("library and its index") as progress:
            if stores.libraries.current().library == 0:
                progress(f"Reading {folder}, and publishing it as the first version.")
                publisher = open_publisher(settings, stores)
                publisher.import_folder(folder, by="setup", note="first library", replace=False)
            progress("Reading the index of its texts, or building it: half a minute for a new one.")
            live = LiveLibrary(stores.libraries, open_models(settings, stores), settings.indexes)
            model = live.current().versions.model
        if demo:
            with step("simulated history") as progress:
                _simulate(settings, live, progress)
        versions = stores.libraries.current()
    if as_json:
        show(
            {
                "library": versions.library,
                "limits": versions.limits,
                "budgets": versions.budgets,
                "model": model,
            }
        )
    else:
        say(
            f"ready: library {versions.library}, limits {versions.limits}, "
            f"budgets {versions.budgets}"
        )


def _simulate(settings: Settings, live: LiveLibrary, progress: Progress) -> None:
    done = simulate_history(settings, live, Scale(), now(), progress)
    if done is None:
        progress("It is there already.")
    else:
        progress(", ".join(f"{number} {what}" for what, number in done.items()))


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Wait until no other setup works on the same data folder."""
    with path.open("w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another setup is running here; waiting for it …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@click.command("serve")
@json_option
def serve_command(*, as_json: bool) -> None:
    """Serve the API and the pages with gunicorn, as the settings say."""
    settings = read_settings()
    app = create_app(settings)  # refuse here, with one message, rather than in every worker
    with app.app_context():
        has_demo = open_stores(settings).simulation.has_begun()
    config = ROOT / "gunicorn.conf.py"
    address = f"http://{settings.address}/"
    _check_free(settings)
    if as_json:
        click.echo(json.dumps({"address": address}))
    else:
        say(f"agent-assist serves {address} (Ctrl-C stops it)")
        if has_demo:
            say(f"see it at work: {address}demo/crm")
    sys.stdout.flush()
    # From where the command was given, so that paths in the settings mean the same to it.
    words = ["-m", "gunicorn", "--config", str(config), "--pythonpath", str(ROOT), "wsgi:app"]
    # Our own interpreter, and nothing of the request's.
    os.execv(sys.executable, [sys.executable, *words])  # noqa: S606 - see above


def _check_free(settings: Settings) -> None:
    """Refuse an address that something else listens on, or that is none of this host's."""
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
        family, _, _, _, address = found[0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn does
            probe.bind(address)
    except OSError as error:
        raise SetupRefused(
            f"{settings.address} cannot be listened on ({error.strerror}): "
            "stop what listens there, or set HOST or PORT"
        ) from error
