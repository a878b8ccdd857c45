"""Which contacts and orders are a customer's follows from what is named together."""

from agent_assist.core.erasure import Named, theirs


def test_what_is_named_with_a_customer_alone_is_theirs() -> None:
    found = theirs("a", {Named("a", "k1", "o1"), Named("b", "k2", "o2")})

    assert (set(found.contacts), set(found.orders), found.shared) == ({"k1"}, {"o1"}, 0)
    assert found.covers(Named("a", None, None))
    assert found.covers(Named(None, "k1", None))
    assert not found.covers(Named("b", "k1", None))
    assert not found.covers(Named(None, "k2", "o2"))
    assert not found.covers(Named(None, None, None))


def test_what_others_are_named_with_too_is_nobodys_alone() -> None:
    found = theirs("a", {Named("a", "k1", "none"), Named("b", "k2", "none")})

    assert (set(found.contacts), set(found.orders), found.shared) == ({"k1"}, set(), 1)
    assert not found.covers(Named(None, None, "none"))


def test_what_names_nobody_is_theirs_with_all_that_it_names() -> None:
    found = theirs("a", {Named("a", "k1", None), Named(None, "k1", "o1"), Named(None, "k2", "o1")})

    assert (set(found.contacts), set(found.orders)) == ({"k1", "k2"}, {"o1"})


def test_what_names_nobody_leads_nowhere_through_what_is_shared() -> None:
    records = {
        Named("a", "k1", "none"), Named(None, "k2", "none"), Named("b", "k3", "none"),
        Named(None, "k3", "o3"),
    }  # fmt: skip

    found = theirs("a", records)

    assert (set(found.contacts), set(found.orders)) == ({"k1"}, set())
