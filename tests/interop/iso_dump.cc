// Prints the tree of a session of a disc's image, one entry a line, for comparison with what other
// programs read:
//   type size time mode links uid gid path target sha256 extents
// separated by tabs; time in seconds since the Unix epoch, mode in octal or "-" without attributes;
// path and target with \xNN for everything but plain ASCII; extents as "sector+bytes,...". The
// first line, "volume", says what was read. Exits 1 with a line "error" and the code's name if the
// reader refuses.
//   iso_dump IMAGE [--session=LBA] [--tree=primary|joliet|plain] [--sha256=N]
// --tree: by default the one that an import takes. --sha256: of every N-th regular file's bytes,
// all with 1, none with 0 (the default).
#include <openssl/evp.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "hal/base/status_macros.h"
#include "server/fs/file_block_reader.h"
#include "server/fs/iso9660/reader.h"
#include "server/image/file_tree.h"
#include "server/imapi/error.h"

namespace carousel {
namespace {

constexpr int64_t kHashRequest = 1 << 20;

struct Options {
  std::string image;
  int64_t session = 0;
  std::string tree;
  int64_t sha256 = 0;
};

std::optional<Options> ParseOptions(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    absl::string_view argument = argv[i];
    bool good = true;
    if (absl::ConsumePrefix(&argument, "--session=")) {
      good = absl::SimpleAtoi(argument, &options.session);
    } else if (absl::ConsumePrefix(&argument, "--sha256=")) {
      good = absl::SimpleAtoi(argument, &options.sha256);
    } else if (absl::ConsumePrefix(&argument, "--tree=")) {
      options.tree = std::string(argument);
    } else {
      good = options.image.empty();
      options.image = std::string(argument);
    }
    if (!good) return std::nullopt;
  }
  if (options.image.empty()) return std::nullopt;
  return options;
}

// Plain ASCII, so that a line is a line in every language.
std::string Escape(absl::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c > ' ' && c < '\x7F' && c != '\\') {
      escaped.push_back(c);
    } else {
      absl::StrAppendFormat(&escaped, "\\x%02x", static_cast<unsigned char>(c));
    }
  }
  return escaped;
}

char TypeLetter(EntryType type) {
  switch (type) {
    case EntryType::kFile:
      return '-';
    case EntryType::kDirectory:
      return 'd';
    case EntryType::kSymlink:
      return 'l';
    case EntryType::kFifo:
      return 'p';
    case EntryType::kCharacterDevice:
      return 'c';
    case EntryType::kBlockDevice:
      return 'b';
    case EntryType::kSocket:
      return 's';
  }
  return '?';
}

absl::StatusOr<std::string> Sha256(BlockReader& disc, const std::vector<Extent>& extents) {
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                   EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  std::vector<uint8_t> buffer(kHashRequest);
  for (const Extent& extent : extents) {
    for (int64_t done = 0; done < extent.bytes; done += kHashRequest) {
      const int64_t bytes = std::min(kHashRequest, extent.bytes - done);
      const absl::Span<uint8_t> out = absl::MakeSpan(buffer).first(Sectors::Holding(bytes).bytes());
      RETURN_IF_ERROR(disc.Read(extent.start + Sectors(done / kSectorSize), out));
      EVP_DigestUpdate(context.get(), out.data(), bytes);
    }
  }
  uint8_t digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  EVP_DigestFinal_ex(context.get(), digest, &length);
  return absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(digest), length));
}

std::string Shown(const std::vector<Extent>& extents) {
  return absl::StrJoin(extents, ",", [](std::string* out, const Extent& extent) {
    absl::StrAppend(out, extent.start.value(), "+", extent.bytes);
  });
}

class Dumper {
 public:
  Dumper(BlockReader* disc, const FileTree* tree, int64_t sha256)
      : disc_(*disc), tree_(*tree), sha256_(sha256) {}

  absl::Status Dump(FileTree::Id directory, const std::string& path) {
    for (const FileTree::Id id : tree_.Children(directory, 0, tree_.child_count(directory))) {
      const std::string child = absl::StrCat(path, "/", tree_.name(id));
      RETURN_IF_ERROR(PrintEntry(id, child));
      if (tree_.type(id) == EntryType::kDirectory) RETURN_IF_ERROR(Dump(id, child));
    }
    return absl::OkStatus();
  }

  absl::Status PrintEntry(FileTree::Id id, const std::string& path) {
    const EntryData data = tree_.data(id);
    std::string mode = "-\t-\t-\t-";
    if (data.posix.has_value()) {
      mode = absl::StrFormat("%04o\t%u\t%u\t%u", data.posix->mode, data.posix->links,
                             data.posix->uid, data.posix->gid);
    }
    std::string hash = "-";
    if (data.type == EntryType::kFile && sha256_ > 0 && files_++ % sha256_ == 0) {
      ASSIGN_OR_RETURN(hash, Sha256(disc_, data.extents));
    }
    absl::PrintF("%c\t%d\t%d\t%s\t%s\t%s\t%s\t%s\n", TypeLetter(data.type), data.bytes,
                 absl::ToUnixSeconds(data.modify_time), mode, Escape(path),
                 Escape(data.symlink_target), hash, Shown(data.extents));
    return absl::OkStatus();
  }

 private:
  BlockReader& disc_;
  const FileTree& tree_;
  const int64_t sha256_;
  int64_t files_ = 0;
};

absl::Status Run(const Options& options) {
  ASSIGN_OR_RETURN(const auto disc, FileBlockReader::Open(options.image));
  ASSIGN_OR_RETURN(iso9660::Identification found, iso9660::Identify(*disc, Lba(options.session)));
  iso9660::Tree tree = iso9660::Tree::kPrimary;
  if (options.tree == "joliet" ||
      (options.tree.empty() && !found.rock_ridge && found.joliet.has_value()))
    tree = iso9660::Tree::kJoliet;
  if (options.tree == "plain") found.rock_ridge = false;
  ASSIGN_OR_RETURN(const iso9660::ReadResult result,
                   iso9660::ReadTree(*disc, found, tree, iso9660::Limits(), nullptr));
  const bool joliet = tree == iso9660::Tree::kJoliet;
  absl::PrintF("volume\t%s\t%s\t%s\n", Escape((joliet ? found.joliet : found.primary)->volume_name),
               joliet              ? "joliet"
               : result.rock_ridge ? "rock_ridge"
                                   : "plain",
               found.udf ? "udf" : "-");
  for (const std::string& warning : result.warnings) std::cerr << "warning: " << warning << "\n";
  Dumper dumper(disc.get(), &result.tree, options.sha256);
  RETURN_IF_ERROR(dumper.PrintEntry(FileTree::kRoot, "/"));
  return dumper.Dump(FileTree::kRoot, "");
}

int Main(int argc, char** argv) {
  const std::optional<Options> options = ParseOptions(argc, argv);
  if (!options.has_value()) {
    std::cerr << "usage: iso_dump IMAGE [--session=LBA] [--tree=primary|joliet|plain] "
                 "[--sha256=N]\n";
    return 2;
  }
  const absl::Status status = Run(*options);
  if (status.ok()) return 0;
  const std::optional<imapi::ErrorDetail> detail = imapi::GetDetail(status);
  std::cout << "error\t" << (detail.has_value() ? imapi::HresultName(detail->hresult) : "-") << "\t"
            << Escape(status.message()) << "\n";
  return 1;
}

}  // namespace
}  // namespace carousel

int main(int argc, char** argv) { return carousel::Main(argc, argv); }
