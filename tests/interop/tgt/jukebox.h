// A changer with a picker, two drives and an element for a third, an import/export element and four
// slots, the first two with discs, as tgt has them.
#ifndef TESTS_INTEROP_TGT_JUKEBOX_H_
#define TESTS_INTEROP_TGT_JUKEBOX_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "hal/base/clock.h"
#include "hal/base/types.h"
#include "hal/changer/smc_changer.h"
#include "tests/interop/tgt/tgt_target.h"

namespace carousel {

class Jukebox {
 public:
  static constexpr int kChangerLun = 9;
  static constexpr uint16_t kFirstSlot = 1024;
  static constexpr ElementAddress kFirstDrive{256}, kSecondDrive{257}, kPort{768};
  // Serial numbers by LUN, 1 and 2; the elements hold them the other way round, so that order tells
  // nothing.
  static constexpr char kSerials[][9] = {"", "DRV00001", "DRV00002"};

  // Bar codes of the discs in the first slots.
  explicit Jukebox(std::vector<std::string> barcodes);
  ~Jukebox();
  Jukebox(const Jukebox&) = delete;
  Jukebox& operator=(const Jukebox&) = delete;

  // `more`: words of tgtadm. Again after target().Kill().
  absl::Status Start(const std::vector<std::string>& more = {});
  std::unique_ptr<SmcChanger> OpenChanger(Clock* clock);

  TgtTarget& target() { return *target_; }
  // The file of a disc.
  std::string MediumOf(const std::string& barcode) const;
  static ElementAddress Slot(int number) {
    return ElementAddress(static_cast<uint16_t>(kFirstSlot + number - 1));
  }

 private:
  const std::vector<std::string> barcodes_;
  std::unique_ptr<TgtTarget> target_;
};

}  // namespace carousel

#endif  // TESTS_INTEROP_TGT_JUKEBOX_H_
