#!/usr/bin/python3
"""Checks what buildifier does not: that the BUILD files name the tree.

    check_build_files.py [ROOT]

Every C++, proto and shell or Python test file is named by a target of its own package; no target globs; every package states its default
visibility; a target's direct dependencies are not named twice. Prints `file:line: what is wrong`; exit code 1 if anything is.
"""

import ast
import collections
import os
import sys

import build_files

# Files of these endings belong to a target.
NAMED = ("*.h", "*.cc", "*.inc", "*.proto", "*_test.py", "*_test.sh")
# Packages whose files come from elsewhere, or that only tie repositories together.
WITHOUT_VISIBILITY = ("", "third_party")


def check_package(package, build_file, targets, text):
    """What is wrong inside one BUILD file."""
    found = []
    tree = ast.parse(text)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    for call in calls:
        if call.func.id == "glob":
            found.append("%s:%d: name the files instead of glob" % (build_file, call.lineno))
    has_visibility = any(call.func.id == "package" for call in calls)
    if targets and not has_visibility and package.split("/")[0] not in WITHOUT_VISIBILITY:
        found.append("%s:1: package(default_visibility = ...) is missing" % build_file)
    for target in targets:
        for dep, times in collections.Counter(target.deps).items():
            if times > 1 and target.rule.startswith("cc_"):
                found.append("%s:%d: %s names %s twice" % (build_file, target.line, target.label, dep))
    return found


def check_tree(root):
    """Every violation of a tree, as lines of text."""
    packages = build_files.read_tree(root)
    found, named = [], set()
    for package, (build_file, targets) in sorted(packages.items()):
        with open(os.path.join(root, build_file), encoding="utf-8") as stream:
            text = stream.read()
        found += check_package(package, build_file, targets, text)
        # Macros may name files in attributes of their own, and exports_files has no name.
        named.update(os.path.normpath(os.path.join(package, value.lstrip(":"))) for value in build_files.strings_in(ast.parse(text)))
    for path in build_files.tracked_files(root, *NAMED):
        if path not in named:
            found.append("%s:1: no target names this file" % path)
    return found


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    found = check_tree(root)
    print("\n".join(found) if found else "the BUILD files name the tree")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
