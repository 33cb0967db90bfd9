// The texts that a configuration gives to a virtual drive and to the arm: drive types and fault
// plans.
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "hal/base/types.h"
#include "hal/virtual_robot/drive_type.h"
#include "hal/virtual_robot/fault_plan.h"
#include "hal/virtual_robot/medium.h"
#include "hal/virtual_robot/speed_model.h"
#include "tests/fuzz/check.h"

namespace carousel::virtual_robot {
namespace {

// Whatever the numbers are, time goes on and reads end.
void CheckReads(const DriveType& type, const Medium& medium) {
  const Sectors capacity(100'000);
  SpeedModel model(type, medium, capacity, absl::UnixEpoch());
  absl::Time now = absl::UnixEpoch();
  for (const int64_t start : {0, 64, 70'000, 99'900, 10}) {
    const absl::Time done = model.Read(now, Lba(start), Sectors(64));
    FUZZ_CHECK(done >= now && done < absl::InfiniteFuture());
    now = done + absl::Seconds(start);
  }
}

void CheckType(const DriveType& type) {
  FUZZ_CHECK(!type.name.empty() && type.vendor.size() <= 8 && type.product.size() <= 16);
  for (const char* name : {"CD-R", "DVD+R-DL", "BD-R"}) {
    const Medium& medium = *FindMedium(name);
    const FamilySupport& family = type.family(FamilyOf(medium.profile));
    FUZZ_CHECK(!family.writes || (family.reads && !family.write_speeds.empty()));
    if (!family.reads) continue;
    for (const double part : {0.0, 0.3, 1.0}) {
      FUZZ_CHECK(std::isfinite(family.read_speed.At(part)) && family.read_speed.At(part) > 0);
    }
    CheckReads(type, medium);
  }
}

void Fuzz(absl::string_view text) {
  if (const absl::StatusOr<DriveType> type = ParseDriveType(text); type.ok()) CheckType(*type);
  if (absl::StatusOr<DriveFaultPlan> plan = ParseDriveFaultPlan(text); plan.ok()) {
    for (int i = 0; i < 3; ++i) {
      for (int opcode = 0; opcode <= 0xFF; ++opcode) {
        const DriveFault* fault = plan->Next(static_cast<uint8_t>(opcode));
        if (fault != nullptr) FUZZ_CHECK(fault->opcode == opcode && fault->at >= 1);
      }
    }
  }
  if (absl::StatusOr<MoveFaultPlan> plan = ParseMoveFaultPlan(text); plan.ok()) plan->Next();
}

}  // namespace
}  // namespace carousel::virtual_robot

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  carousel::virtual_robot::Fuzz({reinterpret_cast<const char*>(data), size});
  return 0;
}
