"""Reads BUILD files as far as the lint needs: which targets there are, which files and which other targets they name.

BUILD files are syntactically Python. Nothing is executed: of each attribute the string constants in it count, so `select`, `+` and list
comprehensions over literals are read well enough, and what a macro adds is not seen.
"""

import ast
import dataclasses
import os
import subprocess


@dataclasses.dataclass
class Target:
    """One call in a BUILD file. Paths and labels are absolute: `hal/base/clock.h`, `//hal/base:clock`, `@repository//package:name`."""
    rule: str
    label: str
    line: int
    files: list
    deps: list
    attributes: dict

    def is_test_only(self):
        """True if only tests can depend on it."""
        testonly = self.attributes.get("testonly")
        return self.rule.endswith("_test") or (isinstance(testonly, ast.Constant) and bool(testonly.value))


def strings_in(node):
    """Every string constant below a node."""
    return [item.value for item in ast.walk(node) if isinstance(item, ast.Constant) and isinstance(item.value, str)]


def absolute_label(label, package):
    """`:x` and `x` in package a/b are `//a/b:x`; `//a/b` and `@r//a/b` are given their name."""
    if label.startswith(":"):
        return "//%s%s" % (package, label)
    if not label.startswith(("//", "@")):
        return "//%s:%s" % (package, label)
    if ":" not in label:
        return "%s:%s" % (label, label.rsplit("/", 1)[-1])
    return label


def read_targets(text, package):
    """The targets of one BUILD file. SyntaxError if it is none."""
    targets = []
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        attributes = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
        names = strings_in(attributes["name"]) if "name" in attributes else []
        if not names:
            continue
        files = []
        for attribute in ("srcs", "hdrs", "textual_hdrs", "data", "src"):
            if attribute in attributes:
                files += [os.path.normpath(os.path.join(package, value)) for value in strings_in(attributes[attribute])
                          if not value.startswith((":", "//", "@"))]
        deps = [absolute_label(value, package) for value in strings_in(attributes["deps"])] if "deps" in attributes else []
        targets.append(Target(node.func.id, "//%s:%s" % (package, names[0]), node.lineno, files, deps, attributes))
    return targets


def tracked_files(root, *patterns):
    """Files under root that git tracks or would track; without a repository, every file that matches the patterns' endings."""
    try:
        output = subprocess.run(["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns],
                                check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode()
        names = [name for name in output.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        endings = tuple(pattern.lstrip("*") for pattern in patterns)
        names = [os.path.relpath(os.path.join(folder, name), root) for folder, _, files in os.walk(root) for name in files
                 if name.endswith(endings)]
    return sorted(name for name in names if os.path.isfile(os.path.join(root, name)))


def package_of(path, packages):
    """The nearest folder above path that has a BUILD file; None if there is none."""
    folder = os.path.dirname(path)
    while True:
        if folder in packages:
            return folder
        if not folder:
            return None
        folder = os.path.dirname(folder)


def read_tree(root):
    """package -> (its BUILD file, its targets) for every BUILD.bazel of the tree."""
    packages = {}
    for build_file in tracked_files(root, "*BUILD.bazel"):
        package = os.path.dirname(build_file)
        with open(os.path.join(root, build_file), encoding="utf-8") as stream:
            packages[package] = (build_file, read_targets(stream.read(), package))
    return packages
