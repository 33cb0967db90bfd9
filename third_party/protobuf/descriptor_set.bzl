"""descriptor_set: one FileDescriptorSet with everything that some proto_library targets import."""

def _descriptor_set_impl(ctx):
    sets = depset(transitive = [dep[ProtoInfo].transitive_descriptor_sets for dep in ctx.attr.deps])

    # Concatenated messages merge: repeated fields append.
    ctx.actions.run_shell(
        inputs = sets,
        outputs = [ctx.outputs.out],
        arguments = [ctx.outputs.out.path] + [file.path for file in sets.to_list()],
        command = "out=$1; shift; cat \"$@\" > \"$out\"",
        mnemonic = "DescriptorSet",
    )
    return [DefaultInfo(
        files = depset([ctx.outputs.out]),
        runfiles = ctx.runfiles(files = [ctx.outputs.out]),
    )]

descriptor_set = rule(
    implementation = _descriptor_set_impl,
    attrs = {
        "deps": attr.label_list(providers = [ProtoInfo], mandatory = True),
        "out": attr.output(mandatory = True),
    },
)
