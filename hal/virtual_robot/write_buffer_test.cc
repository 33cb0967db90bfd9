#include "hal/virtual_robot/write_buffer.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hal/base/types.h"

namespace carousel::virtual_robot {
namespace {

std::vector<uint8_t> Filled(int64_t sectors, uint8_t byte) {
  return std::vector<uint8_t>(sectors * kSectorSize, byte);
}

TEST(WriteBufferTest, WhatIsBufferedCoversWhatTheDiscHasAndLaterWritesCoverEarlierOnes) {
  WriteBuffer buffer;
  buffer.Append(Lba(10), Filled(2, 1));
  buffer.Append(Lba(11), Filled(2, 2));
  EXPECT_EQ(buffer.size(), Sectors(4));
  std::vector<uint8_t> out = Filled(5, 9);
  buffer.Overlay(Lba(9), absl::MakeSpan(out));
  for (const auto& [sector, byte] :
       std::vector<std::pair<int, uint8_t>>{{0, 9}, {1, 1}, {2, 2}, {3, 2}, {4, 9}}) {
    EXPECT_EQ(out[sector * kSectorSize], byte) << sector;
    EXPECT_EQ(out[(sector + 1) * kSectorSize - 1], byte) << sector;
  }
}

TEST(WriteBufferTest, TheOldestLeavesFirst) {
  WriteBuffer buffer;
  buffer.Append(Lba(10), Filled(2, 1));
  buffer.Append(Lba(12), Filled(1, 2));
  EXPECT_EQ(buffer.TakeOldest(Sectors(1)).bytes, Filled(1, 1));
  EXPECT_EQ(buffer.start(), Lba(11));
  EXPECT_EQ(buffer.TakeOldest(Sectors(9)).start, Lba(11)) << "of one write";
  EXPECT_EQ(buffer.size(), Sectors(1));
  buffer.Clear();
  EXPECT_TRUE(buffer.empty());
}

}  // namespace
}  // namespace carousel::virtual_robot
