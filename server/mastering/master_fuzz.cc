// import(master(tree)) == tree, for a tree and options that the input describes:
//   level, version, Joliet, session start, tail, a byte each, then entries: kind, parent, length of
//   the name, the name, and what the kind has (see Builder::Add).
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "server/fs/iso9660/reader.h"
#include "server/fs/iso9660/rock_ridge_writer.h"
#include "server/image/file_tree.h"
#include "server/imapi/error.h"
#include "server/mastering/described_tree.h"
#include "server/mastering/memory_contents.h"
#include "server/mastering/plan.h"
#include "server/mastering/test_disc.h"
#include "tests/fuzz/check.h"

namespace carousel::mastering {
namespace {

constexpr int kMaxEntries = 200;

class Input {
 public:
  explicit Input(absl::Span<const uint8_t> bytes) : rest_(bytes) {}
  bool empty() const { return rest_.empty(); }
  uint8_t Byte() {
    if (rest_.empty()) return 0;
    const uint8_t byte = rest_[0];
    rest_.remove_prefix(1);
    return byte;
  }
  uint32_t Word() { return uint32_t{Byte()} << 24 | uint32_t{Byte()} << 16 | Byte() << 8 | Byte(); }
  std::string Text(size_t length) {
    length = std::min(length, rest_.size());
    std::string text(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(length));
    rest_.remove_prefix(length);
    return text;
  }

 private:
  absl::Span<const uint8_t> rest_;
};

class Builder {
 public:
  void Add(Input& input) {
    const uint8_t kind = input.Byte();
    const FileTree::Id parent = directories_[input.Byte() % directories_.size()];
    const std::string name = input.Text(input.Byte());
    EntryData data = {.type = EntryType{static_cast<uint8_t>(kind % 7)}};
    data.modify_time = absl::FromUnixSeconds(int64_t{static_cast<int32_t>(input.Word())} * 4);
    if ((kind & 0x80) != 0)
      data.posix = PosixAttributes{.mode = input.Word() & 07777,
                                   .uid = input.Word(),
                                   .links = input.Byte(),
                                   .inode = input.Byte(),
                                   .device = input.Word()};
    std::string bytes;
    if (data.type == EntryType::kFile) bytes.assign(size_t{input.Byte()} * 40, kind);
    if (data.type == EntryType::kSymlink) data.symlink_target = Target(input);
    data.bytes = static_cast<int64_t>(bytes.size());
    const auto id = tree.Add(parent, name, data);
    if (!id.ok()) return;
    if (data.type == EntryType::kFile) {
      handles[*id] = contents.Add(std::move(bytes));
      new_files.push_back(NewFile{*id, handles[*id]});
    }
    if (data.type == EntryType::kDirectory) directories_.push_back(*id);
  }

  FileTree tree;
  MemoryContents contents;
  std::vector<NewFile> new_files;
  std::map<FileTree::Id, ContentHandle> handles;

 private:
  // Of a text what Rock Ridge can say: one slash between components, and no NUL.
  static std::string Target(Input& input) {
    std::string text = input.Text(input.Byte());
    for (const int times = input.Byte() % 20; static_cast<int>(text.size()) < times * 200;) {
      if (text.empty()) break;
      text += text;
    }
    std::string target;
    for (const char c : text) {
      if (c != '\0' && (c != '/' || target.empty() || target.back() != '/')) target += c;
    }
    return target;
  }

  std::vector<FileTree::Id> directories_ = {FileTree::kRoot};
};

Options OptionsOf(Input& input) {
  Options options;
  options.interchange_level = 1 + input.Byte() % 3;
  options.rock_ridge =
      input.Byte() % 2 == 0 ? iso9660::RockRidgeVersion::k1_12 : iso9660::RockRidgeVersion::k1_10;
  const uint8_t joliet = input.Byte();
  options.joliet = joliet != 0;
  options.joliet_characters = 64 + joliet % 40;
  const uint8_t start = input.Byte();
  options.session_start = Lba(start);
  options.tail = Sectors(input.Byte());
  return options;
}

void Fuzz(absl::Span<const uint8_t> bytes) {
  Input input(bytes);
  const Options options = OptionsOf(input);
  Builder builder;
  for (int i = 0; i < kMaxEntries && !input.empty(); ++i) builder.Add(input);
  builder.tree.Finish();
  const auto plan = Plan::Make(builder.tree, builder.new_files, options);
  if (!plan.ok()) {
    // Targets only: everything else that is asked for here can be written.
    const auto detail = imapi::GetDetail(plan.status());
    FUZZ_CHECK(detail.has_value() && detail->hresult == imapi::Hresult::IMAPI_E_INVALID_PATH);
    return;
  }
  TestDisc disc;
  FUZZ_CHECK(disc.Write(**plan, builder.contents, Sectors(1 + bytes.size() % 64)).ok());
  const auto read = disc.Import(options.session_start);
  FUZZ_CHECK(read.ok() && read->warnings.empty());
  const auto expected = Describe(builder.tree, false, [&](FileTree::Id id, const EntryData& data) {
    return builder.contents.Get(builder.handles.at(id));
  });
  const auto found = Describe(read->tree, false, [&](FileTree::Id, const EntryData& data) {
    return disc.BytesOf(data.extents);
  });
  FUZZ_CHECK(found == expected);
  if (!options.joliet) return;
  const auto joliet = disc.Import(options.session_start, iso9660::Tree::kJoliet);
  FUZZ_CHECK(joliet.ok() && joliet->warnings.empty());
  FUZZ_CHECK(joliet->tree.directory_count() == builder.tree.directory_count());
}

}  // namespace
}  // namespace carousel::mastering

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  carousel::mastering::Fuzz(absl::MakeConstSpan(data, size));
  return 0;
}
