// How every rule words its refusal: an IMAPI error whose metadata names the rule. Internal to the
// package.
#ifndef SERVER_MULTISESSION_RULE_ERROR_H_
#define SERVER_MULTISESSION_RULE_ERROR_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"
#include "server/multisession/multisession.h"

namespace carousel::multisession {

inline absl::Status RuleError(absl::string_view rule, imapi::Hresult hresult,
                              absl::string_view message, imapi::Metadata metadata = {}) {
  metadata["rule"] = std::string(rule);
  return imapi::MakeError(hresult, message, std::move(metadata));
}

// "element 3", the subject of what is said about one element.
inline std::string ElementSubject(size_t index) { return absl::StrCat("element ", index); }

// The type as a person would name it: IMAPI's interface name, or the name that the client gave.
std::string TypeName(const Element& element);

// Whether the image implements the type of `element`.
bool IsImplemented(const Element& element, Types types);

}  // namespace carousel::multisession

#endif  // SERVER_MULTISESSION_RULE_ERROR_H_
