#!/usr/bin/python3
"""Counts the test cases of one `bazel test` run by its build event file.

    count_tests.py EVENTS.json

Prints `PASSED FAILED SKIPPED`, and on stderr one line for each case that failed. A test target's cases are those in its test.xml
(GoogleTest writes one entry a case, other targets count as one case). A target that did not build, crashed, timed out or wrote no
readable test.xml counts as one failed case beside those it reported; a build that failed before any test counts as one failed case.
Exit code 0 whatever the counts are, 1 if the events cannot be read.
"""

import json
import sys
import urllib.parse
import xml.etree.ElementTree as ElementTree


def count_cases(xml_path):
    """(passed, failed names, skipped) of one test.xml; OSError or ParseError if it cannot be read."""
    passed, failed, skipped = 0, [], 0
    for case in ElementTree.parse(xml_path).getroot().iter("testcase"):
        name = ".".join(part for part in (case.get("classname"), case.get("name")) if part)
        if case.find("failure") is not None or case.find("error") is not None:
            failed.append(name)
        elif case.find("skipped") is not None or case.get("status") == "notrun" or case.get("result") == "skipped":
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped


def read_events(path):
    """What the run says: label -> last status, label -> test.xml paths of its last attempts, labels that did not build, success."""
    statuses, xmls, unbuilt, success = {}, {}, [], False
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            identity = event["id"]
            if "testResult" in identity:
                key = identity["testResult"]
                uris = [output.get("uri", "") for output in event.get("testResult", {}).get("testActionOutput", [])
                        if output.get("name") == "test.xml"]
                # A later attempt of a flaky test replaces the earlier one.
                xmls.setdefault(key["label"], {})[(key.get("run"), key.get("shard"))] = uris
            elif "testSummary" in identity:
                statuses[identity["testSummary"]["label"]] = event.get("testSummary", {}).get("overallStatus", "NO_STATUS")
            elif "targetCompleted" in identity and not event.get("completed", {}).get("success", False):
                unbuilt.append(identity["targetCompleted"]["label"])
            elif "buildFinished" in identity:
                success = event.get("finished", {}).get("overallSuccess", False)
    return statuses, xmls, unbuilt, success


def count(path):
    """(passed, names of what failed, skipped) of a run."""
    statuses, xmls, unbuilt, success = read_events(path)
    passed, failed, skipped = 0, [], 0
    for label in sorted(statuses):
        names = []
        for uris in xmls.get(label, {}).values():
            for uri in uris:
                try:
                    good, bad, not_run = count_cases(urllib.parse.unquote(urllib.parse.urlparse(uri).path))
                except (OSError, ElementTree.ParseError):
                    continue
                passed += good
                skipped += not_run
                names += ["%s %s" % (label, name) for name in bad]
        if statuses[label] not in ("PASSED", "FLAKY") and not names:
            names = ["%s (%s)" % (label, statuses[label])]
        failed += names
    failed += ["%s (does not build)" % label for label in sorted(unbuilt) if label not in statuses]
    if not success and not failed:
        failed.append("the build (see above)")
    return passed, failed, skipped


def main():
    try:
        passed, failed, skipped = count(sys.argv[1])
    except (OSError, ValueError, KeyError) as error:
        print("count_tests: %s" % error, file=sys.stderr)
        return 1
    for name in failed:
        print("FAILED: " + name, file=sys.stderr)
    print(passed, len(failed), skipped)
    return 0


if __name__ == "__main__":
    sys.exit(main())
