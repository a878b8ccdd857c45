"""Reviews of drafts that are being edited: kept, and never staler than the rows."""

from collections.abc import Hashable, Sequence

from agent_assist.core.limits import LimitRow
from agent_assist.core.review import Finding, KeptReviews, Reviewer, review_table
from agent_assist.core.review.kept import MOST_EDITS, MOST_KEPT
from tests.builders import a_row, a_vocabulary

VOCABULARY = a_vocabulary()
MANY = tuple(a_row(f"R{n}", priority=n) for n in range(MOST_EDITS + 2))


class Reviews:
    """Kept reviews, and how many were begun anew."""

    def __init__(self) -> None:
        self.begun = 0
        self._kept = KeptReviews()

    def of(
        self, rows: Sequence[LimitRow], draft: str = "drf_1", context: Hashable = 1
    ) -> tuple[Finding, ...]:
        return self._kept.findings(draft, rows, context, self._begin)

    def _begin(self, rows: Sequence[LimitRow]) -> Reviewer:
        self.begun += 1
        return Reviewer(rows, VOCABULARY)


def test_a_few_edits_are_followed_and_the_findings_are_those_of_a_new_review() -> None:
    reviews = Reviews()
    for rows in (
        MANY,
        (*MANY[:-1], a_row("R99", priority=3)),  # one is gone, and one has come
        (*MANY[1:-1], a_row("R0", rep=7)),  # one is another, and one is gone
    ):
        assert reviews.of(rows) == review_table(rows, VOCABULARY)

    assert reviews.begun == 1


def test_what_was_reviewed_is_not_reviewed_again() -> None:
    reviews = Reviews()

    assert reviews.of(MANY) is reviews.of(MANY)


def test_a_review_is_begun_anew_after_many_edits_and_where_what_it_rests_on_is_another() -> None:
    reviews = Reviews()
    reviews.of(MANY)

    assert reviews.of(MANY[:1]) == review_table(MANY[:1], VOCABULARY)
    assert reviews.begun == 2
    reviews.of(MANY[:1], context=2)
    assert reviews.begun == 3


def test_the_drafts_that_were_looked_at_last_are_kept_and_no_others() -> None:
    reviews = Reviews()
    for number in range(MOST_KEPT + 1):
        reviews.of(MANY[:2], f"drf_{number}")
    begun = reviews.begun

    reviews.of(MANY[:2], f"drf_{MOST_KEPT}")
    assert reviews.begun == begun
    reviews.of(MANY[:2], "drf_0")
    assert reviews.begun == begun + 1
