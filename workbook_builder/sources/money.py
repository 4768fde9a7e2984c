"""Amounts of sales lines brought to one meaning: in euros, and with the sign of a sale."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from workbook_builder.sources.config import Source
from workbook_builder.sources.parse import MAX_DECIMALS

EURO = frozenset({"eur", "€", "euro"})
CONVERTED = ("revenue", "cost", "margin", "discount", "vat_amount", "revenue_incl")
FLIPPED = ("revenue", "cost", "quantity", "margin")
_SMALLEST = Decimal(1).scaleb(-MAX_DECIMALS)

Values = dict[str, list[Any]]


def signed_as_sale(values: Values, source: Source) -> None:
    """Give every line the sign of a sale: a sale and its cost are positive, a credit and its cost negative."""
    if source.cost_sign == "negative" and "cost" in values:
        values["cost"] = [_negated(cost) for cost in values["cost"]]
    if source.credit == "flip" and "doc_type" in values:
        for index, (kind, revenue) in enumerate(zip(values["doc_type"], values["revenue"], strict=True)):
            if isinstance(kind, str) and "credit" in kind.lower() and isinstance(revenue, Decimal) and revenue > 0:
                for name in FLIPPED:
                    amount = values[name][index] if name in values else None
                    if isinstance(amount, Decimal) and amount > 0:
                        values[name][index] = _negated(amount)


def in_euros(values: Values) -> set[int]:
    """Convert lines in another currency with their own rate (amount x rate = EUR).

    Returns the 0-based rows in another currency without a usable rate; their amounts become None.
    """
    without_rate: set[int] = set()
    if "currency" not in values:
        return without_rate
    rates = values.get("rate") or [None] * len(values["currency"])
    for index, (currency, rate) in enumerate(zip(values["currency"], rates, strict=True)):
        if currency is None or currency.lower() in EURO:
            continue
        usable = isinstance(rate, Decimal) and rate > 0
        if not usable:
            without_rate.add(index)
        for name in CONVERTED:
            if name in values and isinstance(values[name][index], Decimal):
                values[name][index] = _converted(values[name][index], rate) if usable else None
    return without_rate


def _negated(amount: Any) -> Any:
    """The amount with the other sign, exactly; anything else as it is."""
    return amount.copy_negate() if isinstance(amount, Decimal) else amount


def _converted(amount: Decimal, rate: Decimal) -> Decimal:
    """Amount x rate, to the 18 decimals that the sums hold."""
    product = amount * rate
    return product if product == product.quantize(_SMALLEST) else product.quantize(_SMALLEST, ROUND_HALF_UP)
