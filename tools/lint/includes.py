#!/usr/bin/python3
"""Checks every #include of the tree against third_party/includes.textproto.

    includes.py [ROOT [RULES]]

Foreign headers come from /usr/include, where Bazel does not see them; this is what keeps each foreign library in the packages that wrap
it. The rules file says, for the longest prefix that fits an include, which packages may have it, whether only tests may, and which
dependency the including target then has to name. A header of the tree needs a direct dependency on a target that lists it. Prints `file:line: what is wrong`; exit code 1 if anything is, 2 if the rules cannot be
read.
"""

import os
import re
import sys

import build_files

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:<([^>]+)>|"([^"]+)")')
COMMENT = re.compile(r'^\s*(#.*)?$')
OPENING = re.compile(r'^\s*rule\s*\{\s*$')
FIELD = re.compile(r'^\s*(prefix|header|package|except_package|dep|test_only|reason)\s*:\s*(?:"([^"]*)"|(true|false))\s*$')
# Rules whose dependencies are written out in the BUILD file; a macro may add some.
PLAIN_RULES = ("cc_library", "cc_test", "cc_binary")


class RulesError(Exception):
    """The rules file is not what it should be."""


def read_rules(text):
    """A list of {field: [values]} from the textproto's text."""
    rules, current = [], None
    for number, line in enumerate(text.splitlines(), 1):
        if COMMENT.match(line):
            continue
        field = FIELD.match(line)
        if OPENING.match(line) and current is None:
            current = {}
        elif line.strip() == "}" and current is not None:
            if not (current.get("prefix") or current.get("header")):
                raise RulesError("line %d: a rule without prefix and header" % number)
            rules.append(current)
            current = None
        elif field and current is not None:
            current.setdefault(field.group(1), []).append(field.group(2) if field.group(2) is not None else field.group(3))
        else:
            raise RulesError("line %d: cannot read %r" % (number, line.strip()))
    if current is not None:
        raise RulesError("the last rule has no end")
    return rules


def find_rule(rules, include):
    """The rule with the longest prefix of include, a whole header before any prefix; None if no rule fits."""
    best, length = None, -1
    for rule in rules:
        if include in rule.get("header", []):
            return rule
        for prefix in rule.get("prefix", []):
            if include.startswith(prefix) and len(prefix) > length:
                best, length = rule, len(prefix)
    return best


def in_packages(package, patterns):
    """True if a package fits one of the patterns `//a/b` and `//a/...`."""
    label = "//" + package
    for pattern in patterns:
        if pattern.endswith("..."):
            if (label + "/").startswith(pattern[:-3]):
                return True
        elif label == pattern:
            return True
    return False


def needed_deps(rule, include):
    """Labels of which the including target must name one. `{folder}` stands for the include's folder."""
    return [dep.replace("{folder}", os.path.dirname(include)) for dep in rule.get("dep", [])]


def names_one_of(target, deps):
    """True if the target names one of the labels; a label without a name stands for all of its package."""
    return any(have == dep or have.split(":")[0] == dep for have in target.deps for dep in deps)


def check_include(include, path, package, targets, rules):
    """What is wrong with one include of one file; None if nothing is."""
    rule = find_rule(rules, include)
    if rule is None:
        return "%s fits no rule of third_party/includes.textproto" % include
    allowed = in_packages(package, rule.get("package", [])) and not in_packages(package, rule.get("except_package", []))
    if not allowed:
        reason = "".join(": " + text for text in rule.get("reason", []))
        return "//%s may not include %s%s" % (package, include, reason)
    owners = [target for target in targets if path in target.files]
    if rule.get("test_only") == ["true"] and not all(target.is_test_only() for target in owners):
        return "only a test or a testonly target may include %s" % include
    deps = needed_deps(rule, include)
    for target in owners:
        if deps and target.rule in PLAIN_RULES and not names_one_of(target, deps):
            return "%s includes %s and needs one of the deps %s" % (target.label, include, " ".join(deps))
    return None


def header_owners(packages):
    """header -> labels of the targets that list it."""
    owners = {}
    for _, targets in packages.values():
        for target in targets:
            for path in target.files:
                owners.setdefault(path, set()).add(target.label)
    return owners


def check_own_header(include, path, targets, owners):
    """What is wrong with the include of a header of the tree: the target must list it or name a target that does. None if nothing is."""
    labels = owners.get(include)
    if not labels:
        return None
    for target in targets:
        if path in target.files and target.rule in PLAIN_RULES and target.label not in labels and not labels.intersection(target.deps):
            return "%s includes %s and needs the dep %s" % (target.label, include, " or ".join(sorted(labels)))
    return None


def check_tree(root, rules):
    """Every violation of a tree, as lines of text."""
    packages = build_files.read_tree(root)
    owners = header_owners(packages)
    found = []
    for path in build_files.tracked_files(root, "*.h", "*.cc", "*.inc"):
        package = build_files.package_of(path, packages)
        if package is None:
            found.append("%s:1: no BUILD.bazel above it" % path)
            continue
        with open(os.path.join(root, path), encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                match = INCLUDE.match(line)
                if not match:
                    continue
                include = match.group(1) or match.group(2)
                targets = packages[package][1]
                wrong = check_include(include, path, package, targets, rules) or check_own_header(include, path, targets, owners)
                if wrong:
                    found.append("%s:%d: %s" % (path, number, wrong))
    return found


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    rules_path = sys.argv[2] if len(sys.argv) > 2 else os.path.join(root, "third_party", "includes.textproto")
    try:
        with open(rules_path, encoding="utf-8") as stream:
            rules = read_rules(stream.read())
    except (OSError, RulesError) as error:
        print("%s: %s" % (rules_path, error), file=sys.stderr)
        return 2
    found = check_tree(root, rules)
    print("\n".join(found) if found else "every include follows the rules")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
