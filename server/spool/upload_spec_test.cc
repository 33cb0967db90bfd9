#include "server/spool/upload_spec.h"

#include <string>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"

namespace carousel {
namespace {

using absl::StatusCode;

UploadSpec Example() {
  return {.key = {"images/0af1", "a\n\"\\\0b\xFF"}, .path = "/x/\xC3\xA4\r\n", .size = 7};
}

TEST(UploadSpec, ComesBackFromItsRecordWhateverIsInItsNames) {
  EXPECT_THAT(DecodeUploadSpec(EncodeUploadSpec(Example())), IsOkAndHolds(Example()));
}

TEST(UploadSpec, IsNotReadFromARecordThatIsCutOrChanged) {
  const std::string record = EncodeUploadSpec(Example());
  for (size_t size = 0; size < record.size(); ++size)
    EXPECT_FALSE(DecodeUploadSpec(record.substr(0, size)).ok()) << size;
  for (const char* bad : {"", "x", "\n\n\n\n\n\n"})
    EXPECT_THAT(DecodeUploadSpec(bad), StatusIs(StatusCode::kInvalidArgument));
  std::string negative = record;
  negative.replace(record.find("size 7"), 6, "size -7");
  EXPECT_THAT(DecodeUploadSpec(negative), StatusIs(StatusCode::kInvalidArgument));
  std::string title = record;
  title.replace(title.find("upload 1"), 8, "upload 2");
  EXPECT_THAT(DecodeUploadSpec(title), StatusIs(StatusCode::kInvalidArgument));
}

TEST(UploadSpec, HasBoundedNames) {
  UploadSpec spec = Example();
  EXPECT_OK(CheckUploadSpec(spec));
  spec.key.owner = "";
  EXPECT_THAT(CheckUploadSpec(spec), StatusIs(StatusCode::kInvalidArgument));
  spec = Example();
  spec.key.upload_id = std::string(257, 'x');
  EXPECT_THAT(CheckUploadSpec(spec), StatusIs(StatusCode::kInvalidArgument));
  spec = Example();
  spec.path = std::string(32 * 1024 + 1, 'x');
  EXPECT_THAT(CheckUploadSpec(spec), StatusIs(StatusCode::kInvalidArgument));
}

TEST(UploadSpec, FitsIntoTheBoundOfRecords) {
  UploadSpec spec = Example();
  spec.key = {std::string(256, '\xFF'), std::string(256, '\xFF')};
  spec.path = std::string(32 * 1024, '\xFF');
  EXPECT_LE(EncodeUploadSpec(spec).size(), kMaxUploadRecord);
}

}  // namespace
}  // namespace carousel
