#include "server/mastering/random_tree.h"

#include <algorithm>
#include <utility>

#include "absl/time/time.h"
#include "server/mastering/tree_walk.h"

namespace carousel::mastering {
namespace {

constexpr uint64_t kMaxName = 255;
constexpr const char* kLetters[] = {
    "a",    "B", "c", "D", "7", "_", ".", " ", "-", ";", "*", "ä", "ß", "漢", "\xF0\x9F\x98\x80",
    "\xFF",
};
constexpr int kDepth = 40;
constexpr int64_t kFirstTime = -5'000'000'000;  // 1811
constexpr int64_t kLastTime = 7'000'000'000;    // 2191

}  // namespace

std::string RandomTree::Name() {
  const uint64_t kind = Below(10);
  const uint64_t most = kind == 0 ? kMaxName : kind < 3 ? 70 : 14;
  // Few letters make alike names.
  const uint64_t letters = Below(3) == 0 ? 3 : std::size(kLetters);
  std::string name;
  const uint64_t length = 1 + Below(most);
  while (name.size() < length) name += kLetters[Below(letters)];
  if (name.size() > kMaxName) name.resize(kMaxName);
  return name;
}

std::string RandomTree::Target() {
  static constexpr const char* kParts[] = {"..", ".", "a", "long-name", "ü"};
  std::string target = Below(4) == 0 ? "/" : "";
  const uint64_t parts = 1 + (Below(12) == 0 ? Below(300) : Below(5));
  for (uint64_t i = 0; i < parts; ++i) {
    if (i > 0) target += '/';
    target += Below(20) == 0 ? std::string(1 + Below(255), 'x') : kParts[Below(std::size(kParts))];
  }
  return target;
}

EntryData RandomTree::Data() {
  EntryData data;
  const int64_t seconds =
      kFirstTime + static_cast<int64_t>(Below(static_cast<uint64_t>(kLastTime - kFirstTime)));
  data.modify_time = absl::FromUnixSeconds(seconds) + absl::Milliseconds(Below(1000));
  if (Below(4) != 0) {
    data.posix = PosixAttributes{.mode = static_cast<uint32_t>(Below(010000)),
                                 .uid = static_cast<uint32_t>(chance_()),
                                 .gid = static_cast<uint32_t>(Below(100)),
                                 .links = static_cast<uint32_t>(1 + Below(3))};
  }
  return data;
}

void RandomTree::AddFile(FileTree::Id parent, EntryData data) {
  static constexpr uint64_t kSizes[] = {0, 1, 2047, 2048, 2049, 5000, 40'000};
  std::string bytes(kSizes[Below(std::size(kSizes))], '\0');
  for (char& byte : bytes) byte = static_cast<char>(chance_());
  data.bytes = static_cast<int64_t>(bytes.size());
  // Inode numbers, some of more than 32 bits, where there are attributes to hold them.
  if (data.posix.has_value() && Below(2) == 0)
    data.posix->inode = linkable_.size() + 1 + (Below(8) == 0 ? uint64_t{1} << 40 : 0);
  const ContentHandle content = contents_.Add(std::move(bytes));
  const auto id = tree_.Add(parent, Name(), data);
  if (!id.ok()) return;
  new_files_.push_back(NewFile{*id, content});
  linkable_.push_back(Linkable{data, content});
}

void RandomTree::AddLink(FileTree::Id parent) {
  if (linkable_.empty()) return;
  const Linkable& original = linkable_[Below(linkable_.size())];
  const auto id = tree_.Add(parent, Name(), original.data);
  if (id.ok()) new_files_.push_back(NewFile{*id, original.content});
}

void RandomTree::Grow(int entries) {
  WalkTree(tree_, [&](FileTree::Id id) {
    if (tree_.type(id) == EntryType::kDirectory) directories_.push_back(id);
  });
  EntryData root = Data();
  root.type = EntryType::kDirectory;
  tree_.SetRoot(root);
  // A long way down first.
  FileTree::Id deepest = FileTree::kRoot;
  for (int i = 1; i < kDepth && Below(40) != 0; ++i) {
    EntryData data = Data();
    data.type = EntryType::kDirectory;
    const auto id = tree_.Add(deepest, Name(), data);
    if (!id.ok()) break;
    deepest = *id;
    directories_.push_back(*id);
  }
  for (int i = 0; i < entries; ++i) {
    const FileTree::Id parent = directories_[Below(Below(2) == 0 ? directories_.size() : 1)];
    EntryData data = Data();
    const uint64_t kind = Below(20);
    if (kind < 9) {
      AddFile(parent, data);
    } else if (kind < 11) {
      AddLink(parent);
    } else {
      data.type =
          kind < 15 ? EntryType::kDirectory
          : kind < 17
              ? EntryType::kSymlink
              : EntryType{static_cast<uint8_t>(static_cast<int>(EntryType::kFifo) + kind - 17)};
      if (kind == 19 && Below(2) == 0) data.type = EntryType::kSocket;
      if (data.posix.has_value()) data.posix->device = chance_();
      if (data.type == EntryType::kSymlink) data.symlink_target = Target();
      const auto id = tree_.Add(parent, Name(), data);
      if (id.ok() && data.type == EntryType::kDirectory) directories_.push_back(*id);
    }
  }
  tree_.Finish();
}

}  // namespace carousel::mastering
