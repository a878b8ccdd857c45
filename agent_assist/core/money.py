"""Exact money: integer minor units and an ISO 4217 code inside, a decimal string outside."""

import re
from dataclasses import dataclass

from agent_assist.core.errors import AgentAssistError

# ISO 4217 currencies whose minor unit is not 1/100. Source: ISO 4217 list one, 2026-01-01.
_EXPONENTS = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0
    ),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}
_CODES = frozenset(
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD "
    "CAD CDF CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL "
    "GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF "
    "KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN "
    "MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD "
    "SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH "
    "UGX USD UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG".split()
)
# ASCII digits only: float syntax, signs, separators and other scripts' digits are refused by shape.
_AMOUNT = re.compile(r"(0|[1-9][0-9]{0,14})(?:\.([0-9]{1,4}))?", re.ASCII)
DIGITS = 15
"""No amount has more before its point."""


class InvalidAmount(AgentAssistError):
    """A text is not an amount of money in its currency."""

    code = "invalid_amount"


def is_currency(code: str) -> bool:
    """True for an ISO 4217 code of money in use, in capitals."""
    return code in _CODES


def exponent(currency: str) -> int:
    """How many decimals the currency has: 2 for EUR, 0 for JPY, 3 for KWD."""
    return _EXPONENTS.get(currency, 2)


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of at least zero: `minor` whole minor units of `currency`."""

    minor: int
    currency: str

    @classmethod
    def parse(cls, text: str, currency: str) -> "Money":
        """Read `15`, `15.5` or `15.00`.

        Raises:
            InvalidAmount: unknown currency, a sign, a separator, an exponent, more than
                15 digits, or more decimals than the currency has.
        """
        if not is_currency(currency):
            raise InvalidAmount(f"{currency[:8]!r} is not an ISO 4217 currency code")
        return cls(parse_minor(text, currency), currency)

    def __str__(self) -> str:
        return format_minor(self.minor, self.currency)


def parse_minor(text: str, currency: str) -> int:
    """Minor units of a decimal text such as `15.00`; errors as `Money.parse`."""
    found = _AMOUNT.fullmatch(text)
    decimals = exponent(currency)
    if not found:
        raise InvalidAmount(f"not an amount such as {format_minor(1500, currency)}")
    whole, fraction = found[1], found[2] or ""
    if len(fraction) > decimals:
        raise InvalidAmount(f"{currency} has {decimals} decimals, not {len(fraction)}")
    return int(whole + fraction.ljust(decimals, "0"))


def format_minor(minor: int, currency: str) -> str:
    """The decimal text of minor units: `1500` EUR is `15.00`, `1500` JPY is `1500`."""
    decimals = exponent(currency)
    if decimals == 0:
        return str(minor)
    whole, fraction = divmod(minor, 10**decimals)
    return f"{whole}.{fraction:0{decimals}d}"
