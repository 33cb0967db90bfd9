#include "server/mastering/described_tree.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "server/mastering/tree_walk.h"

namespace carousel::mastering {
namespace {

// To the second between 1900 and 2155, which the short form has; beyond, to the hundredth.
int64_t KeptTime(absl::Time time) {
  static const absl::Time kFirst = absl::FromCivil(absl::CivilYear(1900), absl::UTCTimeZone());
  static const absl::Time kLast = absl::FromCivil(absl::CivilYear(2156), absl::UTCTimeZone());
  const int64_t millis = absl::ToUnixMillis(time);
  const int64_t unit = time >= kFirst && time < kLast ? 1000 : 10;
  return (millis - (millis % unit + unit) % unit) / 10;
}

std::string Attributes(const EntryData& data) {
  const bool is_directory = data.type == EntryType::kDirectory;
  const PosixAttributes posix = data.posix.value_or(
      PosixAttributes{.mode = is_directory ? 0555u : 0444u, .links = is_directory ? 2u : 1u});
  const bool is_device =
      data.type == EntryType::kCharacterDevice || data.type == EntryType::kBlockDevice;
  return absl::StrCat(posix.mode, " ", posix.uid, ":", posix.gid, " ", posix.links, " ",
                      is_device ? posix.device : 0);
}

}  // namespace

std::map<std::string, std::string> Describe(
    const FileTree& tree, bool links,
    const std::function<std::string(FileTree::Id, const EntryData&)>& contents) {
  std::map<std::string, std::string> described;
  std::map<uint64_t, std::string> first_paths;
  WalkTree(tree, [&](FileTree::Id id) {
    const EntryData data = tree.data(id);
    const std::string path = tree.Path(id);
    std::string text = absl::StrCat(static_cast<int>(data.type), " ", KeptTime(data.modify_time),
                                    " ", Attributes(data), " ", data.symlink_target);
    if (data.type == EntryType::kFile)
      absl::StrAppend(&text, " ", data.bytes, " ", contents(id, data));
    const uint64_t inode = data.posix.has_value() ? data.posix->inode : 0;
    if (links)
      absl::StrAppend(&text, " is ",
                      inode == 0 ? path : first_paths.try_emplace(inode, path).first->second);
    described[path] = text;
  });
  return described;
}

}  // namespace carousel::mastering
