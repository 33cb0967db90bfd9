#include "server/mastering/directory_renderer.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "hal/base/status_macros.h"
#include "server/fs/iso9660/directory_record.h"
#include "server/fs/iso9660/new_identifiers.h"
#include "server/imapi/hresult.h"
#include "server/mastering/errors.h"
#include "server/mastering/hundredths.h"

namespace carousel::mastering {
namespace {

// What Rock Ridge says of entries that came without attributes: all may read, none may write.
constexpr uint32_t kFileMode = 0444;
constexpr uint32_t kDirectoryMode = 0555;

PosixAttributes AttributesOf(const EntryData& data) {
  if (data.posix.has_value()) return *data.posix;
  const bool is_directory = data.type == EntryType::kDirectory;
  return PosixAttributes{.mode = is_directory ? kDirectoryMode : kFileMode,
                         .links = is_directory ? 2u : 1u};
}

void PadToSector(std::vector<uint8_t>& bytes) {
  bytes.resize(Sectors::Holding(static_cast<int64_t>(bytes.size())).bytes());
}

absl::Span<const uint8_t> Bytes(absl::string_view text) {
  return absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(text.data()), text.size());
}

}  // namespace

DirectoryRenderer::DirectoryRenderer(const Sources& sources, const TreeRules& rules)
    : sources_(sources), rules_(rules) {
  if (!rules.joliet && rules.rock_ridge.has_value()) rock_ridge_.emplace(*rules.rock_ridge);
}

absl::Status DirectoryRenderer::Render(FileTree::Id id, absl::Span<const ListedEntry> entries,
                                       const Surroundings& around, std::vector<uint8_t>& records,
                                       std::vector<uint8_t>& continuations) {
  const FileTree& tree = *sources_.tree;
  records.clear();
  continuations.clear();
  if (rock_ridge_.has_value())
    rock_ridge_->Start(static_cast<uint32_t>(around.continuations.value()));
  RETURN_IF_ERROR(AddSpecial(iso9660::kSelf, id, around.self, records));
  const FileTree::Id parent = id == FileTree::kRoot ? id : tree.parent(id);
  RETURN_IF_ERROR(AddSpecial(iso9660::kParent, parent, around.parent, records));
  size_t children = 0;
  for (const ListedEntry& entry : entries) {
    if (entry.type == EntryType::kDirectory) {
      RETURN_IF_ERROR(Add(entry.id, tree.data(entry.id), tree.name(entry.id),
                          Bytes(entry.identifier), iso9660::kDirectoryFlag,
                          around.child(children++), false, records));
    } else {
      RETURN_IF_ERROR(AddFile(entry, records));
    }
  }
  PadToSector(records);
  if (rock_ridge_.has_value()) continuations = rock_ridge_->continuations();
  PadToSector(continuations);
  return absl::OkStatus();
}

absl::Status DirectoryRenderer::AddSpecial(uint8_t which, FileTree::Id id, const Extent& place,
                                           std::vector<uint8_t>& records) {
  const bool is_root_self = which == iso9660::kSelf && id == FileTree::kRoot;
  return Add(id, sources_.tree->data(id), "", absl::MakeConstSpan(&which, 1),
             iso9660::kDirectoryFlag, place, is_root_self, records);
}

absl::Status DirectoryRenderer::AddFile(const ListedEntry& entry, std::vector<uint8_t>& records) {
  const FileTree& tree = *sources_.tree;
  EntryData data = tree.data(entry.id);
  if (entry.type != EntryType::kFile) data.bytes = 0;
  RETURN_IF_ERROR(sources_.contents->SectionsOf(tree, entry.id, data, rules_.level,
                                                sources_.session_start, sections_));
  const std::string identifier =
      absl::StrCat(entry.identifier, rules_.joliet ? "" : iso9660::kFirstVersion);
  for (size_t i = 0; i < sections_.size(); ++i) {
    const uint8_t flags = i + 1 < sections_.size() ? iso9660::kMultiExtentFlag : 0;
    RETURN_IF_ERROR(Add(entry.id, data, tree.name(entry.id), Bytes(identifier), flags, sections_[i],
                        false, records));
  }
  return absl::OkStatus();
}

absl::Status DirectoryRenderer::Add(FileTree::Id id, const EntryData& data, absl::string_view name,
                                    absl::Span<const uint8_t> identifier, uint8_t flags,
                                    const Extent& place, bool is_root_self,
                                    std::vector<uint8_t>& records) {
  const int64_t time = Hundredths(data.modify_time);
  system_use_.clear();
  const size_t head = iso9660::RecordHeadBytes(identifier.size());
  if (rock_ridge_.has_value()) {
    const PosixAttributes posix = AttributesOf(data);
    const iso9660::NewRockRidge entry = {.type = data.type,
                                         .posix = posix,
                                         .serial = sources_.serials->Of(id, posix.inode),
                                         .modify_time = time,
                                         .name = name,
                                         .target = data.symlink_target,
                                         .is_root_self = is_root_self};
    if (!rock_ridge_->Write(entry, iso9660::kMaxRecordBytes - head, system_use_).ok())
      return EntryError(imapi::Hresult::IMAPI_E_INVALID_PATH, *sources_.tree, id,
                        "the link's target is longer than what readers follow");
  }
  // Records do not cross sectors (clause 6.8.1.1).
  const size_t length = head + system_use_.size() + system_use_.size() % 2;
  if (records.size() % kSectorSize + length > kSectorSize) PadToSector(records);
  iso9660::AppendRecord(iso9660::NewRecord{.identifier = identifier,
                                           .flags = flags,
                                           .extent = static_cast<uint32_t>(place.start.value()),
                                           .bytes = static_cast<uint32_t>(place.bytes),
                                           .time = time,
                                           .system_use = system_use_},
                        records);
  return absl::OkStatus();
}

}  // namespace carousel::mastering
