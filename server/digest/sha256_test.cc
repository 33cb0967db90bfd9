#include "server/digest/sha256.h"

#include <string>

#include "absl/strings/ascii.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"

namespace carousel {
namespace {

// FIPS 180-4's example of one block, and the digest of nothing.
constexpr char kAbc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr char kNothing[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

absl::Span<const uint8_t> Bytes(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

TEST(Sha256, IsTheStandardsOfAPieceOfText) {
  EXPECT_EQ(ToHex(Sha256(Bytes("abc"))), kAbc);
  EXPECT_EQ(ToHex(Sha256({})), kNothing);
}

TEST(Sha256, OfPiecesIsThatOfTheWhole) {
  Sha256Hasher hasher;
  hasher.Update(Bytes("a"));
  hasher.Update({});
  hasher.Update(Bytes("bc"));
  EXPECT_EQ(ToHex(hasher.Finish()), kAbc);
  EXPECT_EQ(ToHex(hasher.Finish()), kNothing) << "it begins anew";
}

TEST(Sha256, IsReadFromSixtyFourDigitsAndNothingElse) {
  EXPECT_THAT(ParseSha256(kAbc), IsOkAndHolds(Sha256(Bytes("abc"))));
  EXPECT_THAT(ParseSha256(absl::AsciiStrToUpper(kAbc)), IsOkAndHolds(Sha256(Bytes("abc"))));
  for (const std::string& bad : {std::string(), std::string(kAbc).substr(1),
                                 std::string(kAbc) + "0", "g" + std::string(kAbc).substr(1)}) {
    EXPECT_THAT(ParseSha256(bad), StatusIs(absl::StatusCode::kInvalidArgument)) << bad;
  }
}

}  // namespace
}  // namespace carousel
