"""Every error there is on the wire: its status and its title. The only place with statuses."""

from collections.abc import Mapping
from types import MappingProxyType

from agent_assist.admit.attempts import TooManyAttempts
from agent_assist.admit.meter import TooMany
from agent_assist.core.approvals import (
    ApprovalPending,
    ApprovalSettled,
    NoApprovalNeeded,
    NotAsShown,
)
from agent_assist.core.drafts import DraftRefused, NeedsApproval, StaleBase, StaleEdit
from agent_assist.core.errors import (
    AgentAssistError,
    AnswerErased,
    BrakeNotPulled,
    Forbidden,
    GrantSettled,
    InvalidInput,
    KeyInFlight,
    KeyMissing,
    KeyReused,
    NotFound,
    NotReady,
    StaleVersion,
    Unauthenticated,
)
from agent_assist.core.grants import OverHeadroom
from agent_assist.core.money import InvalidAmount
from agent_assist.core.people import LastAdministrator
from agent_assist.core.webhooks import WebhookOff
from agent_assist.store.database import StoreUnavailable
from agent_assist.web.streams import StreamsFull
from agent_assist.web.versioned import MatchMissing


class InvalidJson(AgentAssistError):
    """A body is not JSON, or not of the kind that means one thing only."""

    code = "invalid_json"


class EncodedBody(AgentAssistError):
    """A body was compressed, or encoded otherwise; nothing is unpacked here."""

    code = "encoded_body"


class ChecksFailed(NotReady):
    """Some of the readiness checks fail; `failing` says which, and what to do."""

    def __init__(self, failing: Mapping[str, str]) -> None:
        self.failing = failing
        super().__init__(f"not ready: {', '.join(failing)}; see errors")


STATUS: Mapping[type[AgentAssistError], int] = MappingProxyType(
    {
        InvalidJson: 400,
        KeyMissing: 400,
        Unauthenticated: 401,
        Forbidden: 403,
        NotFound: 404,
        StaleVersion: 409,
        OverHeadroom: 409,
        GrantSettled: 409,
        ApprovalSettled: 409,
        ApprovalPending: 409,
        NoApprovalNeeded: 409,
        NotAsShown: 409,
        DraftRefused: 409,
        NeedsApproval: 409,
        StaleBase: 409,
        AnswerErased: 410,
        EncodedBody: 415,
        StaleEdit: 412,
        MatchMissing: 428,
        BrakeNotPulled: 409,
        LastAdministrator: 409,
        WebhookOff: 409,
        KeyInFlight: 409,
        TooMany: 429,
        TooManyAttempts: 429,
        KeyReused: 422,
        InvalidInput: 422,
        InvalidAmount: 422,
        NotReady: 503,
        StoreUnavailable: 503,
        StreamsFull: 503,
    }
)
# Our own names: `http.HTTPStatus` renamed 413 and 422 in Python 3.13, and these are published.
TITLES = {
    "invalid_json": "The body is not valid JSON",
    "unauthenticated": "A valid key, or an open session, is needed",
    "forbidden": "The caller may not do this",
    "not_yourself": "A session acts as its own person",
    "outside_role": "The person's role does not open this",
    "own_standing": "Nobody changes their own standing",
    "administrators_alone": "Only administrators do this",
    "last_administrator": "Nobody would be left who administers",
    "other_team": "It is another team's",
    "other_site": "The form came from another site",
    "rep_inactive": "The representative was deactivated",
    "may_not_decide": "This person may not decide on it",
    "approval_settled": "The request has ended",
    "approval_pending": "The case is being decided on",
    "no_approval_needed": "This needs no approval",
    "not_as_shown": "The decision is about something else",
    "own_benefit": "Nobody gives to themselves",
    "not_found": "There is no such thing",
    "stale_version": "Someone else was faster",
    "over_headroom": "More than may be given",
    "draft_state": "The draft or version does not allow this now",
    "needs_approval": "A second person must approve this",
    "own_approval": "Nobody approves their own work",
    "unknown_person": "Nobody active is known under this id",
    "level_too_low": "The person's level is not enough",
    "stale_base": "A newer version was published",
    "stale_edit": "Someone else was faster",
    "if_match_missing": "The request must say what it has read",
    "brake_not_pulled": "Nothing is stopped here",
    "grant_settled": "The grant does not allow this any more",
    "idempotency_key_missing": "The request needs an Idempotency-Key",
    "idempotency_key_reused": "The Idempotency-Key belongs to another request",
    "idempotency_key_in_flight": "The first request with this key is still being answered",
    "answer_erased": "It was done before, and its customer was erased since",
    "store_unavailable": "The database did not answer",
    "invalid_input": "The request has faults",
    "invalid_amount": "The amount cannot be read",
    "webhook_off": "The webhook is switched off",
    "replay_busy": "Another replay is running",
    "streams_full": "Too many streams are open",
    "not_ready": "The service is not ready",
    "wrong_address": "The key may not be used from here",
    "step_up_required": "The session must show once more whose it is",
    "proof_refused": "This does not show whose the session is",
    "too_many_attempts": "Several attempts failed",
    "too_many_requests": "The key was used too often",
    "bad_request": "The request cannot be read",
    "method_not_allowed": "The method is not allowed here",
    "content_too_large": "The request is too large",
    "unsupported_media_type": "The body must be application/json",
    "encoded_body": "The body must be sent as it is",
    "internal_error": "Something went wrong on our side",
}
OF_STATUS = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "content_too_large",
    415: "unsupported_media_type",
}
DETAILS = {
    "not_found": "there is nothing at this address; GET /openapi.json lists what there is",
    "method_not_allowed": "this address takes other methods; see the header Allow",
    "content_too_large": "send less at once: a request may have 1,000,000 bytes",
    "unsupported_media_type": "send the body with the header Content-Type: application/json",
    "bad_request": "the request is malformed",
    "internal_error": "it was logged; quote the request id when you report it",
}
