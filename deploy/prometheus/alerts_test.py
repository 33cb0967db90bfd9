"""Each alert fires and stays silent in a test, has a page in docs/runbooks, and asks for metrics that there are."""

import os
import pathlib
import re
import subprocess
import unittest

import yaml

RULES = pathlib.Path(os.environ["RULES"])
RUNBOOKS = pathlib.Path(os.environ["RUNBOOKS"]).parent
METRICS = pathlib.Path(os.environ["METRICS"]).read_text()
PREFIX = "https://carousel.dev/docs/runbooks/"
# What Prometheus makes itself.
OWN = {"up"}


def _rules():
    return [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]


def _alerts():
    return [rule for rule in _rules() if "alert" in rule]


def _cases():
    tests = yaml.safe_load(RULES.with_name("carousel.rules.test.yaml").read_text())["tests"]
    for test in tests:
        for case in test["promql_expr_test"]:
            yield re.search('alertname="([^"]+)"', case["expr"]).group(1), bool(case["exp_samples"])


def _promtool(*arguments):
    return subprocess.run(["promtool", *arguments], capture_output=True, text=True, timeout=60)


class Alerts(unittest.TestCase):
    def test_promtool_accepts_the_rules(self):
        result = _promtool("check", "rules", str(RULES))
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_every_case_holds(self):
        result = _promtool("test", "rules", str(RULES.with_name("carousel.rules.test.yaml")))
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_every_alert_fires_in_a_case_and_is_silent_in_another(self):
        cases = set(_cases())
        for alert in _alerts():
            for fires in (True, False):
                self.assertIn((alert["alert"], fires), cases)

    def test_every_alert_has_a_runbook_and_every_runbook_an_alert(self):
        pages = {page.stem for page in RUNBOOKS.glob("*.md")} - {"README"}
        self.assertEqual({alert["alert"] for alert in _alerts()}, pages)
        for alert in _alerts():
            self.assertEqual(alert["annotations"]["runbook_url"], PREFIX + alert["alert"])

    def test_every_alert_says_how_grave_it_is_and_what_it_means(self):
        for alert in _alerts():
            self.assertIn(alert["labels"]["severity"], ("critical", "warning", "info"), alert["alert"])
            self.assertTrue(alert["annotations"]["summary"] and alert["annotations"]["description"], alert["alert"])

    def test_every_metric_of_a_rule_is_in_the_catalogue(self):
        known = set(re.findall(r"^## (\S+)$", METRICS, re.MULTILINE))
        recorded = {rule["record"] for rule in _rules() if "record" in rule}
        for rule in _rules():
            bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\b(by|on)\s*\([^)]*\)", " ", rule["expr"])
            for name in re.findall(r"[a-z_:][a-z0-9_:]{5,}", bare):
                if re.search(rf"\b{name}\s*\(", bare) or name in ("unless", "offset") or name in OWN:
                    continue
                family = re.sub("_(bucket|sum|count)$", "", name)
                self.assertTrue(name in recorded or name in known or family in known, name)


if __name__ == "__main__":
    unittest.main()
