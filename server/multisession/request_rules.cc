// Rules R1 to R5, and R6 as far as the request alone tells. They look at nothing but the list, so
// that a bad request moves no arm and spins up no disc.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/imapi/hresult.h"
#include "server/multisession/multisession.h"
#include "server/multisession/rule_error.h"

namespace carousel::multisession {
namespace {

using imapi::Hresult;

// R1: the list itself is there.
absl::Status CheckListPresent(const List& list) {
  if (list.has_value()) return absl::OkStatus();
  return RuleError("R1", Hresult::E_POINTER, "multi-session interfaces: the list is missing");
}

// R2: every element is a multi-session interface. The first that is not is reported.
absl::Status CheckElementTypes(const std::vector<Element>& list) {
  for (size_t i = 0; i < list.size(); ++i) {
    if (list[i].kind == Kind::kNull) {
      return RuleError("R2", Hresult::E_POINTER,
                       absl::StrCat(ElementSubject(i), ": the interface is missing"),
                       {{"element", absl::StrCat(i)}});
    }
    if (list[i].kind == Kind::kForeign) {
      return RuleError("R2", Hresult::E_NOINTERFACE,
                       absl::StrCat(ElementSubject(i), ": ", TypeName(list[i]),
                                    " is not a multi-session interface"),
                       {{"element", absl::StrCat(i)}, {"type_name", TypeName(list[i])}});
    }
  }
  return absl::OkStatus();
}

// R3: there is something to choose from.
absl::Status CheckNotEmpty(const std::vector<Element>& list) {
  if (!list.empty()) return absl::OkStatus();
  return RuleError("R3", Hresult::IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE,
                   "multi-session interfaces: the list is empty");
}

// R4: the client asks for one type at most.
absl::Status CheckAtMostOneInUse(const std::vector<Element>& list) {
  const auto in_use = [](const Element& element) { return element.in_use; };
  const auto first = std::find_if(list.begin(), list.end(), in_use);
  if (first == list.end()) return absl::OkStatus();
  const auto second = std::find_if(first + 1, list.end(), in_use);
  if (second == list.end()) return absl::OkStatus();
  const size_t index = second - list.begin();
  return RuleError("R4", Hresult::IMAPI_E_BAD_MULTISESSION_PARAMETER,
                   absl::StrCat(ElementSubject(index), ": in use, as element ",
                                first - list.begin(), " is; at most one may be"),
                   {{"element", absl::StrCat(index)}, {"property", "in_use"}});
}

// R5: the image implements the type that is in use, or with none in use at least one of the list.
absl::Status CheckImplemented(const std::vector<Element>& list, Types types) {
  for (size_t i = 0; i < list.size(); ++i) {
    if (!list[i].in_use) continue;
    if (IsImplemented(list[i], types)) return absl::OkStatus();
    return RuleError("R5", Hresult::IMAPI_E_INCOMPATIBLE_MULTISESSION_TYPE,
                     absl::StrCat(ElementSubject(i), ": in use, but the image does not support ",
                                  TypeName(list[i])),
                     {{"element", absl::StrCat(i)}, {"type_name", TypeName(list[i])}});
  }
  const bool any = std::any_of(list.begin(), list.end(), [types](const Element& element) {
    return IsImplemented(element, types);
  });
  if (any) return absl::OkStatus();
  return RuleError("R5", Hresult::IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE,
                   "multi-session interfaces: the image supports none of the types in the list");
}

// R6, first half: the elements that count name a drive, and all that name one name the same.
absl::StatusOr<std::string> CheckRecorder(const std::vector<Element>& list, Types types) {
  std::string drive;
  for (size_t i = 0; i < list.size(); ++i) {
    const std::string& named = list[i].import_recorder;
    if (named.empty() && IsImplemented(list[i], types)) {
      return RuleError("R6", Hresult::IMAPI_E_BAD_MULTISESSION_PARAMETER,
                       absl::StrCat(ElementSubject(i), ": it names no drive to import from"),
                       {{"element", absl::StrCat(i)}, {"property", "import_recorder"}});
    }
    if (named.empty() || named == drive) continue;
    if (!drive.empty()) {
      return RuleError("R6", Hresult::IMAPI_E_BAD_MULTISESSION_PARAMETER,
                       absl::StrCat(ElementSubject(i), ": it names ", named,
                                    " to import from, an earlier element ", drive),
                       {{"element", absl::StrCat(i)},
                        {"property", "import_recorder"},
                        {"sent", absl::StrCat("drives/", named)},
                        {"actual", absl::StrCat("drives/", drive)}});
    }
    drive = named;
  }
  return drive;
}

}  // namespace

std::string TypeName(const Element& element) {
  switch (element.kind) {
    case Kind::kSequential:
      return "IMultisessionSequential";
    case Kind::kRandomWrite:
      return "IMultisessionRandomWrite";
    case Kind::kNewer:
      return "a type that this version does not know";
    case Kind::kNull:
    case Kind::kForeign:
    case Kind::kOther:
      break;
  }
  return element.type_name.empty() ? "an unnamed type" : element.type_name;
}

bool IsImplemented(const Element& element, Types types) {
  return element.kind == Kind::kSequential ||
         (element.kind == Kind::kRandomWrite && types == Types::kSequentialAndRandomWrite);
}

absl::StatusOr<std::string> CheckRequest(const List& list, Types types) {
  RETURN_IF_ERROR(CheckListPresent(list));
  RETURN_IF_ERROR(CheckElementTypes(*list));
  RETURN_IF_ERROR(CheckNotEmpty(*list));
  RETURN_IF_ERROR(CheckAtMostOneInUse(*list));
  RETURN_IF_ERROR(CheckImplemented(*list, types));
  return CheckRecorder(*list, types);
}

absl::Status UnknownDrive(absl::string_view drive) {
  return RuleError("R6", Hresult::IMAPI_E_BAD_MULTISESSION_PARAMETER,
                   absl::StrCat(drive, ": the robot has no drive of this name"),
                   {{"drive", absl::StrCat("drives/", drive)},
                    {"property", "import_recorder"},
                    {"sent", absl::StrCat("drives/", drive)}});
}

}  // namespace carousel::multisession
