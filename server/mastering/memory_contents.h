// Contents of new files in memory, for tests.
#ifndef SERVER_MASTERING_MEMORY_CONTENTS_H_
#define SERVER_MASTERING_MEMORY_CONTENTS_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "server/mastering/content.h"

namespace carousel::mastering {

class MemoryContents : public ContentSource {
 public:
  ContentHandle Add(std::string bytes) {
    contents_.push_back(std::move(bytes));
    return ContentHandle{contents_.size() - 1};
  }

  const std::string& Get(ContentHandle handle) const {
    return contents_[static_cast<size_t>(handle)];
  }

  // Every Read fails with `status` from now on.
  void Fail(absl::Status status) { failure_ = std::move(status); }

  absl::Status Read(ContentHandle content, int64_t offset, absl::Span<uint8_t> out) override {
    if (!failure_.ok()) return failure_;
    const std::string& bytes = Get(content);
    if (offset < 0 || static_cast<size_t>(offset) + out.size() > bytes.size())
      return absl::OutOfRangeError("behind the end of a file's contents");
    std::copy_n(bytes.begin() + offset, out.size(), out.begin());
    return absl::OkStatus();
  }

 private:
  std::vector<std::string> contents_;
  absl::Status failure_;
};

}  // namespace carousel::mastering

#endif  // SERVER_MASTERING_MEMORY_CONTENTS_H_
