#include "server/fs/iso9660/rock_ridge_writer.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/fs/iso9660/continuation.h"
#include "server/fs/iso9660/rock_ridge.h"
#include "server/fs/memory_block_reader.h"

namespace carousel::iso9660 {
namespace {

using testing::Optional;

constexpr uint32_t kBlock = 40;  // where continuations begin
constexpr size_t kRoom = 150;

// Writes entries and reads them again, from a disc that holds the continuations.
class RockRidgeWriterTest : public testing::Test {
 protected:
  RockRidgeWriterTest() { Use(RockRidgeVersion::k1_12); }

  void Use(RockRidgeVersion version) {
    writer_.emplace(version);
    writer_->Start(kBlock);
  }

  absl::Status Write(const NewRockRidge& entry, size_t room = kRoom) {
    return writer_->Write(entry, room, use_);
  }

  // What was written last.
  RockRidge Read() {
    std::vector<uint8_t> disc(kBlock * kSectorSize);
    disc.insert(disc.end(), writer_->continuations().begin(), writer_->continuations().end());
    disc_.emplace(disc);
    continuations_.emplace(&*disc_, int64_t{1} << 30);
    RockRidge out;
    EXPECT_OK(RockRidgeReader(&*continuations_, 0).Read(use_, Lba(20), out));
    EXPECT_FALSE(out.halves_differ);
    EXPECT_FALSE(out.target_cut);
    return out;
  }

  std::optional<RockRidgeWriter> writer_;
  std::vector<uint8_t> use_;
  std::optional<MemoryBlockReader> disc_;
  std::optional<ContinuationReader> continuations_;
};

TEST_F(RockRidgeWriterTest, WritesAttributesNameAndTime) {
  const PosixAttributes posix = {.mode = 04755, .uid = 1000, .gid = 0xFFFFFFFE, .links = 3};
  ASSERT_OK(Write({.posix = posix, .serial = 77, .modify_time = 170'000'000'099, .name = "name"}));
  const RockRidge read = Read();
  EXPECT_EQ(read.name, "name");
  EXPECT_EQ(read.type, EntryType::kFile);
  EXPECT_EQ(read.posix.mode, posix.mode);
  EXPECT_EQ(read.posix.uid, posix.uid);
  EXPECT_EQ(read.posix.gid, posix.gid);
  EXPECT_EQ(read.posix.links, posix.links);
  EXPECT_EQ(read.posix.inode, 77u);
  EXPECT_THAT(read.modify_time, Optional(170'000'000'000));
  EXPECT_TRUE(writer_->continuations().empty());
}

TEST_F(RockRidgeWriterTest, SerialNumbersAreOfVersion1_12) {
  Use(RockRidgeVersion::k1_10);
  ASSERT_OK(Write({.serial = 77, .name = "name"}));
  EXPECT_EQ(Read().posix.inode, 0u);
}

TEST_F(RockRidgeWriterTest, WritesTheTypesAndTheNumbersOfDevices) {
  for (const EntryType type :
       {EntryType::kFile, EntryType::kDirectory, EntryType::kFifo, EntryType::kCharacterDevice,
        EntryType::kBlockDevice, EntryType::kSocket, EntryType::kSymlink}) {
    ASSERT_OK(Write({.type = type,
                     .posix = PosixAttributes{.device = 0x1234567890ABCDEF},
                     .name = "n",
                     .target = "t"}));
    const RockRidge read = Read();
    EXPECT_EQ(read.type, type);
    const bool is_device = type == EntryType::kCharacterDevice || type == EntryType::kBlockDevice;
    EXPECT_EQ(read.posix.device, is_device ? 0x1234567890ABCDEF : 0);
    EXPECT_EQ(read.has_target, type == EntryType::kSymlink);
  }
}

TEST_F(RockRidgeWriterTest, YearsThatTheShortFormDoesNotHaveTakeTheLongOne) {
  for (const int64_t time : {int64_t{-300'000'000'000}, int64_t{600'000'000'042}}) {
    ASSERT_OK(Write({.modify_time = time, .name = "n"}));
    EXPECT_THAT(Read().modify_time, Optional(time));
  }
}

TEST_F(RockRidgeWriterTest, NamesOfEveryLengthSurviveInEveryRoom) {
  for (size_t room = 120; room <= 220; room += 10) {
    for (size_t length = 1; length <= FileTree::kMaxNameBytes; length += 1 + length / 20) {
      std::string name;
      while (name.size() < length) name += absl::StrCat(name.size(), "-");
      name.resize(length);
      ASSERT_OK(Write({.name = name}, room));
      ASSERT_LE(use_.size(), room);
      ASSERT_EQ(Read().name, name) << room;
      if (writer_->continuations().size() > 200 * kSectorSize) writer_->Start(kBlock);
    }
  }
}

TEST_F(RockRidgeWriterTest, TargetsOfEveryKindSurvive) {
  const std::string component(255, 'c');
  const std::string targets[] = {"a",
                                 "/",
                                 "/a",
                                 ".",
                                 "..",
                                 "../../x/./y",
                                 "a/",
                                 "/..",
                                 "./",
                                 component,
                                 absl::StrCat("/", component, "/b"),
                                 std::string(248, 'x'),
                                 std::string(249, 'x'),
                                 std::string(4095, 'y'),
                                 absl::StrCat(component, "/", component, "/", component)};
  for (const std::string& target : targets) {
    ASSERT_OK(Write({.type = EntryType::kSymlink, .name = "link", .target = target}));
    EXPECT_EQ(Read().target, target);
  }
}

TEST_F(RockRidgeWriterTest, TargetsOfEveryLengthSurviveBesideLongNames) {
  const std::string name(200, 'n');
  for (size_t length = 1; length < 4096; length += 1 + length / 20) {
    std::string target;
    while (target.size() < length) absl::StrAppend(&target, target.size(), "/");
    target.resize(length);
    ASSERT_OK(Write({.type = EntryType::kSymlink, .name = name, .target = target}));
    const RockRidge read = Read();
    ASSERT_EQ(read.target, target);
    ASSERT_EQ(read.name, name);
  }
}

TEST_F(RockRidgeWriterTest, TargetsThatNeedMoreContinuationsThanReadersFollowAreRefused) {
  std::string target;
  while (target.size() < 60'000) target += "a/";
  EXPECT_THAT(Write({.type = EntryType::kSymlink, .name = "link", .target = target}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(RockRidgeWriterTest, NoContinuationCrossesASector) {
  for (int i = 0; i < 100; ++i) {
    ASSERT_OK(Write({.name = std::string(255, 'n')}));
    // The last entry in the record says where the rest is.
    const uint8_t* pointer = use_.data() + use_.size() - 28;
    ASSERT_EQ(std::string(pointer, pointer + 2), "CE");
    EXPECT_LE(pointer[12] + pointer[13] * 256 + pointer[20] + pointer[21] * 256, kSectorSize);
  }
}

TEST_F(RockRidgeWriterTest, TheRootSaysThatAndWhichRockRidgeItIs) {
  for (const auto& [version, id] : {std::pair(RockRidgeVersion::k1_10, "RRIP_1991A"),
                                    std::pair(RockRidgeVersion::k1_12, "IEEE_1282")}) {
    Use(version);
    ASSERT_OK(Write({.type = EntryType::kDirectory, .is_root_self = true}));
    EXPECT_THAT(FindSharingProtocol(use_), Optional(0));
    const std::string continued(writer_->continuations().begin(), writer_->continuations().end());
    EXPECT_EQ(continued.substr(0, 2), "ER");
    EXPECT_EQ(continued.size(), static_cast<uint8_t>(continued[2]));
    EXPECT_THAT(continued, testing::HasSubstr(id));
    EXPECT_FALSE(Read().has_name);
  }
}

}  // namespace
}  // namespace carousel::iso9660
