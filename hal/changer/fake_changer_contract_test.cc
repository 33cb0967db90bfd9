// The changers' double keeps to the contract of changers.
#include <memory>

#include "gtest/gtest.h"
#include "hal/changer/changer_contract.h"
#include "hal/changer/fake_changer.h"

namespace carousel {
namespace {

class FakeChangerDevice : public ChangerContractDevice {
 public:
  explicit FakeChangerDevice(bool can_exchange)
      : changer_({{.address = ElementAddress(1), .type = ElementType::kPicker},
                  {.address = ElementAddress(11)},
                  {.address = ElementAddress(12)},
                  {.address = ElementAddress(13)}}) {
    changer_.Put(slot(1), "D1");
    changer_.Put(slot(2), "D2");
    changer_.set_can_exchange(can_exchange);
  }
  Changer& changer() override { return changer_; }
  ElementAddress slot(int number) const override {
    return ElementAddress(static_cast<uint16_t>(10 + number));
  }

 private:
  FakeChanger changer_;
};

INSTANTIATE_TEST_SUITE_P(
    Fake, ChangerContract,
    testing::Values(ChangerContractParam{"Exchanging",
                                         [] { return std::make_unique<FakeChangerDevice>(true); }},
                    ChangerContractParam{
                        "Plain", [] { return std::make_unique<FakeChangerDevice>(false); }}),
    ChangerContractName);

}  // namespace
}  // namespace carousel
