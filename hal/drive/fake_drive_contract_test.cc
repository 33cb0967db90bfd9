// FakeDrive keeps to the contract of drives.
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "hal/base/byte_order.h"
#include "hal/base/types.h"
#include "hal/drive/drive_contract.h"
#include "hal/drive/fake_drive.h"
#include "hal/drive/fake_image.h"
#include "hal/drive/fake_media.h"
#include "hal/mmc/profile.h"

namespace carousel {
namespace {

using namespace contract_disc;  // NOLINT: the constants of the suite's one disc

class FakeDriveDevice : public DriveContractDevice {
 public:
  Drive& drive() override { return drive_; }
  void Insert() override {
    const std::vector<FakeSession> sessions = {{Lba(0), kFirstSession},
                                               {kSecondStart, kSecondSession}};
    auto image = std::make_shared<FakeImage>();
    for (const FakeSession& session : sessions) {
      std::vector<uint8_t> bytes(session.size.bytes());
      for (int64_t i = 0; i < session.size.value(); ++i) {
        StoreBe32(&bytes[i * kSectorSize], session.start.value() + i);
      }
      image->Write(session.start, bytes);
    }
    drive_.Insert(
        AppendableMedia(mmc::Profile::kDvdPlusR, sessions, kNextWritable, Sectors(2'295'104)),
        image);
  }
  void Remove() override { drive_.Remove(); }

 private:
  FakeDrive drive_;
};

INSTANTIATE_TEST_SUITE_P(Fake, DriveContract,
                         testing::Values(DriveContractParam{
                             "FakeDrive", [] { return std::make_unique<FakeDriveDevice>(); }}),
                         DriveContractName);

}  // namespace
}  // namespace carousel
