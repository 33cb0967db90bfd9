#include "server/imapi/hresult.h"

#include <algorithm>

namespace carousel::imapi {
namespace {

constexpr uint32_t kSeverityBit = 0x80000000;
constexpr uint32_t kFacilityMask = 0x0FFF0000;
constexpr uint32_t kFacilityImapi2 = 0x00AA0000;

constexpr HresultInfo kCatalogue[] = {
#define CAROUSEL_HRESULT(name, value, code, retry, gloss) \
  {Hresult::name, #name, absl::StatusCode::code, Retry::retry, gloss},
#include "server/imapi/hresults.inc"
#undef CAROUSEL_HRESULT
};

}  // namespace

absl::Span<const HresultInfo> AllHresults() { return kCatalogue; }

const HresultInfo* FindHresult(Hresult hresult) {
  const auto* found =
      std::find_if(std::begin(kCatalogue), std::end(kCatalogue),
                   [hresult](const HresultInfo& info) { return info.hresult == hresult; });
  return found == std::end(kCatalogue) ? nullptr : found;
}

const HresultInfo* FindHresultByName(absl::string_view name) {
  const auto* found = std::find_if(std::begin(kCatalogue), std::end(kCatalogue),
                                   [name](const HresultInfo& info) { return info.name == name; });
  return found == std::end(kCatalogue) ? nullptr : found;
}

absl::string_view HresultName(Hresult hresult) {
  const HresultInfo* info = FindHresult(hresult);
  return info == nullptr ? "UNKNOWN_HRESULT" : info->name;
}

absl::StatusCode CanonicalCode(Hresult hresult) {
  if (const HresultInfo* info = FindHresult(hresult); info != nullptr) return info->code;
  const auto value = static_cast<uint32_t>(hresult);
  if ((value & kSeverityBit) == 0) return absl::StatusCode::kOk;
  return (value & kFacilityMask) == kFacilityImapi2 ? absl::StatusCode::kInternal
                                                    : absl::StatusCode::kUnknown;
}

}  // namespace carousel::imapi
