#include "server/result/completed_input.h"

#include <limits>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "hal/base/status_macros.h"
#include "server/image/file_tree.h"
#include "server/image/file_tree_builder.h"
#include "server/imapi/error.h"
#include "server/mastering/content.h"
#include "server/mastering/manifest.h"
#include "server/mastering/tree_walk.h"
#include "server/result/session_uuid.h"

namespace carousel {
namespace {

using imapi::Hresult;
using mastering::ContentHandle;
using mastering::DiscManifest;
using mastering::Manifest;

constexpr size_t kAll = std::numeric_limits<size_t>::max();
constexpr uint32_t kReadableByAll = 0444;

absl::Status PathError(Hresult hresult, absl::string_view path, absl::string_view what) {
  return imapi::MakeError(hresult, absl::StrCat(path, " ", what), {{"path", std::string(path)}});
}

class Completion {
 public:
  explicit Completion(const CompletionRequest& request)
      : request_(request), tree_(request.input->tree) {}

  absl::StatusOr<CompletedInput> Run() {
    for (const mastering::NewFile& file : request_.input->new_files)
      contents_.emplace(file.file, file.content);
    RETURN_IF_ERROR(FindOldManifest());
    RETURN_IF_ERROR(WriteManifest());
    RETURN_IF_ERROR(CopyTree());
    return std::move(done_);
  }

 private:
  struct Directory {
    FileTree::Id from = FileTree::kRoot;
    FileTree::Id to = FileTree::kRoot;
  };

  absl::Status FindOldManifest();
  absl::StatusOr<std::optional<Sha256Digest>> DigestOf(FileTree::Id id) const;
  absl::Status WriteManifest();
  absl::Status CopyTree();
  absl::Status CopyChildren(const Directory& directory, std::vector<Directory>& left);
  absl::Status CopyFile(FileTree::Id from, const Directory& directory, EntryData data);
  absl::Status AddManifest();
  std::optional<Extent> PlaceOnDisc(ContentHandle content, int64_t bytes) const;

  const CompletionRequest& request_;
  const FileTree& tree_;
  absl::flat_hash_map<FileTree::Id, ContentHandle> contents_;
  absl::flat_hash_set<ContentHandle> not_written_;
  std::optional<FileTree::Id> old_manifest_;
  FileTreeBuilder builder_;
  CompletedInput done_;
};

absl::Status Completion::FindOldManifest() {
  const absl::StatusOr<FileTree::Id> found = tree_.FindChild(FileTree::kRoot, DiscManifest::kName);
  if (!found.ok()) return absl::OkStatus();
  const bool imported = tree_.type(*found) == EntryType::kFile && !contents_.contains(*found);
  if (!imported || request_.disc == nullptr || !request_.disc->on_disc) {
    return PathError(Hresult::IMAPI_E_DUP_NAME, absl::StrCat("/", DiscManifest::kName),
                     "is the session's manifest; remove what has this name");
  }
  old_manifest_ = *found;
  return absl::OkStatus();
}

absl::StatusOr<std::optional<Sha256Digest>> Completion::DigestOf(FileTree::Id id) const {
  if (const auto content = contents_.find(id); content != contents_.end()) {
    const auto index = static_cast<uint64_t>(content->second);
    if (index >= request_.contents.size()) {
      return PathError(Hresult::IMAPI_E_DATA_STREAM_INCONSISTENCY, tree_.Path(id),
                       "has no content");
    }
    return request_.contents[index];
  }
  const EntryData data = tree_.data(id);
  if (data.bytes == 0) return Sha256({});
  if (request_.disc == nullptr || request_.disc->contents == nullptr) return std::nullopt;
  return request_.disc->contents->DigestOf(data);
}

absl::Status Completion::WriteManifest() {
  Manifest manifest{.job = request_.job, .program = request_.program};
  absl::Status status;
  mastering::WalkTree(tree_, [&](FileTree::Id id) {
    if (tree_.type(id) != EntryType::kFile || id == old_manifest_ || !status.ok()) return;
    const absl::StatusOr<std::optional<Sha256Digest>> digest = DigestOf(id);
    if (!digest.ok()) {
      status = digest.status();
    } else if (digest->has_value()) {
      manifest.files.push_back({.path = tree_.Path(id), .sha256 = **digest});
    } else {
      ++done_.unknown_files;
    }
  });
  RETURN_IF_ERROR(status);
  ASSIGN_OR_RETURN(const std::string nameless, mastering::FormatManifest(manifest));
  manifest.session = SessionUuid({request_.identity, nameless});
  done_.session_id = manifest.session;
  ASSIGN_OR_RETURN(done_.manifest, mastering::FormatManifest(manifest));
  return absl::OkStatus();
}

absl::Status Completion::CopyTree() {
  const EntryData root = tree_.data(FileTree::kRoot);
  builder_.Update(FileTree::kRoot, builder_.EntryOf(root));
  std::vector<Directory> left = {Directory{}};
  while (!left.empty()) {
    const Directory directory = left.back();
    left.pop_back();
    RETURN_IF_ERROR(CopyChildren(directory, left));
  }
  done_.input.tree = std::move(builder_).Build();
  return absl::OkStatus();
}

absl::Status Completion::CopyChildren(const Directory& directory, std::vector<Directory>& left) {
  const std::vector<FileTree::Id> children = tree_.Children(directory.from, 0, kAll);
  for (const FileTree::Id child : children) {
    if (child == old_manifest_) continue;
    EntryData data = tree_.data(child);
    if (data.type == EntryType::kFile) {
      RETURN_IF_ERROR(CopyFile(child, directory, std::move(data)));
      continue;
    }
    ASSIGN_OR_RETURN(const FileTree::Id id,
                     builder_.Append(directory.to, tree_.name(child), builder_.EntryOf(data)));
    if (data.type == EntryType::kDirectory) left.push_back({.from = child, .to = id});
  }
  const bool is_root = directory.to == FileTree::kRoot;
  if (is_root) RETURN_IF_ERROR(AddManifest());
  if (is_root || !children.empty()) builder_.EndDirectory(directory.to);
  return absl::OkStatus();
}

absl::Status Completion::CopyFile(FileTree::Id from, const Directory& directory, EntryData data) {
  const auto content = contents_.find(from);
  bool is_new = content != contents_.end();
  if (is_new) {
    if (const auto place = PlaceOnDisc(content->second, data.bytes); place.has_value()) {
      is_new = false;
      data.extents = {*place};
      ++done_.referring_files;
      if (not_written_.insert(content->second).second) done_.bytes_not_written += data.bytes;
    }
  }
  ASSIGN_OR_RETURN(const FileTree::Id id,
                   builder_.Append(directory.to, tree_.name(from), builder_.EntryOf(data)));
  if (is_new) done_.input.new_files.push_back({.file = id, .content = content->second});
  return absl::OkStatus();
}

absl::Status Completion::AddManifest() {
  const EntryData data = {.bytes = static_cast<int64_t>(done_.manifest.size()),
                          .modify_time = request_.creation_time,
                          .posix = PosixAttributes{.mode = kReadableByAll}};
  ASSIGN_OR_RETURN(const FileTree::Id id,
                   builder_.Append(FileTree::kRoot, DiscManifest::kName, builder_.EntryOf(data)));
  done_.input.new_files.push_back({.file = id, .content = ContentHandle{request_.contents.size()}});
  return absl::OkStatus();
}

std::optional<Extent> Completion::PlaceOnDisc(ContentHandle content, int64_t bytes) const {
  if (!request_.refer || bytes == 0) return std::nullopt;
  if (request_.disc == nullptr || request_.disc->contents == nullptr) return std::nullopt;
  const std::optional<Extent> place =
      request_.disc->contents->Find(request_.contents[static_cast<uint64_t>(content)], bytes);
  if (!place.has_value() || place->start + Sectors::Holding(bytes) > request_.start)
    return std::nullopt;
  return place;
}

}  // namespace

absl::StatusOr<CompletedInput> CompleteInput(const CompletionRequest& request) {
  return Completion(request).Run();
}

}  // namespace carousel
