#include "server/app/inventory_keeper.h"

#include <algorithm>

#include "absl/status/status.h"

namespace carousel {
namespace {

constexpr absl::Duration kFirstPause = absl::Seconds(1);
constexpr absl::Duration kLongestPause = absl::Minutes(1);
constexpr int kMostDoublings = 6;

}  // namespace

absl::Duration InventoryKeeper::Check() {
  if (library_->inventory_status().ok()) return kFirstPause;
  const absl::Status taken = library_->TakeInventory();
  if (taken.ok()) {
    failures_ = 0;
    if (log_ != nullptr)
      log_->Info("inventory taken", {{"discs", library_->inventory()->discs().size()}});
    return kFirstPause;
  }
  if (log_ != nullptr) log_->Warning("the changer did not answer", {{log_key::kError, taken}});
  const absl::Duration pause = kFirstPause * (1 << std::min(failures_, kMostDoublings));
  ++failures_;
  return std::min(pause, kLongestPause);
}

}  // namespace carousel
