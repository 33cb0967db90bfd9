#include "server/uploads/upload_rates.h"

#include <algorithm>

namespace carousel {
namespace {

constexpr absl::Duration kBurst = absl::Seconds(1);

}  // namespace

absl::Duration UploadRates::Charge(const std::string& principal, size_t bytes) {
  if (bytes_per_second_ == 0) return absl::ZeroDuration();
  const absl::Time now = clock_.Now();
  MutexLock lock(&mutex_);
  absl::Time& full = full_at_.try_emplace(principal, now).first->second;
  full = std::max(full, now) +
         absl::Seconds(1) * (static_cast<double>(bytes) / static_cast<double>(bytes_per_second_));
  return std::max(full - now - kBurst, absl::ZeroDuration());
}

}  // namespace carousel
