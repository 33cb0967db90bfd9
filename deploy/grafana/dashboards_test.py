"""Rules that the dashboards keep, after those of Grafana's dashboard-linter, and that they and the alerts show every metric there is."""

import json
import os
import pathlib
import re
import unittest

DASHBOARDS = [json.loads(path.read_text()) for path in sorted(pathlib.Path(os.environ["DASHBOARDS"]).parent.glob("*.json"))]
CATALOGUE = re.findall(r"^## (\S+)$.*?^.*?\. A (counter|gauge|histogram)\.", pathlib.Path(os.environ["METRICS"]).read_text(), re.MULTILINE | re.DOTALL)
RULES = pathlib.Path(os.environ["RULES"]).read_text()
DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}


def _panels():
    for dashboard in DASHBOARDS:
        for panel in dashboard["panels"]:
            if panel["type"] != "row":
                yield dashboard, panel


def _expressions():
    for dashboard, panel in _panels():
        for target in panel["targets"]:
            yield f"{dashboard['uid']}: {panel['title']}", target["expr"]


class Dashboards(unittest.TestCase):
    def test_there_are_three_with_identities_of_their_own(self):
        self.assertEqual([dashboard["uid"] for dashboard in DASHBOARDS], ["carousel-fleet", "carousel-robot", "carousel-validation"])

    def test_they_are_not_edited_in_place(self):
        for dashboard in DASHBOARDS:
            self.assertFalse(dashboard["editable"])

    def test_the_data_source_and_the_robot_are_chosen_above(self):
        for dashboard in DASHBOARDS:
            self.assertEqual([variable["name"] for variable in dashboard["templating"]["list"]], ["datasource", "instance"])

    def test_every_panel_says_what_it_shows_in_which_unit_and_from_where(self):
        for dashboard, panel in _panels():
            where = f"{dashboard['uid']}: {panel['title']}"
            self.assertTrue(panel["title"] and panel["description"] and panel["fieldConfig"]["defaults"]["unit"], where)
            self.assertEqual(panel["datasource"], DATASOURCE, where)
            for target in panel["targets"]:
                self.assertEqual(target["datasource"], DATASOURCE, where)

    def test_panels_have_numbers_of_their_own_and_do_not_overlap(self):
        for dashboard in DASHBOARDS:
            ids = [panel["id"] for panel in dashboard["panels"]]
            self.assertEqual(len(ids), len(set(ids)))
            taken = set()
            for panel in dashboard["panels"]:
                place = panel["gridPos"]
                self.assertLessEqual(place["x"] + place["w"], 24)
                cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
                self.assertFalse(cells & taken, panel["title"])
                taken |= cells

    def test_every_expression_asks_for_the_chosen_robots(self):
        for where, expression in _expressions():
            selectors = re.findall(r"\{[^}]*\}", expression)
            self.assertTrue(selectors, where)
            for selector in selectors:
                self.assertIn('instance=~"$instance"', selector, where)

    def test_counters_are_seen_through_rate_or_increase(self):
        for name in [name for name, kind in CATALOGUE if kind == "counter"]:
            for where, expression in _expressions():
                for found in re.finditer(rf"\b{name}\{{[^}}]*\}}(\[?)", expression):
                    # A difference of two counters is a gauge.
                    self.assertTrue(found.group(1) == "[" or " - sum by" in expression, f"{where}: {name}")

    def test_rates_have_the_interval_of_the_panel(self):
        for where, expression in _expressions():
            for window in re.findall(r"\brate\([^[]*\[([^]]*)\]", expression):
                self.assertEqual(window, "$__rate_interval", where)

    def test_the_dashboards_and_the_alerts_have_every_metric_and_no_other(self):
        known = {name for name, _ in CATALOGUE}
        self.assertGreater(len(known), 30)
        asked = {re.sub("_bucket$", "", name)
                 for expression in [expression for _, expression in _expressions()] + [RULES]
                 for name in re.findall(r"([a-z][a-z0-9_]{3,})[{\[]", expression)}
        self.assertEqual(known - asked, set(), "on no dashboard and in no alert")
        self.assertEqual(asked - known, set(), "in no catalogue")


if __name__ == "__main__":
    unittest.main()
