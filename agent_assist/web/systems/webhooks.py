"""/v1/webhooks: addresses outside that are told of events."""

from agent_assist.admit import Scope
from agent_assist.core.webhooks import DeliveryState
from agent_assist.web import examples
from agent_assist.web.cursors import begun, read_place
from agent_assist.web.exchange import Exchange
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.requests import NoQuery, Nothing
from agent_assist.web.services import Services
from agent_assist.web.systems import webhook_shapes as shapes


def register(api: Operations, services: Services) -> None:
    """Add the operations on webhooks."""
    _register_looking_after(api, services)
    _register_secrets(api, services)
    _register_deliveries(api, services)


def _register_looking_after(api: Operations, services: Services) -> None:
    @api.get(
        "/v1/webhooks",
        Scope.SYSTEMS,
        About("systems", "List webhooks"),
        query=NoQuery,
        answer=shapes.WebhookList,
    )
    def list_webhooks(_query: NoQuery, _now: Exchange) -> shapes.WebhookList:
        """List the addresses that are told of events, and how they stand."""
        return {"items": [shapes.write(one) for one in services.subscriber.all()]}

    @api.post(
        "/v1/webhooks",
        Scope.SYSTEMS,
        About("systems", "Make a webhook", examples={"what is given": examples.WEBHOOK}),
        body=shapes.WebhookRequest,
        answer=shapes.NewWebhook,
        status=201,
    )
    def make_webhook(body: shapes.WebhookRequest, now: Exchange) -> shapes.NewWebhook:
        """Make a webhook: what happens from now on is posted there as a Standard Webhook.

        Messages are signed with its secret, which is in this answer and nowhere else: a retry
        makes another webhook. There are 20 at most.
        """
        made, secret = services.subscriber.add(
            body.url, body.types, body.description, now.caller.actor
        )
        return {**shapes.write(made), "secret": secret}

    @api.get(
        "/v1/webhooks/<webhook_id>",
        Scope.SYSTEMS,
        About("systems", "Read a webhook", path=shapes.PATH),
        query=NoQuery,
        answer=shapes.Webhook,
    )
    def read_webhook(_query: NoQuery, _now: Exchange, webhook_id: str) -> shapes.Webhook:
        """Read a webhook, and how it stands."""
        return shapes.write(services.subscriber.find(webhook_id))

    @api.patch(
        "/v1/webhooks/<webhook_id>",
        Scope.SYSTEMS,
        About(
            "systems", "Change a webhook", path=shapes.PATH, examples={"off": examples.WEBHOOK_OFF}
        ),
        body=shapes.WebhookChange,
        answer=shapes.Webhook,
    )
    def change_webhook(
        body: shapes.WebhookChange, now: Exchange, webhook_id: str
    ) -> shapes.Webhook:
        """Change a webhook, or switch it off or on.

        Switched on again it is told of what happens from then on; a replay sends what it missed.
        """
        changed = services.subscriber.change(webhook_id, now.caller.actor, **body.model_dump())
        return shapes.write(changed)

    @api.delete(
        "/v1/webhooks/<webhook_id>",
        Scope.SYSTEMS,
        About("systems", "Remove a webhook", path=shapes.PATH),
        query=NoQuery,
        answer=shapes.RemovedWebhook,
    )
    def remove_webhook(_query: NoQuery, now: Exchange, webhook_id: str) -> shapes.RemovedWebhook:
        """Remove a webhook with its log; its secret is good for nothing any more."""
        services.subscriber.remove(webhook_id, now.caller.actor)
        return {"id": webhook_id}


def _register_secrets(api: Operations, services: Services) -> None:
    @api.post(
        "/v1/webhooks/<webhook_id>/secret",
        Scope.SYSTEMS,
        About("systems", "Change a webhook's secret", path=shapes.PATH, examples={"another": {}}),
        body=Nothing,
        answer=shapes.NewWebhook,
        status=201,
    )
    def change_webhook_secret(_body: Nothing, now: Exchange, webhook_id: str) -> shapes.NewWebhook:
        """Give a webhook another secret, which is in this answer and nowhere else.

        For 24 hours messages are signed with the one before as well, so that nothing is lost while
        the other side learns the new one.
        """
        changed, secret = services.subscriber.rotate(webhook_id, now.caller.actor)
        return {**shapes.write(changed), "secret": secret}

    @api.post(
        "/v1/webhooks/<webhook_id>/test",
        Scope.SYSTEMS,
        About("systems", "Test a webhook", path=shapes.PATH, examples={"now": {}}),
        body=Nothing,
        answer=shapes.TriedWebhook,
    )
    def try_webhook(_body: Nothing, now: Exchange, webhook_id: str) -> shapes.TriedWebhook:
        """Send a message of the type `webhook.test`, and tell what became of it.

        It is no event, is not in the log, and is sent to what is switched off as well.
        """
        return shapes.write_tried(services.subscriber.test(webhook_id, now.caller.actor))


def _register_deliveries(api: Operations, services: Services) -> None:
    @api.get(
        "/v1/webhooks/<webhook_id>/deliveries",
        Scope.SYSTEMS,
        About("systems", "List a webhook's deliveries", path=shapes.PATH),
        query=shapes.DeliveryQuery,
        answer=shapes.DeliveryPage,
    )
    def list_deliveries(
        query: shapes.DeliveryQuery, _now: Exchange, webhook_id: str
    ) -> shapes.DeliveryPage:
        """List what was sent to a webhook within the last 30 days, and what waits to be."""
        found = services.subscriber.log(
            webhook_id,
            state=None if query.state is None else DeliveryState(query.state),
            limit=query.limit + 1,
            before=read_place(query.cursor),
        )
        page, following = begun(found, query.limit, lambda one: one.seq)
        return {
            "items": [shapes.write_delivery(one) for one in page],
            "next_cursor": following,
        }

    @api.post(
        "/v1/webhooks/<webhook_id>/replay",
        Scope.SYSTEMS,
        About(
            "systems",
            "Send events again",
            path=shapes.PATH,
            examples={"all that failed since": examples.WEBHOOK_REPLAY},
        ),
        body=shapes.ReplayGiven,
        answer=shapes.Webhook,
        failures=(409,),
    )
    def replay_webhook(body: shapes.ReplayGiven, now: Exchange, webhook_id: str) -> shapes.Webhook:
        """Send one event again, or all that a webhook has not taken since an instant.

        Since an instant means what failed, and what happened while it was switched off or was not
        there yet. What was taken is sent again only by itself. Every message keeps its id.
        """
        by = now.caller.actor
        if body.since is not None:
            return shapes.write(services.subscriber.replay_since(webhook_id, body.since, by))
        seq = read_place(body.event, "/event") or 0
        return shapes.write(services.subscriber.replay(webhook_id, seq, by))
