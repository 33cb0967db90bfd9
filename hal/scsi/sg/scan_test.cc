#include "hal/scsi/sg/scan.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"

namespace carousel::scsi {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// A sysfs with the devices that are added.
class ScanTest : public testing::Test {
 protected:
  ScanTest() : root_(fs::path(testing::TempDir()) / "sysfs") { fs::remove_all(root_); }
  ~ScanTest() override { fs::remove_all(root_); }

  fs::path Add(const std::string& sg, const std::string& address, const std::string& type,
               const std::string& product) {
    const fs::path device = root_ / "devices" / address;
    fs::create_directories(device);
    Write(device / "type", type + "\n");
    Write(device / "vendor", "ACME    \n");
    Write(device / "model", product + "\n");
    Write(device / "rev", "1.00\n");
    const fs::path generic = root_ / "class/scsi_generic" / sg;
    fs::create_directories(generic);
    fs::create_directory_symlink(device, generic / "device");
    return device;
  }
  static void Write(const fs::path& file, const std::string& contents) {
    std::ofstream(file, std::ios::binary) << contents;
  }
  std::vector<ScsiDevice> Scan() const { return ScanScsiDevices(root_.string()); }

  const fs::path root_;
};

TEST_F(ScanTest, AMachineWithoutSgHasNone) { EXPECT_THAT(Scan(), IsEmpty()); }

TEST_F(ScanTest, DevicesComeByTheirNumbersWithWhatTheKernelKnows) {
  const fs::path drive = Add("sg10", "2:0:0:1", "5", "BURNER          ");
  fs::create_directories(drive / "block" / "sr0");
  Write(drive / "vpd_pg80", std::string("\x05\x80\x00\x08  SER42\0", 12));
  Add("sg9", "2:0:0:0", "8", "CHANGER");
  const std::vector<ScsiDevice> devices = Scan();
  ASSERT_THAT(devices, SizeIs(2));
  EXPECT_EQ(devices[0].sg_path, "/dev/sg9");
  EXPECT_EQ(devices[0].device_type, 8);
  EXPECT_EQ(devices[0].serial, "");
  EXPECT_EQ(devices[0].block_path, "");
  EXPECT_EQ(devices[1].sg_path, "/dev/sg10");
  EXPECT_EQ(devices[1].block_path, "/dev/sr0");
  EXPECT_EQ(devices[1].address, "2:0:0:1");
  EXPECT_EQ(devices[1].device_type, 5);
  EXPECT_EQ(devices[1].vendor, "ACME");
  EXPECT_EQ(devices[1].product, "BURNER");
  EXPECT_EQ(devices[1].revision, "1.00");
  EXPECT_EQ(devices[1].serial, "SER42");
}

TEST_F(ScanTest, APageThatLiesAboutItsLengthIsCutAtItsEnd) {
  const fs::path drive = Add("sg0", "2:0:0:1", "x", "BURNER");
  Write(drive / "vpd_pg80", std::string("\x05\x80\xFF\xFF"
                                        "AB\x01",
                                        7));
  const std::vector<ScsiDevice> devices = Scan();
  ASSERT_THAT(devices, SizeIs(1));
  EXPECT_EQ(devices[0].serial, "AB?");
  EXPECT_EQ(devices[0].device_type, -1);
  Write(drive / "vpd_pg80", "\x05");
  EXPECT_EQ(Scan()[0].serial, "");
}

TEST(FindBySerialTest, OneDeviceHasIt) {
  const std::vector<ScsiDevice> devices = {{.sg_path = "/dev/sg0", .serial = "A"},
                                           {.sg_path = "/dev/sg1", .serial = "B"}};
  ASSERT_OK_AND_ASSIGN(const ScsiDevice found, FindBySerial(devices, "B"));
  EXPECT_EQ(found.sg_path, "/dev/sg1");
}

TEST(FindBySerialTest, NoneOrTwoAreRefusedWithWhatThereIs) {
  const std::vector<ScsiDevice> devices = {{.sg_path = "/dev/sg0", .serial = "A"},
                                           {.sg_path = "/dev/sg1", .serial = "A"},
                                           {.sg_path = "/dev/sg2"}};
  EXPECT_THAT(FindBySerial(devices, "A"), StatusIs(absl::StatusCode::kFailedPrecondition));
  const absl::Status none = FindBySerial(devices, "C").status();
  EXPECT_TRUE(absl::IsNotFound(none));
  EXPECT_THAT(std::string(none.message()), HasSubstr("/dev/sg2"));
  EXPECT_THAT(FindBySerial(devices, ""), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(FindBySerial({}, "C"), StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace carousel::scsi
