"""Fuzz targets: one LLVMFuzzerTestOneInput, built for libFuzzer and as an ordinary test over its corpus."""

def _corpus_impl(ctx):
    folder = ctx.actions.declare_directory(ctx.label.name)
    arguments = ctx.actions.args()
    arguments.add(folder.path)
    arguments.add_all(ctx.files.srcs)
    ctx.actions.run(
        outputs = [folder],
        inputs = ctx.files.srcs,
        executable = ctx.executable._tool,
        arguments = [arguments],
        mnemonic = "FuzzCorpus",
        progress_message = "Making the corpus %s" % ctx.label,
    )
    return [DefaultInfo(files = depset([folder]), runfiles = ctx.runfiles([folder]))]

_corpus = rule(
    implementation = _corpus_impl,
    attrs = {
        "srcs": attr.label_list(allow_files = True, mandatory = True),
        "_tool": attr.label(
            default = "//tests/fuzz:make_corpus",
            executable = True,
            cfg = "exec",
        ),
    },
)

def cc_fuzz_target(name, srcs, corpus, deps = []):
    """A fuzz target and the test of its corpus.

    NAME           binary for libFuzzer (tags fuzz, manual): bazel build --config=fuzz
    NAME_corpus    folder with the seeds, under bazel-bin
    NAME_test      feeds the seeds, their prefixes and one-byte changes to the same function; any compiler

    Args:
      name: ends in _fuzz by custom.
      srcs: define LLVMFuzzerTestOneInput, which aborts when an invariant does not hold (tests/fuzz/check.h).
      corpus: files with seeds: *.hex (see make_corpus.cc) holds many, any other file is one.
      deps: what srcs include.
    """
    _corpus(
        name = name + "_corpus",
        testonly = True,
        srcs = corpus,
    )
    native.cc_library(
        name = name + "_input",
        testonly = True,
        srcs = srcs,
        deps = deps,
        alwayslink = True,
    )
    native.cc_binary(
        name = name,
        testonly = True,
        data = [":" + name + "_corpus"],
        linkopts = ["-fsanitize=fuzzer"],
        tags = [
            "fuzz",
            "manual",
        ],
        deps = [":" + name + "_input"],
    )
    native.cc_test(
        name = name + "_test",
        size = "small",
        args = ["$(rootpath :%s_corpus)" % name],
        data = [":" + name + "_corpus"],
        deps = [
            ":" + name + "_input",
            "//tests/fuzz:corpus_main",
        ],
    )
