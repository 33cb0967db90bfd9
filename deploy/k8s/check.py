#!/usr/bin/python3
"""Checks what the overlays make: every field against Kubernetes' own types and schemas (npm kubernetes-models), offline.

    deploy/k8s/check.py

Each overlay has to pass, and then planted errors of each kind have to be found. Exit code 1 with what is wrong.
"""

import copy
import json
import os
import subprocess
import sys
import tempfile

import yaml

_HERE = os.path.dirname(os.path.abspath(__file__))
_ROOT = os.path.dirname(os.path.dirname(_HERE))
_PACKAGES = {"cert-manager.io": "@kubernetes-models/cert-manager", "monitoring.coreos.com": "@kubernetes-models/prometheus-operator"}


def render(overlay):
    """The objects that `kubectl kustomize` makes of an overlay."""
    done = subprocess.run(["kubectl", "kustomize", os.path.join(_HERE, "overlays", overlay)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, timeout=60, check=False)
    if done.returncode != 0:
        sys.exit("kubectl kustomize %s: %s" % (overlay, done.stderr))
    return [item for item in yaml.safe_load_all(done.stdout) if item]


def overlays():
    return sorted(os.listdir(os.path.join(_HERE, "overlays")))


def _module(item):
    group, _, version = item["apiVersion"].rpartition("/")
    package = _PACKAGES.get(group, "kubernetes-models")
    return "/".join(filter(None, (package, group, version, item["kind"])))


def problems(items):
    """What the types (unknown fields, wrong types) and the schemas (formats, enumerations) find; empty if nothing."""
    types, schemas = [], []
    for number, item in enumerate(items):
        kind, text = item["kind"], json.dumps(item)
        types.append('import type { I%s as T%d } from "%s";\nexport const o%d: T%d = %s;\n' % (kind, number, _module(item), number, number, text))
        schemas.append('import { %s as C%d } from "%s";\ntry { new C%d(%s).validate(); } catch (error) { console.log("%s %s: " + error.message); }\n'
                       % (kind, number, _module(item), number, text, kind, item["metadata"]["name"]))
    # Inside the project, for node_modules.
    with tempfile.TemporaryDirectory(dir=os.path.join(_ROOT, "node_modules")) as folder:
        with open(os.path.join(folder, "types.mts"), "w", encoding="utf-8") as file:
            file.write("".join(types))
        with open(os.path.join(folder, "schemas.mjs"), "w", encoding="utf-8") as file:
            file.write("".join(schemas))
        found = []
        for command in (["node", os.path.join(_ROOT, "node_modules/typescript/bin/tsc"), "--noEmit", "--strict", "--skipLibCheck", "--module", "node16",
                         "--moduleResolution", "node16", "types.mts"], ["node", "schemas.mjs"]):
            done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300, check=False)
            if done.stdout.strip() or done.returncode != 0:
                found.append(done.stdout)
        return "".join(found)


def _find(items, kind):
    return next(item for item in items if item["kind"] == kind)


def _plant():
    """Errors that have to be found, each with what plants it."""
    def field(items):
        _find(items, "PodDisruptionBudget")["spec"]["maxUnavailabel"] = 0

    def deep_field(items):
        _find(items, "StatefulSet")["spec"]["template"]["spec"]["containers"][0]["securityContext"]["readOnlyRootFileSystem"] = True

    def of_another_type(items):
        _find(items, "StatefulSet")["spec"]["replicas"] = "one"

    def missing(items):
        del _find(items, "StatefulSet")["spec"]["selector"]

    def of_an_operator(items):
        _find(items, "ServiceMonitor")["spec"]["endpoints"][0]["intervall"] = "15s"

    def of_cert_manager(items):
        _find(items, "Certificate")["spec"]["secret"] = "x"
    return (field, deep_field, of_another_type, missing, of_an_operator, of_cert_manager)


def main():
    failed = False
    for overlay in overlays():
        found = problems(render(overlay))
        if found:
            failed = True
            print("%s:\n%s" % (overlay, found))
    if not failed:
        good = render(overlays()[0])
        for plant in _plant():
            bad = copy.deepcopy(good)
            plant(bad)
            if not problems(bad):
                sys.exit("a planted error is not found: " + plant.__name__)
    sys.exit(failed)


if __name__ == "__main__":
    main()
