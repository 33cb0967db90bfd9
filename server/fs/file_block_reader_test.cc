#include "server/fs/file_block_reader.h"

#include <fstream>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"

namespace carousel {
namespace {

using absl::StatusCode;

std::string WriteFile(const std::string& name, size_t bytes) {
  const std::string path = testing::TempDir() + "/" + name;
  std::ofstream file(path, std::ios::binary);
  for (size_t i = 0; i < bytes; ++i) file.put(static_cast<char>(i / kSectorSize));
  return path;
}

TEST(FileBlockReader, ReadsSectorsUpToItsEnd) {
  ASSERT_OK_AND_ASSIGN(auto disc, FileBlockReader::Open(WriteFile("disc", 3 * 2048 + 100)));
  EXPECT_EQ(disc->end(), Lba(3));
  std::vector<uint8_t> out(2 * 2048);
  ASSERT_OK(disc->Read(Lba(1), absl::MakeSpan(out)));
  EXPECT_EQ(out[0], 1);
  EXPECT_EQ(out[2048], 2);
  EXPECT_THAT(disc->Read(Lba(2), absl::MakeSpan(out)), StatusIs(StatusCode::kOutOfRange));
  EXPECT_THAT(disc->Read(Lba(-1), absl::MakeSpan(out)), StatusIs(StatusCode::kOutOfRange));
  EXPECT_THAT(disc->Read(Lba(0), absl::MakeSpan(out).first(100)),
              StatusIs(StatusCode::kInvalidArgument));
}

TEST(FileBlockReader, SaysThatAFileHasBecomeShorter) {
  const std::string path = WriteFile("shrinks", 2 * 2048);
  ASSERT_OK_AND_ASSIGN(auto disc, FileBlockReader::Open(path));
  WriteFile("shrinks", 2048);
  std::vector<uint8_t> out(2048);
  EXPECT_THAT(disc->Read(Lba(1), absl::MakeSpan(out)), StatusIs(StatusCode::kDataLoss));
}

TEST(FileBlockReader, RefusesWhatIsNoFile) {
  EXPECT_THAT(FileBlockReader::Open(testing::TempDir() + "/absent"),
              StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(FileBlockReader::Open(testing::TempDir()), StatusIs(StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace carousel
