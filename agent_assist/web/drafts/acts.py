"""What is done to a draft as a whole until it is published: submitted, approved, returned."""

from collections.abc import Callable

from agent_assist.admit import Scope
from agent_assist.core.draft_rows import TableKind
from agent_assist.draft import Acting
from agent_assist.publish import ReleaseWanted
from agent_assist.store.drafts.drafts import DraftAnswer
from agent_assist.store.once import Once, StoredAnswer
from agent_assist.web import examples
from agent_assist.web.drafts import shapes
from agent_assist.web.drafts.acting import acting_on
from agent_assist.web.drafts.versions import version_answer
from agent_assist.web.drafts.writers import (
    DRAFT_PATH,
    ONE_DRAFT,
    draft_answer,
)
from agent_assist.web.exchange import Exchange
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.services import Services


def register(api: Operations, services: Services) -> None:
    """Add what is done to a draft as a whole."""
    _register_acts(api, services)
    _register_release(api, services)


def _register_acts(api: Operations, services: Services) -> None:
    _register_act(
        api,
        "submit",
        Scope.LIMITS_EDIT,
        "Submit a draft",
        "Ask a second person to approve exactly what the draft holds; not while it has faults.",
        services.drafter.submit,
    )
    _register_act(
        api,
        "approve",
        Scope.LIMITS_PUBLISH,
        "Approve a draft",
        "Agree to exactly what was submitted; not by anyone who began, edited or submitted it.",
        services.drafter.approve,
    )
    _register_act(
        api,
        "return",
        Scope.LIMITS_EDIT,
        "Return a draft",
        "Open a submitted or approved draft again; the comment says why.",
        services.drafter.send_back,
    )
    _register_act(
        api,
        "discard",
        Scope.LIMITS_EDIT,
        "Discard a draft",
        "Give a draft up. It can still be read.",
        services.drafter.discard,
    )

    @api.post_once(
        f"{ONE_DRAFT}/comments",
        Scope.LIMITS_EDIT,
        About("limits", "Comment on a draft", path=DRAFT_PATH, examples={"a": examples.COMMENT}),
        body=shapes.CommentRequest,
        answer=shapes.Draft,
        status=200,
    )
    def comment_on_draft(
        body: shapes.CommentRequest, now: Exchange, once: Once, table: str, draft_id: str
    ) -> StoredAnswer:
        """Say something about a draft, for those who work on it. Changes nothing else."""
        return services.drafter.comment(
            TableKind(table),
            draft_id,
            by=now.caller.named(body.by.id),
            text=body.comment,
            once=once,
            answer=draft_answer,
        )


def _register_act(
    api: Operations,
    name: str,
    scope: Scope,
    summary: str,
    description: str,
    act: Callable[[Acting, Once, DraftAnswer], StoredAnswer],
) -> None:
    """An operation that does one thing to a draft, with a comment."""

    def handler(
        body: shapes.ActRequest, now: Exchange, once: Once, table: str, draft_id: str
    ) -> StoredAnswer:
        acting = acting_on(table, draft_id, body, now, body.comment or "")
        return act(acting, once, draft_answer)

    handler.__name__, handler.__doc__ = f"{name}_draft", description
    api.post_once(
        f"{ONE_DRAFT}/{name}",
        scope,
        About("limits", summary, path=DRAFT_PATH, examples={"it": examples.BY}),
        body=shapes.ActRequest,
        answer=shapes.Draft,
        status=200,
        matched=True,
    )(handler)


def _register_release(api: Operations, services: Services) -> None:
    @api.post_once(
        f"{ONE_DRAFT}/publish",
        Scope.LIMITS_PUBLISH,
        About("limits", "Publish a draft", path=DRAFT_PATH, examples={"at once": examples.BY}),
        body=shapes.PublishRequest,
        answer=shapes.Version,
        status=201,
        matched=True,
    )
    def publish_draft(
        body: shapes.PublishRequest, now: Exchange, once: Once, table: str, draft_id: str
    ) -> StoredAnswer:
        """Make a draft the newest version, in effect at once or from a later instant.

        It must be approved by a second person, unless it is proved that nobody may be given more
        by it than before.
        """
        wanted = ReleaseWanted(
            table=TableKind(table),
            draft_id=draft_id,
            by=now.caller.named(body.by.id),
            edit=now.edit,
            note=body.note or "",
            effective_at=body.effective_at,
        )
        return services.releaser.publish(wanted, once, version_answer)
