#include "server/fs/iso9660/volume_descriptor.h"

#include <array>
#include <cstring>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/byte_order.h"
#include "hal/base/status_matchers.h"
#include "server/imapi/error.h"

namespace carousel::iso9660 {
namespace {

using imapi::Hresult;
using Sector = std::array<uint8_t, kSectorSize>;

constexpr Lba kAt{16};
constexpr Lba kEnd{1000};

void Both32(uint8_t* p, uint32_t value) {
  StoreLe32(p, value);
  StoreBe32(p + 4, value);
}

// A descriptor as genisoimage writes it in a session at 20,000 of a longer disc.
Sector Descriptor(uint8_t type, const char* name) {
  Sector sector = {};
  sector[0] = type;
  std::memcpy(&sector[1], "CD001\x01", 6);
  std::memset(&sector[40], ' ', 32);
  std::memcpy(&sector[40], name, std::strlen(name));
  Both32(&sector[80], 330);
  StoreLe16(&sector[128], 2048);
  StoreBe16(&sector[130], 2048);
  Both32(&sector[132], 62);
  StoreLe32(&sector[140], 20);
  sector[156] = 34;
  Both32(&sector[158], 28);
  Both32(&sector[166], 2048);
  return sector;
}

Hresult HresultOf(const absl::Status& status) {
  const auto detail = imapi::GetDetail(status);
  return detail.has_value() ? detail->hresult : Hresult{0};
}

TEST(DecodeVolume, ReadsAPrimaryDescriptor) {
  ASSERT_OK_AND_ASSIGN(const Volume volume, DecodeVolume(Descriptor(1, "BACKUP 7"), kAt, kEnd));
  EXPECT_EQ(volume.volume_name, "BACKUP 7");
  EXPECT_EQ(volume.root, Lba(28));
  EXPECT_EQ(volume.root_bytes, 2048);
  EXPECT_EQ(volume.path_table, Lba(20));
  EXPECT_EQ(volume.path_table_bytes, 62);
  EXPECT_EQ(volume.volume_space, Sectors(330));
}

TEST(DecodeVolume, TakesForeignCharactersAsLatin1) {
  ASSERT_OK_AND_ASSIGN(const Volume volume, DecodeVolume(Descriptor(1, "M\xDCLL"), kAt, kEnd));
  EXPECT_EQ(volume.volume_name, "M\xC3\x9CLL");
}

TEST(DecodeVolume, ReadsJolietNames) {
  Sector sector = Descriptor(2, "");
  std::memcpy(&sector[88], "%/E", 3);
  std::memset(&sector[40], 0, 32);
  const uint8_t name[] = {0, 'A', 0x20, 0xAC, 0, ' '};
  std::memcpy(&sector[40], name, sizeof(name));
  EXPECT_EQ(JolietLevelOf(sector), 3);
  ASSERT_OK_AND_ASSIGN(const Volume volume, DecodeVolume(sector, kAt, kEnd));
  EXPECT_EQ(volume.volume_name, "A\xE2\x82\xAC");
}

TEST(DecodeVolume, KnowsJolietFromAnEnhancedDescriptor) {
  Sector sector = Descriptor(2, "X");
  EXPECT_EQ(JolietLevelOf(sector), 0);
  std::memcpy(&sector[88], "%/@", 3);
  EXPECT_EQ(JolietLevelOf(sector), 1);
  sector[90] = 'C';
  EXPECT_EQ(JolietLevelOf(sector), 2);
  sector[6] = 2;
  EXPECT_EQ(JolietLevelOf(sector), 0);
}

TEST(DecodeVolume, TakesTheHalfOfAFieldThatMakesSense) {
  Sector sector = Descriptor(1, "X");
  StoreBe32(&sector[162], 0);
  StoreLe32(&sector[166], 0xFFFFFFFF);
  ASSERT_OK_AND_ASSIGN(const Volume volume, DecodeVolume(sector, kAt, kEnd));
  EXPECT_EQ(volume.root, Lba(28));
  EXPECT_EQ(volume.root_bytes, 2048);
}

TEST(DecodeVolume, RefusesHalvesThatDifferAndBothMakeSense) {
  Sector sector = Descriptor(1, "X");
  StoreBe32(&sector[162], 29);
  const absl::Status status = DecodeVolume(sector, kAt, kEnd).status();
  EXPECT_EQ(HresultOf(status), Hresult::IMAPI_E_FILE_SYSTEM_READ_CONSISTENCY_ERROR);
  EXPECT_EQ(imapi::GetDetail(status)->metadata.at("block"), "16");
}

TEST(DecodeVolume, RefusesARootThatCannotBeRead) {
  EXPECT_EQ(HresultOf(DecodeVolume(Descriptor(1, "X"), kAt, Lba(28)).status()),
            Hresult::IMAPI_E_FILE_SYSTEM_READ_CONSISTENCY_ERROR);
  Sector sector = Descriptor(1, "X");
  Both32(&sector[166], 0xFFFFFFFF);
  EXPECT_EQ(HresultOf(DecodeVolume(sector, kAt, kEnd).status()),
            Hresult::IMAPI_E_FILE_SYSTEM_READ_CONSISTENCY_ERROR);
}

TEST(DecodeVolume, SkipsTheRootsExtendedAttributes) {
  Sector sector = Descriptor(1, "X");
  sector[157] = 2;
  ASSERT_OK_AND_ASSIGN(const Volume volume, DecodeVolume(sector, kAt, kEnd));
  EXPECT_EQ(volume.root, Lba(30));
}

TEST(DecodeVolume, RefusesOtherBlockSizes) {
  Sector sector = Descriptor(1, "X");
  StoreLe16(&sector[128], 512);
  StoreBe16(&sector[130], 512);
  EXPECT_EQ(HresultOf(DecodeVolume(sector, kAt, kEnd).status()),
            Hresult::IMAPI_E_FILE_SYSTEM_FEATURE_NOT_SUPPORTED);
}

TEST(TypeOf, TellsDescriptorsApart) {
  EXPECT_EQ(TypeOf(Descriptor(0, "")), DescriptorType::kBoot);
  EXPECT_EQ(TypeOf(Descriptor(1, "")), DescriptorType::kPrimary);
  EXPECT_EQ(TypeOf(Descriptor(2, "")), DescriptorType::kSupplementary);
  EXPECT_EQ(TypeOf(Descriptor(3, "")), DescriptorType::kPartition);
  EXPECT_EQ(TypeOf(Descriptor(255, "")), DescriptorType::kTerminator);
  EXPECT_EQ(TypeOf(Descriptor(77, "")), DescriptorType::kUnknown);
  Sector foreign = Descriptor(1, "");
  foreign[1] = 'X';
  EXPECT_EQ(TypeOf(foreign), DescriptorType::kNone);
  EXPECT_EQ(TypeOf(absl::MakeConstSpan(foreign).first(100)), DescriptorType::kNone);
  EXPECT_THAT(DecodeVolume(Descriptor(0, ""), kAt, kEnd),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace carousel::iso9660
