// What every changer keeps to, as a test suite that each implementation registers:
//
//   INSTANTIATE_TEST_SUITE_P(Smc, ChangerContract, testing::Values(ChangerContractParam{...}),
//                            ChangerContractName);
#ifndef HAL_CHANGER_CHANGER_CONTRACT_H_
#define HAL_CHANGER_CHANGER_CONTRACT_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hal/base/types.h"
#include "hal/changer/changer.h"

namespace carousel {

// A changer with a picker and three slots at least: the first two hold discs D1 and D2, the third
// is empty.
class ChangerContractDevice {
 public:
  virtual ~ChangerContractDevice() = default;
  virtual Changer& changer() = 0;
  // 1 to 3.
  virtual ElementAddress slot(int number) const = 0;
};

struct ChangerContractParam {
  std::string name;
  std::function<std::unique_ptr<ChangerContractDevice>()> make;
};
inline std::string ChangerContractName(const testing::TestParamInfo<ChangerContractParam>& info) {
  return info.param.name;
}

class ChangerContract : public testing::TestWithParam<ChangerContractParam> {
 protected:
  ChangerContract() : device_(GetParam().make()) {}

  Changer& changer() { return device_->changer(); }
  ElementAddress slot(int number) const { return device_->slot(number); }
  // The bar code in an element, "" if it is empty. Fails the test if the changer cannot be read.
  std::string In(ElementAddress address);
  std::vector<Element> Read();

  const std::unique_ptr<ChangerContractDevice> device_;
};

}  // namespace carousel

#endif  // HAL_CHANGER_CHANGER_CONTRACT_H_
