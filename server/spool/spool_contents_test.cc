#include "server/spool/spool_contents.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/digest/sha256.h"
#include "server/mastering/content.h"
#include "server/spool/spool_fixture.h"

namespace carousel {
namespace {

class SpoolContentsTest : public SpoolFixture {
 protected:
  SpoolContents Contents(std::vector<Sha256Digest> contents) {
    return {spool_.get(), std::make_shared<std::vector<Sha256Digest>>(std::move(contents))};
  }
};

TEST_F(SpoolContentsTest, ReadsTheContentsThatAnImageNamesInAnyOrder) {
  const std::string a = SomeBytes(5000, 1), b = SomeBytes(3000, 2);
  ASSERT_OK(Upload(SpecOf(a, "a"), a));
  ASSERT_OK(Upload(SpecOf(b, "b"), b));
  SpoolContents contents = Contents({SpecOf(a).sha256, SpecOf(b).sha256});
  const mastering::ContentHandle first{0}, second{1};
  std::vector<uint8_t> out(1000);
  ASSERT_OK(contents.Read(second, 2000, absl::MakeSpan(out)));
  EXPECT_EQ(std::string(out.begin(), out.end()), b.substr(2000));
  ASSERT_OK(contents.Read(first, 17, absl::MakeSpan(out)));
  EXPECT_EQ(std::string(out.begin(), out.end()), a.substr(17, 1000));
  EXPECT_THAT(contents.Read(second, 2001, absl::MakeSpan(out)),
              StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(contents.Read(mastering::ContentHandle{2}, 0, absl::MakeSpan(out)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(SpoolContentsTest, SaysThatAContentIsGone) {
  SpoolContents contents = Contents({SpecOf("x").sha256});
  std::vector<uint8_t> out(1);
  EXPECT_THAT(contents.Read(mastering::ContentHandle{0}, 0, absl::MakeSpan(out)),
              StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace carousel
