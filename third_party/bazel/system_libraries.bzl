"""Gives libraries that the distribution has installed the labels of their own Bazel projects."""

def _linkopts(repository_ctx, modules):
    if not modules:
        return []
    result = repository_ctx.execute(["pkg-config", "--libs"] + modules.split(" "))
    if result.return_code != 0:
        fail("pkg-config does not know %s: run tools/setup\n%s" % (modules, result.stderr))
    return [word for word in result.stdout.strip().split(" ") if word]

def _system_libraries_impl(repository_ctx):
    packages = {}
    for label, modules in repository_ctx.attr.libraries.items():
        package, name = label[len("//"):].split(":")
        opts = _linkopts(repository_ctx, modules)
        opts += [word for word in repository_ctx.attr.linkopts.get(label, "").split(" ") if word]
        packages.setdefault(package, []).append(
            "cc_library(\n    name = %s,\n    linkopts = %s,\n)\n" % (repr(name), repr(opts)),
        )
    for package, rules in packages.items():
        path = package + "/BUILD.bazel" if package else "BUILD.bazel"
        repository_ctx.file(path, "\n".join(["package(default_visibility = [\"//visibility:public\"])\n"] + rules))

system_libraries = repository_rule(
    implementation = _system_libraries_impl,
    attrs = {
        "libraries": attr.string_dict(
            mandatory = True,
            doc = "label in the new repository -> pkg-config modules, separated by blanks; empty for headers only",
        ),
        "linkopts": attr.string_dict(doc = "label -> further linker options, for what pkg-config does not know"),
    },
    configure = True,
    local = True,
    doc = "Headers come from /usr/include; each library is only its linker options, as pkg-config gives them.",
)
