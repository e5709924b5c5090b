"""Learning curves: metrics.csv as one picture, the model's results beside the rules'."""

from __future__ import annotations

import csv
from pathlib import Path

SHOWN = ("text", "box", "group")


def draw_curves(metrics: Path, out: Path) -> None:
    """Draw loss on the left and shares right on unseen sites on the right.

    Raises ImportError without matplotlib.
    """
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    with metrics.open(newline="") as file:
        rows = [
            {key: float(value) for key, value in row.items() if value}
            for row in csv.DictReader(file)
        ]
    minutes = [row["seconds"] / 60 for row in rows]
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
    for name, label in (("loss", "training"), ("val_loss", "unseen sites")):
        left.plot(minutes, [row.get(name) for row in rows], label=label)
    left.set(xlabel="minutes", ylabel="nats a label", yscale="log")
    for name, color in zip(SHOWN, ("tab:blue", "tab:orange", "tab:green"), strict=True):
        right.plot(minutes, [row.get(name) for row in rows], color=color, label=f"{name}: model")
        right.plot(
            minutes,
            [row.get(f"{name}_rules") for row in rows],
            color=color,
            ls=":",
            label=f"{name}: rules",
        )
    right.set(xlabel="minutes", ylabel="share right, unseen sites", ylim=(0.3, 1))
    for axes in (left, right):
        axes.grid(alpha=0.3)
        axes.legend(fontsize=8)
    figure.savefig(out, dpi=110)
    plt.close(figure)
