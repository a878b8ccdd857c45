"""An evaluation as one page that needs nothing else: figures, plots, and a table beside each."""

from collections.abc import Callable
from dataclasses import asdict
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from agent_assist.matching.artefacts import CannotWrite
from agent_assist.matching.evaluation import Evaluation

PAGE = "index.html"
_CONFUSIONS = 40
_PLOTTED_CONFUSIONS = 15
_TABLE_STEPS = 12
_SIZE = (6.0, 3.6)

LABELS = {
    "n": ("Cases", "how many were asked"),
    "top1": ("Right first", "known cases whose first policy is right"),
    "top3": ("Right in three", "known cases with a right policy among the first three"),
    "top5": ("Right in five", "known cases with a right policy among the first five"),
    "recall_at_5": ("Recall at 5", "right policies found among the first five"),
    "recall_at_10": ("Recall at 10", "right policies found among the first ten"),
    "mrr": ("Mean reciprocal rank", "1 divided by the place of the first right policy"),
    "auroc_known": ("Known told from unknown", "chance to tell a known case from an unknown one"),
    "coverage": ("Coverage", "cases answered without abstaining"),
    "selective_accuracy": ("Accuracy when answered", "answers whose first policy is right"),
    "ece": ("Calibration error", "mean gap between probability and truth"),
}


def write_report(
    folder: Path, results: Evaluation, *, title: str = "How well matching works"
) -> Path:
    """Write the page into a folder, which is made if need be, and give its path.

    Raises:
        CannotWrite: no space or no permission.
    """
    page = render(results, title=title)
    path = folder / PAGE
    draft = path.with_suffix(".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft.write_text(page, encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CannotWrite(f"{path} cannot be written ({reason}): name another folder") from error
    return path


def render(results: Evaluation, *, title: str) -> str:
    """The page as HTML."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    template = environment.from_string(
        files("agent_assist.matching").joinpath("report.html.j2").read_text(encoding="utf-8")
    )
    figures = asdict(results.measures)
    latency = figures.pop("latency_ms")
    step = max(1, len(results.curve) // _TABLE_STEPS)
    return template.render(
        title=title,
        figures=[(*LABELS[name], _shown(name, value)) for name, value in figures.items()],
        latency=latency,
        confusions=results.confusions[:_CONFUSIONS],
        hidden=max(0, len(results.confusions) - _CONFUSIONS),
        curve=results.curve[::step],
        bins=results.bins,
        slowness=results.slowness,
        plots={
            "confusions": _svg(lambda axes: _plot_confusions(axes, results)),
            "curve": _svg(lambda axes: _plot_curve(axes, results)),
            "bins": _svg(lambda axes: _plot_bins(axes, results)),
            "slowness": _svg(lambda axes: _plot_slowness(axes, results)),
        },
    )


def _shown(name: str, value: float | None) -> str:
    if value is None:
        return "–"  # noqa: RUF001 - a dash, as tables have
    return f"{value:,}" if name == "n" else f"{value:.3f}"


def _svg(draw: Callable[[Any], None]) -> Markup:
    """A plot as an SVG element that takes its colours from the page."""
    import matplotlib as mpl  # noqa: PLC0415 - only reports need it
    from matplotlib.figure import Figure  # noqa: PLC0415

    # A fixed salt and no date: the same results give the same page.
    settings = {"svg.hashsalt": "agent-assist", "svg.fonttype": "none", "font.family": "sans-serif"}
    with mpl.rc_context(settings):
        figure = Figure(figsize=_SIZE, layout="constrained")
        axes = figure.subplots()
        axes.spines[["top", "right"]].set_visible(False)
        draw(axes)
        out = StringIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None})
    svg = out.getvalue()
    svg = svg[svg.index("<svg") :].replace(_INK, "currentColor").replace(_FILL, "var(--fill)")
    # The table beside it says the same to those who cannot see the plot.
    return Markup(svg.replace("<svg", '<svg aria-hidden="true" focusable="false"', 1))  # noqa: S704


_INK = "#000000"
_FILL = "#1f5fbf"


def _plot_confusions(axes: Any, results: Evaluation) -> None:
    worst = results.confusions[:_PLOTTED_CONFUSIONS][::-1]
    names = [f"{one.label or 'nothing fits'} → {one.policy}" for one in worst]
    # By position: two labels cut to the same length must not fall into one bar.
    axes.barh(range(len(worst)), [one.count for one in worst], color=_FILL)
    axes.set_yticks(
        range(len(worst)), [name[:60].replace("$", r"\$") for name in names], fontsize=7
    )
    axes.set_xlabel("cases")


def _plot_curve(axes: Any, results: Evaluation) -> None:
    points = results.curve
    axes.plot([p.coverage for p in points], [p.accuracy for p in points], color=_FILL, linewidth=2)
    axes.set(xlabel="share answered", ylabel="share of answers right", xlim=(0, 1.01))


def _plot_bins(axes: Any, results: Evaluation) -> None:
    filled = [one for one in results.bins if one.count]
    axes.plot([0, 1], [0, 1], color=_INK, linewidth=0.8, linestyle="--")
    axes.plot(
        [one.probability for one in filled],
        [one.accuracy for one in filled],
        color=_FILL,
        marker="o",
        linewidth=2,
    )
    axes.set(xlabel="probability stated", ylabel="share right", xlim=(0, 1), ylim=(0, 1.02))


def _plot_slowness(axes: Any, results: Evaluation) -> None:
    bounds = [bound for bound, _ in results.slowness]
    width = bounds[0]
    lefts = [bound - width for bound in bounds]
    axes.bar(lefts, [count for _, count in results.slowness], width, align="edge", color=_FILL)
    axes.set(xlabel="milliseconds", ylabel="cases")
