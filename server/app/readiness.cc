#include "server/app/readiness.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace carousel {
namespace {

constexpr absl::Duration kInterval = absl::Seconds(1);

}  // namespace

std::vector<std::string> Readiness::Reasons() const {
  std::vector<std::string> reasons;
  if (draining_()) reasons.push_back("draining");
  const absl::Status changer = library_->inventory_status();
  if (!changer.ok()) reasons.push_back(absl::StrCat("changer: ", changer.message()));
  for (const DriveView& drive : robots_->Drives(0, robots_->drive_count())) {
    if (drive.condition != DriveCondition::kFailed) continue;
    reasons.push_back(absl::StrCat("drives/", drive.id, ": ", drive.reason));
  }
  return reasons;
}

absl::Duration Readiness::Update(const Publish& publish) {
  const std::string reasons = absl::StrJoin(Reasons(), "; ");
  MutexLock lock(&mutex_);
  if (told_ && reasons == last_) return kInterval;
  if (!told_ || reasons.empty() != last_.empty()) publish(reasons.empty());
  told_ = true;
  last_ = reasons;
  if (log_ == nullptr) return kInterval;
  if (reasons.empty())
    log_->Info("ready");
  else
    log_->Warning("not ready", {{log_key::kReason, reasons}});
  return kInterval;
}

}  // namespace carousel
