// The 152 HRESULTs of IMAPI2 and the COM codes beside them: value, name, canonical status code,
// whether a retry helps. One catalogue, hresults.inc; nothing else in the project spells a value.
#ifndef SERVER_IMAPI_HRESULT_H_
#define SERVER_IMAPI_HRESULT_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace carousel::imapi {

// Enumerators have IMAPI's own names, so that a search for a code in a log finds its place here.
// Values of other codes may be cast into it, as COM does.
enum class Hresult : uint32_t {
#define CAROUSEL_HRESULT(name, value, code, retry, gloss) name = value,
#include "server/imapi/hresults.inc"
#undef CAROUSEL_HRESULT
};

enum class Retry : uint8_t { kNo, kYes, kPreWrite };

struct HresultInfo {
  Hresult hresult;
  absl::string_view name;
  absl::StatusCode code;
  Retry retry;
  absl::string_view gloss;
};

// All codes of the catalogue, in its order.
absl::Span<const HresultInfo> AllHresults();

// The catalogue's entry, or null for a value that it does not hold.
const HresultInfo* FindHresult(Hresult hresult);
const HresultInfo* FindHresultByName(absl::string_view name);

// The symbolic name; "UNKNOWN_HRESULT" for a value that the catalogue does not hold.
absl::string_view HresultName(Hresult hresult);

// The static canonical code. A value that the catalogue does not hold: OK without the severity bit,
// INTERNAL of IMAPI's facility, UNKNOWN else.
absl::StatusCode CanonicalCode(Hresult hresult);

}  // namespace carousel::imapi

#endif  // SERVER_IMAPI_HRESULT_H_
