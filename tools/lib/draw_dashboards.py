"""Draws the dashboards' panels from series that were seen: draw_dashboards.py SERIES.json FOLDER. Not Grafana's own rendering: its grid, titles
and legends, so that people see what they get.
"""

import json
import os
import pathlib
import re
import sys

os.environ["MPLBACKEND"] = "agg"
import matplotlib.pyplot as plt  # noqa: E402  pylint: disable=wrong-import-position

_COLUMNS = 24
_INCH = 0.55  # of a grid cell
_BACK, _CARD, _TEXT = "#111217", "#181b1f", "#d8d9da"


def _shown(value, unit):
    """A number as Grafana shows it, about."""
    if unit in ("bytes", "decbytes", "Bps", "binBps"):
        for suffix in ("B", "kB", "MB", "GB"):
            if abs(value) < 1000 or suffix == "GB":
                return "%.3g %s%s" % (value, suffix, "/s" if unit.endswith("ps") else "")
            value /= 1000
    if unit == "percentunit":
        return "%.3g %%" % (value * 100)
    return "%.3g%s" % (value, {"s": " s", "ms": " ms", "reqps": "/s", "ops": "/s"}.get(unit, ""))


def _legend(target, labels):
    text = target.get("legendFormat") or ""
    return re.sub(r"{{\s*(\w+)\s*}}", lambda match: labels.get(match.group(1), ""), text) or ", ".join(labels.values())


def _draw(axes, panel, series):
    unit = panel.get("fieldConfig", {}).get("defaults", {}).get("unit", "")
    axes.set_title(panel["title"], color=_TEXT, fontsize=8, loc="left")
    lines = []
    for target in panel.get("targets", []):
        for item in series.get(target["refId"], []):
            points = [(moment, float(value)) for moment, value in item["values"]]
            lines.append((_legend(target, item["metric"]), [point for point in points if point[1] == point[1]]))
    lines = [line for line in lines if line[1]]
    if panel["type"] == "timeseries":
        start = min((points[0][0] for _, points in lines), default=0)
        for name, points in lines:
            axes.plot([moment - start for moment, _ in points], [value for _, value in points], linewidth=1, label=name[:28])
        axes.tick_params(colors=_TEXT, labelsize=5)
        axes.yaxis.set_major_formatter(lambda value, _: _shown(value, unit))
        axes.grid(color="#2c3235", linewidth=0.5)
        if len(lines) > 1:
            axes.legend(fontsize=5, labelcolor=_TEXT, facecolor=_CARD, edgecolor=_CARD, loc="upper left")
        return
    axes.set_xticks([])
    axes.set_yticks([])
    if panel["type"] == "table":
        rows = [", ".join(value for name, value in sorted(item["metric"].items()) if name not in ("__name__", "job"))
                for items in series.values() for item in items]
        axes.text(0.02, 0.95, "\n".join(row[:90] for row in rows), color=_TEXT, fontsize=6, ha="left", va="top", transform=axes.transAxes)
        return
    text = "\n".join("%s  %s" % (name[:40], _shown(points[-1][1], unit)) if len(lines) > 1 else _shown(points[-1][1], unit)
                     for name, points in lines[:8])
    axes.text(0.5, 0.5, text, color="#73bf69", fontsize=7 if len(lines) > 1 else 13, ha="center", va="center", transform=axes.transAxes)


def main():
    seen = json.loads(pathlib.Path(sys.argv[1]).read_text())
    folder = pathlib.Path(sys.argv[2])
    folder.mkdir(exist_ok=True)
    for path in sorted(pathlib.Path("deploy/grafana/dashboards").glob("*.json")):
        board = json.loads(path.read_text())
        rows = max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in board["panels"])
        figure = plt.figure(figsize=(_COLUMNS * _INCH, rows * _INCH), facecolor=_BACK)
        for panel in board["panels"]:
            place = panel["gridPos"]
            left, bottom = place["x"] / _COLUMNS, 1 - (place["y"] + place["h"]) / rows
            if panel["type"] == "row":
                figure.text(left + 0.005, bottom + 0.3 / rows, panel["title"], color=_TEXT, fontsize=10, weight="bold")
                continue
            axes = figure.add_axes((left + 0.035, bottom + 0.45 / rows, place["w"] / _COLUMNS - 0.045, (place["h"] - 1.25) / rows), facecolor=_CARD)
            for spine in axes.spines.values():
                spine.set_color("#2c3235")
            _draw(axes, panel, {target["refId"]: seen.get("%s %s %s" % (path.stem, panel["id"], target["refId"]), [])
                                for target in panel.get("targets", [])})
        figure.savefig(folder / (path.stem + ".png"), dpi=70, facecolor=_BACK, metadata={"Software": None})
        plt.close(figure)


if __name__ == "__main__":
    main()
