"""What the airline's rules come to, worked out from their words and from nothing of the product.

The rules, as a person would be told them. Every sum is for each passenger of the booking
unless it says otherwise; "late" is minutes after plan at the destination.

*Compensation* is owed, and everybody may pay it out. Nothing is owed where the cause was
extraordinary. Late: 250 short and 400 medium from three hours on; long 300 from three hours and
600 from four. Cancelled: nothing with two weeks of notice; otherwise 250, 400 or 600. Whoever
took another flight gets half if it was at most two (short), three (medium) or four (long) hours
late; and nothing if it was less than four hours late with a week of notice or more, or less than
two hours late with less.

*The fare* is given back, in all, to those who took no other flight: always when cancelled, and
when at least five hours late and the booking was changed for it.

*Care* while waiting, whatever the cause: 15 from two hours (short) or three (medium), 25 from
four (long). From ten hours on it is 40 for any distance.

*A voucher*, only if asked for, for silver and gold, insured or business passengers: 100 when
cancelled, 50 when late and the booking was changed. A rep may give 300 in all, a senior 600, a
manager without such a cap. Gold passengers at least four hours late get 80 instead: 400, 800,
and no limit for a manager. Nobody who got three or more in twelve months.

*Miles* for one to under three hours: a rep 500 (2,000 in all), a senior 1,000 (4,000), a manager
5,000 in all; from 2027 a rep 750 (2,500). Gold: 1,500 (10,000), 3,000 (12,000), no limit. From
three hours on silver and gold may ask for 1,000, 3,000 and 9,000 in all.

*The lounge* from two hours: one each for business, four in all; for gold two in all by a rep and
four above. Who is neither: on search only, one by a senior, two by a manager. Someone in both gets
the lower. Cancelled on the day: two by a manager.

*Bags.* Essentials away from home are 60 for each day, 300 in all, whoever pays; at home, from
three days on, 40 by a senior. A part of the fare, if it was 50 or more and not basic: a tenth (80),
a fifth (200), three tenths; from three days on a quarter (120), 35 % (300), a half. Off the next
booking: 5, 10, 20 %; gold 10, 15, 25 %; away from home 8, 12, 22 %; someone in both gets the lower.

*Budgets.* Vouchers and parts of the fare: for a customer who is not gold 250, 500, 1,500 in a
year and two, three, six of them; for a rep's day 900 and 2,000, a manager has none. All goodwill:
two, two and three for a contact.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

LEVELS = ("rep", "senior", "manager")
NO_LIMIT = 10**18
GOODWILL = {"goodwill_voucher", "bonus_miles", "lounge_pass", "fare_gesture", "next_discount"}
DAY = date(2026, 11, 21)
Case = Mapping[str, Any]
Sums = tuple[int, int, int]
"""What a rep, a senior and a manager may give, in minor units, pieces or basis points."""


@dataclass(frozen=True)
class Ruling:
    """What the rules come to: the sums by level, the rows they rest on, and whether one forbids."""

    sums: Sums = (0, 0, 0)
    rows: Mapping[str, Sums] = field(default_factory=dict)
    denied: bool = False


NOTHING = Ruling()


def _denied(row: str) -> Ruling:
    return Ruling(rows={row: (0, 0, 0)}, denied=True)


def _given(rows: Mapping[str, Sums]) -> Ruling:
    """The lowest of several rules that apply side by side."""
    if not rows:
        return NOTHING
    low = [min(sums[level] for sums in rows.values()) for level in range(3)]
    return Ruling((low[0], low[1], low[2]), rows)


def _all(row: str, amount: int) -> Ruling:
    return _given({row: (amount, amount, amount)})


def _compensation_late(case: Case, _day: date) -> Ruling:
    late, heads = case["flight.delay_minutes"], case["booking.passengers"]
    if case["flight.extraordinary"]:
        return _denied("C05")
    if late < 3 * 60:
        return NOTHING
    match case["flight.band"]:
        case "short":
            return _all("C01", 250_00 * heads)
        case "medium":
            return _all("C02", 400_00 * heads)
    return _all("C04", 600_00 * heads) if late >= 4 * 60 else _all("C03", 300_00 * heads)


def _compensation_cancelled(case: Case, _day: date) -> Ruling:
    notice, late = case["flight.notice_days"], case["flight.delay_minutes"]
    rerouted, heads = case["flight.rerouted"], case["booking.passengers"]
    if case["flight.extraordinary"]:
        return _denied("C05")
    if notice >= 14:
        return NOTHING
    if rerouted and notice >= 7 and late < 4 * 60:
        return _denied("C16")
    if rerouted and notice < 7 and late < 2 * 60:
        return _denied("C17")
    whole, half, hours, full = {
        "short": ("C10", "C13", 2, 250_00),
        "medium": ("C11", "C14", 3, 400_00),
        "long": ("C12", "C15", 4, 600_00),
    }[case["flight.band"]]
    if rerouted and late <= hours * 60:
        return _all(half, full // 2 * heads)
    return _all(whole, full * heads)


def _fare_cancelled(case: Case, _day: date) -> Ruling:
    return NOTHING if case["flight.rerouted"] else _all("F01", case["booking.fare"])


def _fare_late(case: Case, _day: date) -> Ruling:
    long = case["flight.delay_minutes"] >= 5 * 60
    if case["flight.rerouted"] or not long or not case["booking.changed"]:
        return NOTHING
    return _all("F02", case["booking.fare"])


def _care(case: Case, _day: date) -> Ruling:
    late, heads = case["flight.delay_minutes"], case["booking.passengers"]
    if late >= 10 * 60:
        return _all("V04", 40_00 * heads)
    row, hours, each = {
        "short": ("V01", 2, 15_00),
        "medium": ("V02", 3, 15_00),
        "long": ("V03", 4, 25_00),
    }[case["flight.band"]]
    return _all(row, each * heads) if late >= hours * 60 else NOTHING


def _voucher(case: Case, each: int, rows: str) -> Ruling:
    sums = each * case["booking.passengers"]
    usual = (min(sums, 300_00), min(sums, 600_00), sums)
    reasons = {
        f"{rows}1": case["customer.tier"] in ("silver", "gold"),
        f"{rows}2": case["booking.insured"],
        f"{rows}3": case["booking.cabin"] == "business",
    }
    return _given({row: usual for row, applies in reasons.items() if applies})


def _voucher_cancelled(case: Case, _day: date) -> Ruling:
    if case["customer.vouchers_12m"] >= 3:
        return _denied("G20")
    return _voucher(case, 100_00, "G0")


def _voucher_late(case: Case, _day: date) -> Ruling:
    if case["customer.vouchers_12m"] >= 3:
        return _denied("G20")
    if not case["booking.changed"]:
        return NOTHING
    if case["customer.tier"] == "gold" and case["flight.delay_minutes"] >= 4 * 60:
        sums = 80_00 * case["booking.passengers"]
        return _given({"G14": (min(sums, 400_00), min(sums, 800_00), NO_LIMIT)})
    return _voucher(case, 50_00, "G1")


def _miles(case: Case, day: date) -> Ruling:
    late, heads, tier = (
        case["flight.delay_minutes"],
        case["booking.passengers"],
        case["customer.tier"],
    )
    if late >= 180:
        return _given({"M04": (1000, 3000, 9000)} if tier in ("silver", "gold") else {})
    if late < 60:
        return NOTHING
    if tier == "gold":
        return _given({"M03": (min(1500 * heads, 10_000), min(3000 * heads, 12_000), NO_LIMIT)})
    senior = min(1000 * heads, 4000)
    if day.year < 2027:
        return _given({"M01": (min(500 * heads, 2000), senior, 5000)})
    return _given({"M02": (min(750 * heads, 2500), senior, 5000)})


def _lounge_late(case: Case, _day: date) -> Ruling:
    if case["flight.delay_minutes"] < 120:
        return NOTHING
    heads = case["booking.passengers"]
    four, two = min(heads, 4), min(heads, 2)
    rows = {}
    if case["booking.cabin"] == "business":
        rows["L01"] = (four, four, four)
    if case["customer.tier"] == "gold":
        rows["L02"] = (two, four, four)
    return _given(rows or {"L03": (0, 1, 2)})


def _lounge_cancelled(case: Case, _day: date) -> Ruling:
    return NOTHING if case["flight.notice_days"] else _given({"L04": (0, 0, 2)})


def _essentials(case: Case, _day: date) -> Ruling:
    days = case["bag.days_late"]
    if case["bag.outbound"]:
        return _all("B01", min(60_00 * days, 300_00)) if days else NOTHING
    return _given({"B02": (0, 40_00, 40_00)}) if days >= 3 else NOTHING


def _part_of_fare(case: Case, _day: date) -> Ruling:
    fare, days = case["booking.fare"], case["bag.days_late"]
    if case["booking.cabin"] == "basic":
        return _denied("B12")
    if fare < 50_00 or days == 0:
        return NOTHING
    if days < 3:
        return _given({"B10": (min(fare // 10, 80_00), min(fare // 5, 200_00), fare * 3 // 10)})
    sums = (min(fare // 4, 120_00), min(fare * 35 // 100, 300_00), fare // 2)
    return _given({"B11": sums})


def _next_discount(case: Case, _day: date) -> Ruling:
    if case["bag.days_late"] == 0:
        return NOTHING
    rows = {}
    if case["customer.tier"] == "gold":
        rows["B21"] = (10_00, 15_00, 25_00)
    if case["bag.outbound"]:
        rows["B22"] = (8_00, 12_00, 22_00)
    return _given(rows or {"B20": (5_00, 10_00, 20_00)})


RULES: Mapping[tuple[str, str], Callable[[Case, date], Ruling]] = {
    ("flight_delayed", "compensation"): _compensation_late,
    ("flight_cancelled", "compensation"): _compensation_cancelled,
    ("flight_delayed", "fare_refund"): _fare_late,
    ("flight_cancelled", "fare_refund"): _fare_cancelled,
    ("flight_delayed", "care_voucher"): _care,
    ("flight_delayed", "goodwill_voucher"): _voucher_late,
    ("flight_cancelled", "goodwill_voucher"): _voucher_cancelled,
    ("flight_delayed", "bonus_miles"): _miles,
    ("flight_delayed", "lounge_pass"): _lounge_late,
    ("flight_cancelled", "lounge_pass"): _lounge_cancelled,
    ("bag_late", "bag_essentials"): _essentials,
    ("bag_late", "fare_gesture"): _part_of_fare,
    ("bag_late", "next_discount"): _next_discount,
}


@dataclass(frozen=True)
class Spent:
    """What was given before: to the customer in a year, by the rep today, on this contact."""

    year: tuple[int, int] = (0, 0)
    day: tuple[int, int] = (0, 0)
    contact: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Caps:
    """Everything that caps one level, by the row or budget that does."""

    headroom: Mapping[str, int]

    @property
    def most(self) -> int:
        return min(self.headroom.values(), default=0)

    @property
    def binding(self) -> frozenset[str]:
        return frozenset(name for name, left in self.headroom.items() if left == self.most)


def caps(ruling: Ruling, remedy: str, tier: str, spent: Spent) -> tuple[Caps, ...]:
    """The caps of each level."""
    if ruling.denied or not ruling.rows:
        return (Caps({}),) * 3
    return tuple(
        Caps(
            {row: sums[level] for row, sums in ruling.rows.items()}
            | dict(_budgets(remedy, tier, spent, level))
        )
        for level in range(3)
    )


def _budgets(remedy: str, tier: str, spent: Spent, level: int) -> Iterable[tuple[str, int]]:
    if remedy in ("goodwill_voucher", "fare_gesture"):
        if tier != "gold":
            left = max((250_00, 500_00, 1500_00)[level] - spent.year[0], 0)
            yield "customer_year", left if spent.year[1] < (2, 3, 6)[level] else 0
        if level < 2:
            yield "rep_day", max((900_00, 2000_00)[level] - spent.day[0], 0)
    if remedy in (
        "goodwill_voucher",
        "fare_gesture",
        "bonus_miles",
        "lounge_pass",
        "next_discount",
    ):
        yield "contact_gestures", NO_LIMIT if spent.contact[1] < (2, 2, 3)[level] else 0


@dataclass(frozen=True)
class Answer:
    """What the product must answer."""

    verdict: str
    most: int
    binding: frozenset[str]
    approval: tuple[str, int] | None


def answer(by_level: tuple[Caps, ...], level: int, amount: int | None) -> Answer:
    """The answer for a level that asks for an amount, or for the most."""
    own = by_level[level].most
    enough = own >= (1 if amount is None else amount)
    above = None
    for higher in range(level + 1, 3):
        most = by_level[higher].most
        if (amount is None and most > own) or (
            amount is not None and not enough and most >= amount
        ):
            above = (LEVELS[higher], most)
            break
    verdict = "allowed" if enough else "needs_approval" if above else "not_allowed"
    return Answer(verdict, own, by_level[level].binding, above)
