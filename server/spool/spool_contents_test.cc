#include "server/spool/spool_contents.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/mastering/content.h"
#include "server/spool/spool_fixture.h"

namespace carousel {
namespace {

class SpoolContentsTest : public SpoolFixture {};

TEST_F(SpoolContentsTest, ReadsTheContentsThatAnImageNamesInAnyOrder) {
  const std::string a = SomeBytes(5000, 1), b = SomeBytes(3000, 2);
  ASSERT_OK(Upload(SpecOf(a, "a"), a));
  ASSERT_OK(Upload(SpecOf(b, "b"), b));
  SpoolContents contents(spool_.get());
  const mastering::ContentHandle first = contents.Add(SpecOf(a).sha256);
  const mastering::ContentHandle second = contents.Add(SpecOf(b).sha256);
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
  SpoolContents contents(spool_.get());
  const mastering::ContentHandle absent = contents.Add(SpecOf("x").sha256);
  std::vector<uint8_t> out(1);
  EXPECT_THAT(contents.Read(absent, 0, absl::MakeSpan(out)), StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace carousel
