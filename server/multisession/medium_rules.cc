// Rules R6 (the drive's own refusals) to R9: what the drive and the kind and state of its medium
// allow, and which element is chosen.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"
#include "server/multisession/multisession.h"
#include "server/multisession/parameter_rules.h"
#include "server/multisession/rule_error.h"

namespace carousel::multisession {
namespace {

using imapi::Hresult;

constexpr char kNoMedia[] = "E_IMAPI_RECORDER_MEDIA_NO_MEDIA";

// What the rules speak of: "disc in drive0 (DVDPLUSR)".
std::string DiscSubject(absl::string_view drive, const MediaFacts& facts) {
  return absl::StrCat("disc in ", drive, " (", PhysicalMediaTypeName(facts.type), ")");
}

absl::Status NoMedium(absl::string_view drive) {
  return RuleError("R7", Hresult::IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE,
                   absl::StrCat(drive, ": no disc is in the drive"),
                   {{"cause", kNoMedia}, {"drive", absl::StrCat("drives/", drive)}});
}

// R7: a medium is there.
absl::Status CheckMediumPresent(absl::string_view drive, const MediaFacts& facts) {
  return facts.present ? absl::OkStatus() : NoMedium(drive);
}

// R8: the medium is of a kind that takes several sessions, and not closed for ever.
absl::Status CheckMediumAllowsImport(absl::string_view drive, const MediaFacts& facts) {
  if (facts.finalized()) {
    return RuleError(
        "R8", Hresult::IMAPI_E_IMPORT_MEDIA_NOT_ALLOWED,
        absl::StrCat(DiscSubject(drive, facts), ": finalized, it takes no further session"),
        {{"media", std::string(PhysicalMediaTypeName(facts.type))},
         {"drive", absl::StrCat("drives/", drive)},
         {"cause", "FINALIZED"}});
  }
  if (facts.multisession_class != MultisessionClass::kNone) return absl::OkStatus();
  return RuleError(
      "R8", Hresult::IMAPI_E_IMPORT_MEDIA_NOT_ALLOWED,
      absl::StrCat(DiscSubject(drive, facts), ": a medium of this type takes no further session"),
      {{"media", std::string(PhysicalMediaTypeName(facts.type))},
       {"drive", absl::StrCat("drives/", drive)},
       {"cause", "MEDIA_TYPE"}});
}

// IsSupportedOnCurrentMediaState of the drive, and why not.
bool MediumSupports(Kind kind, const MediaFacts& facts) {
  return (kind == Kind::kSequential && facts.sequential.supported) ||
         (kind == Kind::kRandomWrite && facts.random_write.supported);
}
std::string CauseOf(Kind kind, const MediaFacts& facts) {
  if (kind == Kind::kSequential) return facts.sequential.cause;
  if (kind == Kind::kRandomWrite) return facts.random_write.cause;
  return "";
}

std::string VerdictReason(const Element& element, const Verdict& verdict, const MediaFacts& facts) {
  if (!verdict.supported_by_image) {
    return absl::StrCat("the image does not support ", TypeName(element));
  }
  if (verdict.supported_by_medium) return "supported by the image and by the medium";
  const std::string cause = CauseOf(element.kind, facts);
  return absl::StrCat("the medium does not support it in its present state",
                      cause.empty() ? "" : ": ", cause);
}

std::vector<Verdict> VerdictsOf(const std::vector<Element>& list, Types types,
                                const MediaFacts& facts) {
  std::vector<Verdict> verdicts;
  verdicts.reserve(list.size());
  for (const Element& element : list) {
    Verdict verdict{.supported_by_image = IsImplemented(element, types),
                    .supported_by_medium = MediumSupports(element.kind, facts)};
    verdict.reason = VerdictReason(element, verdict, facts);
    verdicts.push_back(std::move(verdict));
  }
  return verdicts;
}

bool Usable(const Verdict& verdict) {
  return verdict.supported_by_image && verdict.supported_by_medium;
}

std::optional<size_t> FindInUse(const std::vector<Element>& list) {
  for (size_t i = 0; i < list.size(); ++i) {
    if (list[i].in_use) return i;
  }
  return std::nullopt;
}

// The image's own choice: the type that matches the medium's class, ties in the order of the list.
std::optional<size_t> FindBest(const std::vector<Element>& list, const Decision& decision,
                               const MediaFacts& facts) {
  const Kind match = facts.multisession_class == MultisessionClass::kOverwritable
                         ? Kind::kRandomWrite
                         : Kind::kSequential;
  std::optional<size_t> first;
  for (size_t i = 0; i < list.size(); ++i) {
    if (!Usable(decision.verdicts[i])) continue;
    if (list[i].kind == match) return i;
    if (!first.has_value()) first = i;
  }
  return first;
}

// The refusal of R9. `element` is the one in use, if any.
absl::Status NothingUsable(const std::vector<Element>& list, Types types, const MediaFacts& facts,
                           absl::string_view drive, std::optional<size_t> element) {
  imapi::Metadata metadata = {{"media", std::string(PhysicalMediaTypeName(facts.type))},
                              {"drive", absl::StrCat("drives/", drive)}};
  std::string cause;
  if (element.has_value()) {
    metadata["element"] = absl::StrCat(*element);
    cause = CauseOf(list[*element].kind, facts);
  }
  for (size_t i = 0; i < list.size() && !element.has_value() && cause.empty(); ++i) {
    if (IsImplemented(list[i], types)) cause = CauseOf(list[i].kind, facts);
  }
  const std::string what =
      element.has_value() ? absl::StrCat("element ", *element, " (", TypeName(list[*element]), ")")
                          : "any type of the list that the image supports";
  if (!cause.empty()) metadata["cause"] = cause;
  return RuleError("R9", Hresult::IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE,
                   absl::StrCat(DiscSubject(drive, facts), ": in its present state it cannot be ",
                                "continued by ", what, cause.empty() ? "" : ": ", cause),
                   std::move(metadata));
}

// R9: the element in use is supported by image and medium, or with none in use any element is.
absl::Status Choose(const std::vector<Element>& list, Types types, const MediaFacts& facts,
                    Decision* decision) {
  decision->verdicts = VerdictsOf(list, types, facts);
  const std::optional<size_t> in_use = FindInUse(list);
  const std::optional<size_t> chosen =
      in_use.has_value() ? in_use : FindBest(list, *decision, facts);
  if (!chosen.has_value() || !Usable(decision->verdicts[*chosen])) {
    return NothingUsable(list, types, facts, decision->drive, in_use);
  }
  decision->chosen = *chosen;
  decision->type = list[*chosen].kind;
  decision->chosen_reason = in_use.has_value()
                                ? "the client says to use it"
                                : absl::StrCat("none is in use; the first ",
                                               TypeName(list[*chosen]), " suits this medium best");
  return absl::OkStatus();
}

std::vector<Warning> WarningsOf(const MediaFacts& facts, absl::string_view drive) {
  std::vector<Warning> warnings;
  if ((facts.status_bits & media_status::kFinalSession) != 0) {
    warnings.push_back({"FINAL_SESSION", absl::StrCat(DiscSubject(drive, facts),
                                                      ": it takes only one more session")});
  }
  if (facts.sequential.supported && facts.sequential.next_writable.readable() &&
      !facts.sequential.next_writable.value.has_value()) {
    warnings.push_back(
        {"UNKNOWN_LAYOUT",
         absl::StrCat(DiscSubject(drive, facts),
                      ": its contents are not understood, so where a next session would begin "
                      "is not known")});
  }
  return warnings;
}

}  // namespace

absl::StatusOr<Decision> CheckMedium(const std::vector<Element>& list, Types types,
                                     const MediaFacts& facts) {
  Decision decision;
  for (const Element& element : list) {
    if (decision.drive.empty()) decision.drive = element.import_recorder;
  }
  decision.generation = facts.generation;
  RETURN_IF_ERROR(CheckMediumPresent(decision.drive, facts));
  RETURN_IF_ERROR(CheckMediumAllowsImport(decision.drive, facts));
  RETURN_IF_ERROR(Choose(list, types, facts, &decision));
  RETURN_IF_ERROR(CheckParameters(list[decision.chosen], decision.chosen, facts));
  RETURN_IF_ERROR(CheckSeek(decision, facts));
  RETURN_IF_ERROR(CheckIdentity(decision, facts));
  decision.warnings = WarningsOf(facts, decision.drive);
  return decision;
}

absl::Status DriveUnavailable(const absl::Status& device_status, absl::string_view drive) {
  const absl::Status error = imapi::FromDevice(device_status);
  const std::optional<imapi::ErrorDetail> detail = imapi::GetDetail(error);
  if (detail.has_value() && detail->hresult == Hresult::E_IMAPI_RECORDER_MEDIA_NO_MEDIA) {
    return NoMedium(drive);
  }
  return imapi::WithMetadata(imapi::WithMetadata(Annotate(error, drive), "rule", "R6"), "drive",
                             absl::StrCat("drives/", drive));
}

absl::Status DriveLocked(absl::string_view drive, absl::string_view owner) {
  return RuleError("R6", Hresult::E_IMAPI_RECORDER_LOCKED,
                   absl::StrCat(drive, ": ", owner, " uses the drive alone"),
                   {{"drive", absl::StrCat("drives/", drive)}, {"owner", std::string(owner)}});
}

}  // namespace carousel::multisession
