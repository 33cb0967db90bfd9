// A spool in a fresh folder, for tests, which can be closed and opened again as a restart does.
#ifndef SERVER_SPOOL_SPOOL_FIXTURE_H_
#define SERVER_SPOOL_SPOOL_FIXTURE_H_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/status_matchers.h"
#include "server/digest/sha256.h"
#include "server/spool/spool.h"
#include "server/spool/upload_spec.h"

namespace carousel {

inline absl::Span<const uint8_t> AsBytes(absl::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

// Bytes of which no two runs are equal for long.
inline std::string SomeBytes(size_t size, uint32_t seed = 1) {
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>((seed = seed * 1664525 + 1013904223) >> 24);
  return bytes;
}

inline UploadSpec SpecOf(absl::string_view bytes, const std::string& id = "upload",
                         const std::string& owner = "images/1") {
  return {.key = {owner, id},
          .path = "/" + id,
          .size = static_cast<int64_t>(bytes.size()),
          .sha256 = Sha256(AsBytes(bytes))};
}

class SpoolFixture : public testing::Test {
 protected:
  SpoolFixture() {
    const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
    folder_ = testing::TempDir() + "/" + test.test_suite_name() + test.name();
    std::filesystem::remove_all(folder_);
    Open();
  }

  // As after a restart: whatever is not on disk is forgotten.
  void Open() {
    spool_.reset();
    absl::StatusOr<std::unique_ptr<Spool>> spool = Spool::Open(folder_, options_, &clock_);
    ASSERT_OK(spool);
    spool_ = *std::move(spool);
  }

  // A whole upload.
  absl::Status Upload(const UploadSpec& spec, absl::string_view bytes) {
    auto writer = spool_->StartUpload(spec);
    if (!writer.ok()) return writer.status();
    const absl::Status appended = (*writer)->Append(0, std::string(bytes));
    return appended.ok() ? (*writer)->Finish() : appended;
  }

  absl::StatusOr<std::string> Content(const Sha256Digest& digest) {
    auto reader = spool_->OpenContent(digest);
    if (!reader.ok()) return reader.status();
    std::vector<uint8_t> bytes(static_cast<size_t>((*reader)->size()));
    const absl::Status read = (*reader)->Read(0, absl::MakeSpan(bytes));
    if (!read.ok()) return read;
    return std::string(bytes.begin(), bytes.end());
  }

  // The files below the folder, but its lock.
  std::vector<std::string> Files() const {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
      if (entry.is_regular_file() && entry.path().filename() != "lock")
        files.push_back(entry.path().string());
    }
    return files;
  }

  FakeClock clock_;
  SpoolOptions options_{.quota_bytes = 1 << 20, .upload_ttl = absl::Hours(1), .max_uploads = 8};
  std::string folder_;
  std::unique_ptr<Spool> spool_;
};

}  // namespace carousel

#endif  // SERVER_SPOOL_SPOOL_FIXTURE_H_
