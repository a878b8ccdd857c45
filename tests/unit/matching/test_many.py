"""Libraries of very many policies: found as in small ones."""

from dataclasses import replace

import numpy as np

from agent_assist.core.policy import Policy
from agent_assist.core.vocabulary import Cause, Issue
from agent_assist.matching.corpus import LIKELY
from agent_assist.matching.head import MOST_CELLS, MOST_CLASSES, Head, Samples
from agent_assist.matching.index import PolicyIndex
from agent_assist.matching.lexicon import Lexicon
from agent_assist.matching.listening import Listener
from agent_assist.matching.ranking import rank
from agent_assist.matching.words import stems
from tests.unit.matching.small import ISSUES, POLICIES, HashingEncoder, a_policy

OTHERS = MOST_CLASSES + 20


def many() -> tuple[tuple[Policy, ...], dict[str, Issue]]:
    """The small library among hundreds of policies about other things."""
    issues = {**ISSUES}
    policies = list(POLICIES)
    for number in range(OTHERS):
        key = f"device-{number}"
        issues[key] = Issue(key, f"Gadget {number}", Cause.PROCESS, f"The gadget {number} broke.")
        said = (f"my gadget {number} is broken", f"gadget{number} does not start")
        policies.append(a_policy(f"gadgets/{number}", f"Gadget {number} broken", {key: said}))
    return tuple(policies), issues


def test_what_was_found_in_a_small_library_is_found_among_hundreds_of_policies() -> None:
    policies, issues = many()
    encoder = HashingEncoder()
    index = PolicyIndex.build(policies, issues, encoder)

    for said, policy in (
        ("my card was stolen on the train", "cards/lost"),
        ("they charged a fee for cash", "cash/fee"),
        ("I do not remember my PIN", "pin/forgotten"),
    ):
        matches = rank(index, Listener(encoder).hear(index, said))
        assert matches.items[0].policy == policy


def test_very_many_texts_of_few_pairs_are_learned_at_once() -> None:
    vectors = np.array([[1, 0], [0, 1], [-1, 0]], np.float32)
    texts = np.arange(MOST_CELLS // 3 + 1) % 3
    samples = Samples(vectors, texts, texts, np.ones(len(texts)))

    head = Head.fit(samples, 4)

    assert head.logits(vectors).argmax(axis=1).tolist() == [0, 1, 2]
    assert head.logits(vectors)[:, 3].max() < -20


def test_a_library_without_a_single_example_has_an_index() -> None:
    policies = [replace(policy, examples={}) for policy in POLICIES]
    encoder = HashingEncoder()
    index = PolicyIndex.build(policies, ISSUES, encoder)

    matches = rank(index, Listener(encoder).hear(index, "my card was stolen"))
    assert matches.items[0].policy == "cards/lost"


def test_keywords_count_the_three_best_texts_of_a_pair(index: PolicyIndex) -> None:
    corpus = index.corpus
    asked = stems("a fee for cash at the machine")
    scores = corpus.lexicon.score(asked)
    best = [np.sort(scores[corpus.texts_of(pair)])[-3:].mean() for pair in range(5)]

    assert len(corpus.pairs) < LIKELY
    assert np.allclose(corpus.keywords(asked), best)


def test_a_lexicon_scores_a_text_by_the_rarity_of_what_it_shares() -> None:
    lexicon = Lexicon.build(["cash fee", "cash card", "cash cash cash machine", ""])

    assert lexicon.score(["cash"]).argmax() == 2
    assert lexicon.score(["fee"])[0] > lexicon.score(["cash"])[0] > 0
    assert lexicon.score(["nothing"]).tolist() == [0, 0, 0, 0]
