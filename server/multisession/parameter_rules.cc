#include "server/multisession/parameter_rules.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"
#include "server/multisession/drive_properties.h"
#include "server/multisession/rule_error.h"

namespace carousel::multisession {
namespace {

using imapi::Hresult;

// A refusal of R10.
absl::Status BadParameter(size_t index, absl::string_view property, absl::string_view why,
                          imapi::Metadata metadata = {}) {
  metadata["element"] = absl::StrCat(index);
  metadata["property"] = std::string(property);
  return RuleError("R10", Hresult::IMAPI_E_BAD_MULTISESSION_PARAMETER,
                   absl::StrCat(ElementSubject(index), ": ", property, " ", why),
                   std::move(metadata));
}

// The element was read from the medium that is in the drive now.
absl::Status CheckGeneration(const Element& element, size_t index, const MediaFacts& facts) {
  if (!element.generation.has_value() || *element.generation == facts.generation) {
    return absl::OkStatus();
  }
  const std::string sent = absl::StrCat(element.generation->value());
  const std::string actual = absl::StrCat(facts.generation.value());
  return BadParameter(
      index, "media_generation",
      absl::StrCat("is ", sent, ", the drive's is ", actual, ": the medium may have changed"),
      {{"cause", "IMAPI_E_DISC_MISMATCH"}, {"sent", sent}, {"actual", actual}});
}

// The getter works, or is one that need not.
absl::Status CheckReadable(const DriveProperty& property, size_t index) {
  if (!property.actual->readable()) {
    const std::optional<imapi::ErrorDetail> detail =
        imapi::GetDetail(imapi::FromDevice(property.actual->error));
    imapi::Metadata metadata;
    if (detail.has_value()) {
      metadata = detail->metadata;
      metadata["cause"] = std::string(imapi::HresultName(detail->hresult));
    }
    return BadParameter(index, property.name,
                        absl::StrCat("cannot be read: ", property.actual->error.message()),
                        std::move(metadata));
  }
  if (property.actual->value.has_value() || property.optional) return absl::OkStatus();
  return BadParameter(index, property.name, "cannot be read: the drive does not tell it",
                      {{"cause", "E_NOTIMPL"}});
}

absl::Status Impossible(size_t index, absl::string_view property, int64_t value,
                        absl::string_view bound) {
  return BadParameter(index, property, absl::StrCat("is ", value, ", which is not ", bound),
                      {{"actual", absl::StrCat(value)}});
}

absl::Status CheckStartAndLast(const SequentialFacts& drive, size_t index) {
  const std::optional<int64_t> start = drive.start_of_previous.value;
  const std::optional<int64_t> last = drive.last_written_of_previous.value;
  if (start.has_value() && *start < -1) {
    return Impossible(index, property_name::kStart, *start, "an address nor -1");
  }
  if (last.has_value() && *last < start.value_or(-1)) {
    return Impossible(index, property_name::kLast, *last,
                      absl::StrCat("at or behind the session's start, ", start.value_or(-1)));
  }
  return absl::OkStatus();
}

absl::Status CheckNextAndFree(const SequentialFacts& drive, const MediaFacts& facts, size_t index) {
  const std::optional<int64_t> next = drive.next_writable.value;
  const std::optional<int64_t> free = drive.free_sectors.value;
  const int64_t before =
      drive.last_written_of_previous.value.value_or(drive.start_of_previous.value.value_or(-1));
  if (next.has_value() && (*next < 0 || *next <= before)) {
    return Impossible(index, property_name::kNext, *next,
                      absl::StrCat("behind the previous session, which reaches ", before));
  }
  if (next.has_value() && *next > facts.total.value()) {
    return Impossible(index, property_name::kNext, *next,
                      absl::StrCat("within the medium's ", facts.total.value(), " sectors"));
  }
  if (free.has_value() && *free < 0) {
    return Impossible(index, property_name::kFree, *free, "a count of sectors");
  }
  // Written so that no sum of a drive's numbers can overflow.
  if (next.has_value() && free.has_value() && *free > facts.total.value() - *next) {
    return Impossible(
        index, property_name::kFree, *free,
        absl::StrCat("within the medium's ", facts.total.value(), " sectors from ", *next, " on"));
  }
  return absl::OkStatus();
}

absl::Status CheckWriteUnit(const Property& unit, size_t index) {
  if (!unit.value.has_value() || *unit.value >= 1) return absl::OkStatus();
  return Impossible(index, property_name::kUnit, *unit.value, "at least 1");
}

absl::Status CheckSequentialValues(const MediaFacts& facts, size_t index) {
  RETURN_IF_ERROR(CheckStartAndLast(facts.sequential, index));
  RETURN_IF_ERROR(CheckNextAndFree(facts.sequential, facts, index));
  return CheckWriteUnit(facts.sequential.write_unit, index);
}

absl::Status CheckRandomWriteValues(const MediaFacts& facts, size_t index) {
  const RandomWriteFacts& drive = facts.random_write;
  const int64_t total = drive.total_sectors.value.value_or(0);
  if (total <= 0) return Impossible(index, property_name::kTotal, total, "above 0");
  RETURN_IF_ERROR(CheckWriteUnit(drive.write_unit, index));
  const std::optional<int64_t> last = drive.last_written.value;
  if (last.has_value() && *last >= total) {
    return Impossible(index, property_name::kLastWritten, *last,
                      absl::StrCat("below the medium's end, ", total));
  }
  return absl::OkStatus();
}

absl::Status Differs(size_t index, absl::string_view property, const std::string& sent,
                     const std::string& actual) {
  return BadParameter(index, property, absl::StrCat("is ", sent, ", the drive's is ", actual),
                      {{"sent", sent}, {"actual", actual}});
}

// What the client sent is what the drive says.
absl::Status CheckSent(const DriveProperty& property, size_t index) {
  if (!property.sent.has_value() || property.sent == property.actual->value) {
    return absl::OkStatus();
  }
  return Differs(
      index, property.name, absl::StrCat(*property.sent),
      property.actual->value.has_value() ? absl::StrCat(*property.actual->value) : "none");
}

absl::Status CheckFirstDataSession(const Element& element, const MediaFacts& facts, size_t index) {
  if (element.kind != Kind::kSequential || !element.first_data_session.has_value() ||
      *element.first_data_session == facts.sequential.first_data_session) {
    return absl::OkStatus();
  }
  const bool actual = facts.sequential.first_data_session;
  return Differs(index, "first_data_session", actual ? "false" : "true", actual ? "true" : "false");
}

}  // namespace

absl::Status CheckParameters(const Element& element, size_t index, const MediaFacts& facts) {
  RETURN_IF_ERROR(CheckGeneration(element, index, facts));
  const std::vector<DriveProperty> properties = PropertiesOf(element, facts);
  for (const DriveProperty& property : properties) {
    RETURN_IF_ERROR(CheckReadable(property, index));
  }
  RETURN_IF_ERROR(element.kind == Kind::kSequential ? CheckSequentialValues(facts, index)
                                                    : CheckRandomWriteValues(facts, index));
  RETURN_IF_ERROR(CheckFirstDataSession(element, facts, index));
  for (const DriveProperty& property : properties) RETURN_IF_ERROR(CheckSent(property, index));
  return absl::OkStatus();
}

absl::Status CheckSeek(const Decision& decision, const MediaFacts& facts) {
  absl::Status error = Annotate(facts.seek_test, absl::StrCat("disc in ", decision.drive));
  error = imapi::WithMetadata(error, "rule", "R11");
  error = imapi::WithMetadata(error, "element", absl::StrCat(decision.chosen));
  error = imapi::WithMetadata(error, "media", PhysicalMediaTypeName(facts.type));
  return imapi::WithMetadata(error, "drive", absl::StrCat("drives/", decision.drive));
}

absl::Status CheckIdentity(const Decision& decision, const MediaFacts& facts) {
  if (facts.identifier_error.ok()) return absl::OkStatus();
  return RuleError("R12", Hresult::IMAPI_E_FSI_INTERNAL_ERROR,
                   absl::StrCat("disc in ", decision.drive, ": no identifier can be made for it: ",
                                facts.identifier_error.message()),
                   {{"element", absl::StrCat(decision.chosen)},
                    {"media", std::string(PhysicalMediaTypeName(facts.type))},
                    {"drive", absl::StrCat("drives/", decision.drive)}});
}

}  // namespace carousel::multisession
