"""cc_grpc_library: the gRPC service code of a proto_library, by the distribution's protoc and grpc_cpp_plugin."""

def _import_path(file, root):
    # The path by which other .proto files import this one.
    if root != "." and file.path.startswith(root + "/"):
        return file.path[len(root) + 1:]
    if file.short_path.startswith("../"):
        return file.short_path[len("../"):].split("/", 1)[1]
    return file.short_path

def _grpc_sources_impl(ctx):
    info = ctx.attr.src[ProtoInfo]
    folder = "_grpc/" + ctx.label.name
    headers, sources, names = [], [], []
    for file in info.direct_sources:
        name = _import_path(file, info.proto_source_root)
        names.append(name)
        stem = folder + "/" + name[:-len(".proto")]
        headers.append(ctx.actions.declare_file(stem + ".grpc.pb.h"))
        sources.append(ctx.actions.declare_file(stem + ".grpc.pb.cc"))
    first = names[0][:-len(".proto")] + ".grpc.pb.h"
    args = ctx.actions.args()
    args.add("--plugin=protoc-gen-grpc=/usr/bin/grpc_cpp_plugin")
    args.add("--grpc_out=" + headers[0].path[:-len(first) - 1])
    args.add("--descriptor_set_in=" + ":".join([d.path for d in info.transitive_descriptor_sets.to_list()]))
    args.add_all(names)
    ctx.actions.run(
        executable = "/usr/bin/protoc",
        arguments = [args],
        inputs = info.transitive_descriptor_sets,
        outputs = headers + sources,
        mnemonic = "GrpcCpp",
    )
    return [
        DefaultInfo(files = depset(headers + sources)),
        OutputGroupInfo(headers = depset(headers), sources = depset(sources)),
    ]

_grpc_sources = rule(
    implementation = _grpc_sources_impl,
    attrs = {"src": attr.label(providers = [ProtoInfo], mandatory = True)},
)

def cc_grpc_library(name, src, deps, **kwargs):
    """Stub and service classes.

    Args:
      name: of the cc_library.
      src: the proto_library; its direct sources are generated for.
      deps: the cc_proto_library of src and the cc_grpc_library of what it imports.
      **kwargs: passed on to cc_library.
    """
    generated = name + "_sources"
    _grpc_sources(name = generated, src = src)
    native.filegroup(name = name + "_h", srcs = [generated], output_group = "headers")
    native.filegroup(name = name + "_cc", srcs = [generated], output_group = "sources")
    native.cc_library(
        name = name,
        srcs = [name + "_cc"],
        hdrs = [name + "_h"],
        includes = ["_grpc/" + generated],
        deps = deps + ["@com_github_grpc_grpc//:grpc++"],
        **kwargs
    )
