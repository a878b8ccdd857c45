"""What works over the stores, opened by the settings."""

from collections.abc import Callable
from datetime import timedelta

from agent_assist.app.keys import open_checkpoint_key
from agent_assist.app.stores import Stores, now, webhook_poster
from agent_assist.attest import Attester
from agent_assist.core.library import Library
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.deliver import Courier, Spawn
from agent_assist.draft import Drafter
from agent_assist.enrol import Roster
from agent_assist.matching.encoders import OnnxEncoder
from agent_assist.models import Models
from agent_assist.prepare import prepare_index
from agent_assist.publish import Publisher
from agent_assist.remind import Channel, MailChannel, Reminder, WebhookChannel
from agent_assist.replay import HistoryReplayer
from agent_assist.replay_draft import DraftReplayer
from agent_assist.review import Reviewing
from agent_assist.settings import Settings


def open_publisher(settings: Settings, stores: Stores) -> Publisher:
    """What imports and exports libraries, inside an application context."""

    def index(library: Library) -> None:
        model, _ = open_models(settings, stores).open_active()
        prepare_index(library, model, settings.indexes)

    return Publisher(stores.libraries, index=index, now=now)


def open_roster(stores: Stores) -> Roster:
    """What adds and changes people from the command line, inside an application context."""

    def vocabulary() -> Vocabulary:
        return stores.libraries.load(stores.libraries.current()).vocabulary

    return Roster(stores.people, vocabulary=vocabulary, now=now)


def open_attester(settings: Settings, stores: Stores) -> Attester:
    """What makes checkpoints of the audit, inside an application context."""
    return Attester(
        stores.audit,
        open_checkpoint_key(settings.checkpoint_key),
        settings.checkpoints,
        url=settings.checkpoint_url,
        now=now,
    )


def open_reminders(
    settings: Settings, stores: Stores, vocabulary: Callable[[], Vocabulary]
) -> tuple[Reminder, ...]:
    """What tells of requests that nobody decides on: one for each channel that is set."""
    console = None if settings.origin is None else f"{settings.origin}/console/approvals"
    channels: list[Channel] = []
    if settings.reminder_url is not None and settings.reminder_secret is not None:
        channels.append(WebhookChannel(settings.reminder_url, settings.reminder_secret, console))
    if settings.smtp is not None and settings.reminder_from is not None:
        server = settings.smtp
        channels.append(
            MailChannel(
                host=server.host,
                port=server.port,
                security=server.security,
                user=server.user,
                password=server.password,
                sender=settings.reminder_from,
                recipients=settings.reminder_to,
                console=console,
            )
        )
    after = timedelta(minutes=settings.reminder_minutes)
    return tuple(
        Reminder(stores.reminders, channel, after=after, vocabulary=vocabulary)
        for channel in channels
    )


def open_courier(settings: Settings, stores: Stores, spawn: Spawn) -> Courier:
    """What delivers events to webhooks; what it spawns runs inside an application context."""
    return Courier(
        stores.webhooks,
        stores.deliveries,
        stores.events,
        secrets=stores.subscriber.secrets,
        poster=webhook_poster(settings),
        spawn=spawn,
    )


def open_reviewing(stores: Stores) -> Reviewing:
    """What reads and judges drafts, inside an application context."""
    return Reviewing(
        stores.drafts,
        stores.releases,
        stores.libraries,
        traffic=stores.traffic.past_cases,
        now=now,
    )


def open_drafter(stores: Stores, reviewing: Reviewing) -> Drafter:
    """What drafts are changed by, inside an application context."""
    return Drafter(stores.drafts, stores.releases, reviewing)


def open_replayer(stores: Stores, reviewing: Reviewing) -> DraftReplayer:
    """What replays the history on drafts beside requests, in one process."""
    replayer = HistoryReplayer(stores.libraries, stores.history, processes=1)
    return DraftReplayer(reviewing, replayer, stores.history, stores.traffic)


def open_models(settings: Settings, stores: Stores) -> Models:
    """The model versions of this host."""
    return Models(open_encoder(settings), settings.trained, stores.models)


def open_encoder(settings: Settings) -> OnnxEncoder:
    """The encoder that `setup` built."""
    return OnnxEncoder.load(settings.models / "encoder")
