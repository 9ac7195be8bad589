"""Measured times, their percentiles, and the table they end in."""

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of all do not exceed; 0 without values."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]


@dataclass
class Figure:
    """One line of the result. Times are milliseconds unless the unit says otherwise."""

    name: str
    how: str  # what was measured, and where
    p50: float
    p95: float
    count: int
    cpu: float | None = None  # the median of what the web process computed
    queries: int | None = None  # the most of any one
    target: float | None = None
    floor: float | None = None  # the least this machine needs for the bare thing
    unit: str = "ms"
    most_queries: int | None = None
    is_rate: bool = False  # more is better, and p50 is the rate
    failures: int = 0

    @property
    def verdict(self) -> str:
        if self.failures or not self.count:
            return "failed"
        if self.target is None:
            return "-"
        good = self.p50 >= self.target if self.is_rate else self.p95 <= self.target
        if self.most_queries is not None and (self.queries or 0) > self.most_queries:
            good = False
        return "ok" if good else "missed"


def timed(
    name: str,
    how: str,
    values: Sequence[float],
    *,
    cpu: Sequence[float] = (),
    queries: Sequence[int] = (),
    target: float | None = None,
    floor: float | None = None,
    most_queries: int | None = None,
    failures: int = 0,
) -> Figure:
    return Figure(
        name,
        how,
        percentile(values, 0.5),
        percentile(values, 0.95),
        len(values),
        cpu=percentile(cpu, 0.5) if cpu else None,
        queries=max(queries) if queries else None,
        target=target,
        floor=floor,
        most_queries=most_queries,
        failures=failures,
    )


@dataclass
class Report:
    scale: str
    data: dict[str, int]
    machine: dict[str, str | int]
    figures: list[Figure] = field(default_factory=list)

    def table(self) -> str:
        head = [
            "what",
            "p50",
            "p95",
            "cpu",
            "queries",
            "target",
            "floor",
            "n",
            "verdict",
        ]
        rows = [head, *(_cells(figure) for figure in self.figures)]
        widths = [max(_width(row[i]) for row in rows) for i in range(len(head))]
        lines = [
            "  ".join(_pad(cell, widths[i], i) for i, cell in enumerate(row))
            for row in rows
        ]
        lines.insert(1, "  ".join("-" * width for width in widths))
        return "\n".join(line.rstrip() for line in lines)

    def write(self, path: Path) -> None:
        figures = [asdict(one) | {"verdict": one.verdict} for one in self.figures]
        content = asdict(self) | {"figures": figures}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
        )


def _cells(figure: Figure) -> list[str]:
    sign = "≥" if figure.is_rate else "≤"
    target = "" if figure.target is None else f"{sign} {figure.target:g} {figure.unit}"
    if figure.most_queries is not None:
        target += f", ≤ {figure.most_queries} q"
    return [
        figure.name,
        f"{figure.p50:.1f}",
        "" if figure.is_rate else f"{figure.p95:.1f}",
        "" if figure.cpu is None else f"{figure.cpu:.1f}",
        "" if figure.queries is None else str(figure.queries),
        target,
        "" if figure.floor is None else f"{figure.floor:.1f}",
        str(figure.count),
        figure.verdict + (f" ({figure.failures} failures)" if figure.failures else ""),
    ]


def _width(text: str) -> int:
    return sum(
        2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text
    )


def _pad(text: str, width: int, column: int) -> str:
    space = " " * (width - _width(text))
    return text + space if column in (0, 8) else space + text
