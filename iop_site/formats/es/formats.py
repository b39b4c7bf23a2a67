"""Spanish as it is written in the United States: the clock of twelve hours, and a point before decimals."""

from __future__ import annotations

DATETIME_FORMAT = r"j \d\e F \d\e Y, P"
TIME_FORMAT = "P"
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
