#include "tests/fuzz/iso/oracle.h"

#include <ctime>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/fs/iso9660/reader.h"
#include "server/image/file_system.h"
#include "server/image/file_tree.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"
#include "server/session_import/file_system_choice.h"
#include "tests/fuzz/iso/fuzz_disc.h"
#include "tests/fuzz/iso/heap_meter.h"

namespace carousel::fuzz {
namespace {

using imapi::Hresult;

// Beside the tree: a request's buffer, windows of continuation areas, the path table; and what the
// tree takes between two looks at the limit.
constexpr int64_t kMemoryBeside = int64_t{8} << 20;
// Of the processor, with sanitizers; a good image takes some milliseconds.
constexpr double kMaxSeconds = 5;

// The errors that reading a session may end with (reader.h, file_system_choice.h).
constexpr Hresult kAllowed[] = {
    Hresult::IMAPI_E_FILE_SYSTEM_READ_CONSISTENCY_ERROR,
    Hresult::IMAPI_E_INVALID_PATH,
    Hresult::IMAPI_E_IMPORT_READ_FAILURE,
    Hresult::IMAPI_E_NO_SUPPORTED_FILE_SYSTEM,
    Hresult::IMAPI_E_FILE_SYSTEM_FEATURE_NOT_SUPPORTED,
    Hresult::E_OUTOFMEMORY,
    Hresult::E_IMAPI_REQUEST_CANCELLED,
};

class CancelAfter : public iso9660::Observer {
 public:
  explicit CancelAfter(int64_t directories) : directories_(directories) {}

  bool OnDirectory(absl::string_view, int64_t done, int64_t) override {
    return directories_ < 0 || done <= directories_;
  }

 private:
  const int64_t directories_;
};

bool IsPrintable(absl::string_view text) {
  for (const char c : text) {
    if (!absl::ascii_isprint(static_cast<unsigned char>(c))) return false;
  }
  return true;
}

// What is wrong with an error; "" if nothing is.
std::string JudgeError(const absl::Status& status, const Mutant& mutant) {
  const std::optional<imapi::ErrorDetail> detail = imapi::GetDetail(status);
  if (!detail.has_value())
    return absl::StrCat("an error without an IMAPI code: ", status.ToString());
  const auto fact = [&](const char* key) {
    const auto found = detail->metadata.find(key);
    return found == detail->metadata.end() ? std::string() : found->second;
  };
  bool allowed = false;
  for (const Hresult hresult : kAllowed) allowed |= hresult == detail->hresult;
  if (!allowed) return absl::StrCat("a code that is not documented: ", status.ToString());
  if (!IsPrintable(status.message())) return "a message that is no plain text";
  if (detail->hresult == Hresult::E_OUTOFMEMORY && fact("limit").empty())
    return "no limit is named";
  if (detail->hresult == Hresult::IMAPI_E_IMPORT_READ_FAILURE &&
      (mutant.unreadable.empty() || fact("block").empty()))
    return "a read failure that none was, or without its block";
  if (detail->hresult == Hresult::IMAPI_E_INVALID_PATH && fact("cause") != "disc")
    return "a name of the disc is blamed on the caller";
  if (detail->hresult == Hresult::E_IMAPI_REQUEST_CANCELLED && mutant.cancel_after < 0)
    return "cancelled by nobody";
  return "";
}

// `status` is one that JudgeError finds nothing wrong with.
void Count(const absl::Status& status, std::map<std::string, int64_t>& outcomes) {
  ++outcomes[std::string(imapi::HresultName(imapi::GetDetail(status)->hresult))];
}

// A tree whose every entry is looked at.
class TreeJudge {
 public:
  TreeJudge(const FileTree* tree, const iso9660::Limits& limits, Lba end)
      : tree_(*tree), limits_(limits), end_(end) {}

  std::string Judge() {
    if (tree_.entry_count() > limits_.max_entries) return "more entries than the limit";
    std::string wrong = JudgeDirectory(FileTree::kRoot, 0);
    if (wrong.empty() && seen_ != tree_.entry_count())
      return absl::StrCat(seen_, " entries hang in the tree, ", tree_.entry_count(),
                          " are counted");
    return wrong;
  }

 private:
  // At most max_depth calls deep.
  std::string JudgeDirectory(FileTree::Id directory, int depth) {
    if (depth > limits_.max_depth) return "deeper than the limit";
    std::string last;
    for (const FileTree::Id id : tree_.Children(directory, 0, tree_.child_count(directory))) {
      ++seen_;
      const std::string name(tree_.name(id));
      if (std::string wrong = JudgeEntry(directory, id, name); !wrong.empty()) return wrong;
      if (!last.empty() && last >= name) return "names that are not in order, or twice";
      last = name;
      if (tree_.type(id) != EntryType::kDirectory) continue;
      if (std::string wrong = JudgeDirectory(id, depth + 1); !wrong.empty()) return wrong;
    }
    return "";
  }

  std::string JudgeEntry(FileTree::Id directory, FileTree::Id id, const std::string& name) {
    if (name.empty() || name == "." || name == "..") return "a name that is none";
    if (name.find('/') != std::string::npos || name.find('\0') != std::string::npos)
      return "a name with '/' or NUL";
    if (name.size() > FileTree::kMaxNameBytes) return "a name that is too long";
    if (tree_.parent(id) != directory) return "a child with another parent";
    const absl::StatusOr<FileTree::Id> found = tree_.FindChild(directory, name);
    if (!found.ok() || *found != id) return "a child that is not found";
    return JudgeData(tree_.data(id));
  }

  std::string JudgeData(const EntryData& data) const {
    if (data.symlink_target.size() > FileTree::kMaxTargetBytes) return "a target that is too long";
    if (data.symlink_target.find('\0') != std::string::npos) return "a target with NUL";
    if (data.type != EntryType::kFile) {
      return data.extents.empty() ? "" : "extents of what is no file";
    }
    int64_t bytes = 0;
    for (const Extent& extent : data.extents) {
      if (extent.bytes <= 0 || extent.start < Lba(0) ||
          extent.start + Sectors::Holding(extent.bytes) > end_)
        return "an extent outside the disc";
      if (bytes % kSectorSize != 0) return "an extent that begins inside a sector";
      bytes += extent.bytes;
    }
    return bytes == data.bytes ? "" : "extents that do not make the file's length";
  }

  const FileTree& tree_;
  const iso9660::Limits& limits_;
  const Lba end_;
  int64_t seen_ = 0;
};

std::string JudgePlan(const absl::StatusOr<std::vector<Extent>>& plan, Lba end) {
  if (!plan.ok()) return absl::StrCat("no plan: ", plan.status().ToString());
  Lba last(0);
  for (const Extent& extent : *plan) {
    if (extent.bytes <= 0 || extent.start < last) return "a plan that is not ascending";
    last = extent.start + Sectors::Holding(extent.bytes);
  }
  return last <= end ? "" : "a plan beyond the disc";
}

std::string ReadOne(FuzzDisc& disc, const iso9660::Identification& found, iso9660::Tree tree,
                    const Mutant& mutant, std::map<std::string, int64_t>& outcomes) {
  const iso9660::Volume& volume = tree == iso9660::Tree::kPrimary ? *found.primary : *found.joliet;
  std::string wrong = JudgePlan(iso9660::PlanReads(disc, volume), disc.end());
  if (!wrong.empty()) return wrong;
  CancelAfter observer(mutant.cancel_after);
  const absl::StatusOr<iso9660::ReadResult> result =
      iso9660::ReadTree(disc, found, tree, mutant.limits, &observer);
  if (!result.ok()) {
    wrong = JudgeError(result.status(), mutant);
    if (wrong.empty()) Count(result.status(), outcomes);
    return wrong;
  }
  ++outcomes["tree"];
  for (const std::string& warning : result->warnings) {
    if (!IsPrintable(warning)) return "a warning that is no plain text";
  }
  return TreeJudge(&result->tree, mutant.limits, disc.end()).Judge();
}

std::string ReadAll(FuzzDisc& disc, int64_t session, const Mutant& mutant,
                    std::map<std::string, int64_t>& outcomes) {
  const absl::StatusOr<iso9660::Identification> found = iso9660::Identify(disc, Lba(session));
  absl::Status status = found.status();
  if (found.ok()) {
    status = ChooseFileSystem(*found, FileSystem::kNone, ImportPreference::kComplete).status();
  }
  if (!status.ok()) {
    const std::string wrong = JudgeError(status, mutant);
    if (wrong.empty()) Count(status, outcomes);
    return wrong;
  }
  std::string wrong;
  if (found->primary.has_value())
    wrong = ReadOne(disc, *found, iso9660::Tree::kPrimary, mutant, outcomes);
  if (wrong.empty() && found->joliet.has_value())
    wrong = ReadOne(disc, *found, iso9660::Tree::kJoliet, mutant, outcomes);
  return wrong;
}

double ProcessorSeconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

std::string Check(const Mutant& mutant, int64_t session, std::map<std::string, int64_t>& outcomes) {
  FuzzDisc disc(&mutant.image, &mutant.unreadable);
  ResetHeapPeak();
  const int64_t before = HeapInUse();
  const double start = ProcessorSeconds();
  std::string wrong = ReadAll(disc, session, mutant, outcomes);
  const double seconds = ProcessorSeconds() - start;
  const int64_t most = HeapPeak() - before;
  if (!wrong.empty()) return wrong;
  if (disc.misuses() > 0) return "asked the disc for something else than whole sectors";
  if (seconds > kMaxSeconds) return absl::StrCat("took ", seconds, " s of the processor");
  if (most > mutant.limits.max_memory_bytes + kMemoryBeside)
    return absl::StrCat("took ", most, " bytes on the heap");
  return "";
}

}  // namespace carousel::fuzz
