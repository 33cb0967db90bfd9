// FakeDiscWriter keeps to the contract of disc writers.
#include <memory>

#include "gtest/gtest.h"
#include "hal/base/types.h"
#include "hal/drive/disc_writer_contract.h"
#include "hal/drive/drive.h"
#include "hal/drive/fake_drive.h"
#include "hal/drive/fake_media.h"
#include "hal/mmc/profile.h"

namespace carousel {
namespace {

class FakeWriterDevice : public DiscWriterContractDevice {
 public:
  Drive& drive() override { return drive_; }
  void InsertBlank() override {
    drive_.Insert(BlankMedia(mmc::Profile::kDvdPlusR, Sectors(2'295'104)), nullptr);
  }

 private:
  FakeDrive drive_;
};

INSTANTIATE_TEST_SUITE_P(Fake, DiscWriterContract,
                         testing::Values(DiscWriterContractParam{
                             "FakeDrive", [] { return std::make_unique<FakeWriterDevice>(); }}),
                         DiscWriterContractName);

}  // namespace
}  // namespace carousel
