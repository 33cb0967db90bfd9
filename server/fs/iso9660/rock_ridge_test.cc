#include "server/fs/iso9660/rock_ridge.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/fs/iso9660/image_builder.h"
#include "server/fs/memory_block_reader.h"

namespace carousel::iso9660 {
namespace {

using absl::StatusCode;
using testing::Optional;

constexpr Lba kAt{20};

// A disc of 100 sectors whose continuation areas begin at sector 50.
class RockRidgeTest : public testing::Test {
 protected:
  absl::Status Read(absl::string_view use) {
    continuations_.emplace(&disc_, int64_t{1} << 20);
    RockRidgeReader reader(&*continuations_, skip_);
    // The record's bytes outlive what is read of them.
    use_ = std::string(use);
    return reader.Read(
        absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(use_.data()), use_.size()), kAt, out_);
  }
  void Put(int sector, absl::string_view bytes) {
    std::copy(bytes.begin(), bytes.end(), disc_.image().begin() + sector * kSectorSize);
  }

  MemoryBlockReader disc_{std::vector<uint8_t>(100 * kSectorSize)};
  std::optional<ContinuationReader> continuations_;
  uint8_t skip_ = 0;
  std::string use_;
  RockRidge out_;
};

TEST_F(RockRidgeTest, ReadsNameAttributesAndTimes) {
  const std::string times(
      "\x0E\x7B\x0B\x0E\x16\x0D\x14\x00\x7B\x0B\x0E\x16\x0D\x15\x00"
      "\x7B\x0B\x0E\x16\x0D\x16\x00",
      22);
  ASSERT_OK(Read(absl::StrCat(Nm("name"), Px(0100644, 2, 1000, 100), Entry("TF", times))));
  EXPECT_EQ(out_.name, "name");
  EXPECT_EQ(out_.type, EntryType::kFile);
  EXPECT_EQ(out_.posix, (PosixAttributes{.mode = 0644, .uid = 1000, .gid = 100, .links = 2}));
  EXPECT_THAT(out_.modify_time, Optional(170'000'000'000));
  ASSERT_OK(Read(PxWithSerial(0104755, 77)));
  EXPECT_EQ(out_.posix.inode, 77u);
  EXPECT_EQ(out_.posix.mode, 04755u);
  EXPECT_FALSE(out_.has_name);
}

TEST_F(RockRidgeTest, ReadsTheLongFormOfTimesBehindACreationTime) {
  const std::string stamp = absl::StrCat("2023111422132042", absl::string_view("\0", 1));
  ASSERT_OK(Read(
      Entry("TF", absl::StrCat("\x83", stamp, "2023111422132099", absl::string_view("\0", 1)))));
  EXPECT_THAT(out_.modify_time, Optional(170'000'000'099));
}

TEST_F(RockRidgeTest, KnowsEveryType) {
  const std::pair<uint32_t, EntryType> types[] = {
      {0040755, EntryType::kDirectory},   {0120777, EntryType::kSymlink},
      {0010644, EntryType::kFifo},        {0020600, EntryType::kCharacterDevice},
      {0060600, EntryType::kBlockDevice}, {0140755, EntryType::kSocket}};
  for (const auto& [mode, type] : types) {
    ASSERT_OK(Read(Px(mode)));
    EXPECT_EQ(out_.type, type);
    EXPECT_FALSE(out_.unknown_type);
  }
  ASSERT_OK(Read(Px(0170000)));
  EXPECT_TRUE(out_.unknown_type);
}

TEST_F(RockRidgeTest, JoinsTheComponentsOfATarget) {
  ASSERT_OK(Read(Sl(absl::StrCat(Component("", 4), Component("up"), Component("", 2),
                                 Component("lo", 1), Component("ng")))));
  EXPECT_EQ(out_.target, "../up/./long");
  ASSERT_OK(Read(Sl(absl::StrCat(Component("", 8), Component("etc")))));
  EXPECT_EQ(out_.target, "/etc");
  // A component that goes on in the next entry.
  ASSERT_OK(Read(absl::StrCat(Sl(Component("a", 1), 1), Sl(Component("b"), 1), Sl(Component("c")),
                              Sl(Component("not this")))));
  EXPECT_EQ(out_.target, "ab/c");
}

TEST_F(RockRidgeTest, CutsATargetWhoseComponentLies) {
  std::string use = Sl(absl::StrCat(Component("good"), Component("bad")));
  use[use.size() - 4] = 77;
  ASSERT_OK(Read(absl::StrCat(use, "no entry")));
  EXPECT_TRUE(out_.target_cut);
  EXPECT_EQ(out_.target, "good/bad");
}

TEST_F(RockRidgeTest, RefusesATargetWithANul) {
  EXPECT_THAT(Read(Sl(Component(absl::string_view("a\0b", 3)))), StatusIs(StatusCode::kDataLoss));
}

TEST_F(RockRidgeTest, FollowsAChainOfContinuations) {
  Put(50, absl::StrCat(Nm("middle-", 1), Ce(52, 100, Nm("end").size())));
  Put(52, absl::StrCat(std::string(100, '\0'), Nm("end")));
  ASSERT_OK(Read(absl::StrCat(Nm("start-", 1), Ce(50, 0, Nm("middle-").size() + 28))));
  EXPECT_EQ(out_.name, "start-middle-end");
  // A later record's continuations leave no trace.
  ASSERT_OK(Read(Nm("other")));
  EXPECT_EQ(out_.name, "other");
}

TEST_F(RockRidgeTest, ReadsContinuationsThatCrossWindowsAndSectors) {
  const std::string entries = absl::StrCat(Nm(std::string(200, 'n'), 1), Nm("end"));
  const size_t begin = 64 * kSectorSize - 100;  // 64 is where a window begins
  std::copy(entries.begin(), entries.end(), disc_.image().begin() + begin);
  ASSERT_OK(Read(Ce(63, kSectorSize - 100, entries.size())));
  EXPECT_EQ(out_.name, absl::StrCat(std::string(200, 'n'), "end"));
}

TEST_F(RockRidgeTest, EndsACycleOfContinuations) {
  Put(50, Ce(50, 0, 28));
  EXPECT_THAT(Read(Ce(50, 0, 28)), StatusIs(StatusCode::kDataLoss));
  Put(50, Ce(51, 0, 28));
  Put(51, Ce(50, 0, 28));
  EXPECT_THAT(Read(Ce(50, 0, 28)), StatusIs(StatusCode::kDataLoss));
}

TEST_F(RockRidgeTest, RefusesContinuationsOutsideTheDisc) {
  for (const std::string& ce : {Ce(100, 0, 28), Ce(99, 2040, 28), Ce(0xFFFFFFFF, 0xFFFFFFFF, 4),
                                Ce(50, 0, 70'000), Ce(50, 0xFFFFFFFF, 4)})
    EXPECT_THAT(Read(ce), StatusIs(StatusCode::kDataLoss));
}

TEST_F(RockRidgeTest, ReadsNothingForAContinuationWithoutBytes) {
  disc_.FailAt(Lba(50), absl::DataLossError("scratch"));
  for (const uint32_t block : {50, 100}) {
    ASSERT_OK(Read(absl::StrCat(Nm("name"), Ce(block, 0, 0))));
    EXPECT_EQ(out_.name, "name");
  }
  EXPECT_TRUE(disc_.reads().empty());
}

TEST_F(RockRidgeTest, ReadsAContinuationWhoseNeighbourIsDamaged) {
  Put(50, Nm("name"));
  disc_.FailAt(Lba(51), absl::DataLossError("scratch"));
  ASSERT_OK(Read(Ce(50, 0, 9)));
  EXPECT_EQ(out_.name, "name");
  disc_.FailAt(Lba(50), absl::DataLossError("scratch"));
  EXPECT_THAT(Read(Ce(50, 0, 9)), StatusIs(StatusCode::kDataLoss));
}

TEST_F(RockRidgeTest, RefusesEntriesWhoseLengthLies) {
  EXPECT_THAT(Read("NM\x03\x01"), StatusIs(StatusCode::kDataLoss));
  EXPECT_THAT(Read("NM\x40\x01\x01name"), StatusIs(StatusCode::kDataLoss));
  for (const char* signature : {"NM", "SL", "PX", "CE", "CL", "PN"})
    EXPECT_THAT(Read(Entry(signature, "")), StatusIs(StatusCode::kDataLoss)) << signature;
}

TEST_F(RockRidgeTest, SkipsWhatItDoesNotKnowAndStopsAtTheEnd) {
  ASSERT_OK(Read(absl::StrCat(Entry("ZF", "pz\x04\x0F"), Entry("SF", Both(1)), Entry("AL", "?"),
                              Entry("RR", "\x89"), Nm("name"), Entry("ST", ""), Re())));
  EXPECT_EQ(out_.name, "name");
  EXPECT_FALSE(out_.relocated);
  ASSERT_OK(Read(absl::StrCat(Nm("padded"), std::string(9, '\0'))));
  EXPECT_EQ(out_.name, "padded");
}

TEST_F(RockRidgeTest, SkipsTheBytesThatTheRootAsksFor) {
  skip_ = 14;
  ASSERT_OK(Read(absl::StrCat(std::string(14, 'x'), Nm("name"))));
  EXPECT_EQ(out_.name, "name");
  ASSERT_OK(Read("short"));
  EXPECT_FALSE(out_.has_name);
}

TEST_F(RockRidgeTest, ReadsLinksOfRelocationAndDevices) {
  ASSERT_OK(Read(absl::StrCat(Cl(345), Entry("PL", Both(12)), Re(),
                              Entry("PN", absl::StrCat(Both(8), Both(17))))));
  EXPECT_THAT(out_.child_link, Optional(345u));
  EXPECT_TRUE(out_.relocated);
  EXPECT_EQ(out_.posix.device, 0x800000011u);
}

TEST_F(RockRidgeTest, SaysThatHalvesOfAFieldDiffer) {
  std::string use = Px(0100644);
  use[11] ^= 1;
  ASSERT_OK(Read(use));
  EXPECT_TRUE(out_.halves_differ);
  EXPECT_EQ(out_.posix.mode, 0644u);
}

TEST(FindSharingProtocol, LooksAtTheStartAndBehindXa) {
  const auto find = [](absl::string_view use) {
    return FindSharingProtocol(
        absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(use.data()), use.size()));
  };
  EXPECT_THAT(find(Sp(5)), Optional(5));
  EXPECT_THAT(find(absl::StrCat(std::string(14, 'x'), Sp(14))), Optional(14));
  EXPECT_EQ(find(absl::StrCat(Nm("x"), Sp(0))), std::nullopt);
  EXPECT_EQ(find("SP\x07\x01\xBE\xEE"), std::nullopt);
  EXPECT_EQ(find(""), std::nullopt);
}

}  // namespace
}  // namespace carousel::iso9660
