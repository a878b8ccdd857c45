"""The one error tree. Each class has a stable public code; statuses are the web's business."""

from collections.abc import Sequence
from dataclasses import dataclass


class AgentAssistError(Exception):
    """Something went wrong that we can name and the reader can act on.

    The message names the field, the problem and the way out, and never holds what a
    customer said, nor a secret.
    """

    code = "error"


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One fault in an input: a JSON pointer or a parameter's name, a code, and what to do."""

    pointer: str
    code: str
    detail: str


class InvalidInput(AgentAssistError):
    """An input has faults; `problems` lists all of them, in the order of the input."""

    code = "invalid_input"

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{p.pointer}: {p.detail}" for p in self.problems))


class NotFound(AgentAssistError):
    """There is no such thing under that name."""

    code = "not_found"

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(f"there is no {kind} {key!r}")


class Forbidden(AgentAssistError):
    """The caller is known, but may not do this."""

    code = "forbidden"


class Unauthenticated(AgentAssistError):
    """The caller is not known: no key, an unknown one, or one that is revoked or expired."""

    code = "unauthenticated"


class NotReady(AgentAssistError):
    """Something the product needs to answer is missing; the message says what to run."""

    code = "not_ready"


class SetupRefused(AgentAssistError):
    """Refusal to start or to set up, before anything is written; the message says what to do."""

    code = "setup_refused"


class StaleVersion(AgentAssistError):
    """Someone published since the version that this change is based on."""

    code = "stale_version"


class KeyMissing(AgentAssistError):
    """A write that must happen once came without a usable `Idempotency-Key`."""

    code = "idempotency_key_missing"


class KeyReused(AgentAssistError):
    """An `Idempotency-Key` that was used before came with another request."""

    code = "idempotency_key_reused"


class KeyInFlight(AgentAssistError):
    """The first request with this `Idempotency-Key` has not been answered yet."""

    code = "idempotency_key_in_flight"


class AnswerErased(AgentAssistError):
    """The request was answered before, and its customer was erased since.

    Attributes:
        subject: the grant, request or contact that the answer was about.
    """

    code = "answer_erased"

    def __init__(self, subject: str) -> None:
        self.subject = subject
        super().__init__(
            f"this was done before, as {subject}; its customer was erased since, and the answer "
            "with them"
        )


class GrantSettled(AgentAssistError):
    """The grant is no longer in a state that allows this; the message names the state."""

    code = "grant_settled"


class BrakeNotPulled(AgentAssistError):
    """There is no brake to release: nobody pulled it, or somebody released it before."""

    code = "brake_not_pulled"
