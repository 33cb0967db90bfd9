#include "tests/interop/tree_manifest.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

#include "absl/types/span.h"
#include "hal/base/status_macros.h"
#include "hal/base/types.h"
#include "server/digest/sha256.h"
#include "server/mastering/manifest.h"
#include "server/mastering/tree_walk.h"

namespace carousel {
namespace {

constexpr int64_t kPiece = 1 << 20;

absl::StatusOr<Sha256Digest> HashOfNew(DiskTree& contents, mastering::ContentHandle handle,
                                       int64_t bytes) {
  Sha256Hasher hash;
  std::vector<uint8_t> buffer(std::min(bytes, kPiece));
  for (int64_t done = 0; done < bytes; done += kPiece) {
    const auto out = absl::MakeSpan(buffer).first(std::min(bytes - done, kPiece));
    RETURN_IF_ERROR(contents.Read(handle, done, out));
    hash.Update(out);
  }
  return hash.Finish();
}

absl::StatusOr<Sha256Digest> HashOfOld(BlockReader& disc, const std::vector<Extent>& extents) {
  Sha256Hasher hash;
  std::vector<uint8_t> buffer(kPiece);
  for (const Extent& extent : extents) {
    for (int64_t done = 0; done < extent.bytes; done += kPiece) {
      const int64_t bytes = std::min(extent.bytes - done, kPiece);
      const auto out = absl::MakeSpan(buffer).first(Sectors::Holding(bytes).bytes());
      RETURN_IF_ERROR(disc.Read(extent.start + Sectors(done / kSectorSize), out));
      hash.Update(out.first(bytes));
    }
  }
  return hash.Finish();
}

}  // namespace

absl::StatusOr<std::string> ManifestOf(const FileTree& tree, DiskTree& contents,
                                       BlockReader* disc) {
  std::map<FileTree::Id, mastering::ContentHandle> handles;
  for (const mastering::NewFile& file : contents.new_files()) handles[file.file] = file.content;
  mastering::Manifest manifest = {
      .session = "00000000-0000-4000-8000-000000000000", .job = "test", .program = "iso_master"};
  absl::Status status;
  mastering::WalkTree(tree, [&](FileTree::Id id) {
    if (!status.ok() || tree.type(id) != EntryType::kFile) return;
    const EntryData data = tree.data(id);
    const auto it = handles.find(id);
    const auto hash = it != handles.end() ? HashOfNew(contents, it->second, data.bytes)
                      : disc != nullptr || data.extents.empty()
                          ? HashOfOld(*disc, data.extents)
                          : absl::NotFoundError("there is no disc for old files");
    status = hash.status();
    if (hash.ok()) manifest.files.push_back({tree.Path(id), *hash});
  });
  RETURN_IF_ERROR(status);
  return mastering::FormatManifest(manifest);
}

}  // namespace carousel
