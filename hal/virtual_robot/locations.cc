#include "hal/virtual_robot/locations.h"

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "hal/base/status_macros.h"
#include "hal/virtual_robot/disc.h"

namespace carousel::virtual_robot {
namespace {

constexpr absl::string_view kHeader = "locations-format 1";
// SMC-3: element addresses have 16 bits.
constexpr int kLargestNumber = 0xFFFF;

using Words = std::vector<absl::string_view>;

absl::StatusOr<int> Number(absl::string_view word) {
  int value;
  if (!absl::SimpleAtoi(word, &value) || value < 1 || value > kLargestNumber) {
    return absl::InvalidArgumentError("not the number of a slot, drive or import/export element");
  }
  return value;
}

std::optional<Place::Kind> NumberedKind(absl::string_view word) {
  if (word == "slot") return Place::Kind::kSlot;
  if (word == "drive") return Place::Kind::kDrive;
  if (word == "ie") return Place::Kind::kImportExport;
  return std::nullopt;
}

// disc BARCODE slot N | drive N [home N] | ie N [home N] | picker [home N]
absl::Status ParseLine(const Words& words, Locations& locations) {
  if (words.size() < 3 || words[0] != "disc") {
    return absl::InvalidArgumentError("'disc BARCODE slot|drive|ie|picker …' is wanted");
  }
  RETURN_IF_ERROR(ValidateBarcode(words[1]));
  Placement placement;
  size_t next = 3;
  if (words[2] == "picker") {
    placement.place.kind = Place::Kind::kPicker;
  } else if (NumberedKind(words[2]).has_value() && words.size() > 3) {
    placement.place.kind = *NumberedKind(words[2]);
    ASSIGN_OR_RETURN(placement.place.number, Number(words[3]));
    next = 4;
  } else {
    return absl::InvalidArgumentError("a place is 'slot N', 'drive N', 'ie N' or 'picker'");
  }
  if (next < words.size()) {
    if (placement.place.kind == Place::Kind::kSlot || words.size() != next + 2 ||
        words[next] != "home") {
      return absl::InvalidArgumentError("only 'home N' may follow, and not behind a slot");
    }
    ASSIGN_OR_RETURN(placement.home_slot, Number(words[next + 1]));
  }
  const std::string barcode(words[1]);
  if (locations.Find(barcode) != nullptr) {
    return absl::InvalidArgumentError(absl::StrCat("disc ", barcode, " is in two places"));
  }
  const absl::Status put = locations.Put(barcode, placement);
  return put.ok() ? put : absl::InvalidArgumentError(put.message());
}

}  // namespace

std::string PlaceName(const Place& place) {
  switch (place.kind) {
    case Place::Kind::kSlot:
      return absl::StrCat("slot ", place.number);
    case Place::Kind::kDrive:
      return absl::StrCat("drive ", place.number);
    case Place::Kind::kImportExport:
      return absl::StrCat("ie ", place.number);
    case Place::Kind::kPicker:
      return "picker";
  }
  return "nowhere";
}

const Placement* Locations::Find(absl::string_view barcode) const {
  const auto found = discs_.find(std::string(barcode));
  return found == discs_.end() ? nullptr : &found->second;
}

std::optional<std::string> Locations::In(const Place& place) const {
  for (const auto& [barcode, placement] : discs_) {
    if (placement.place == place) return barcode;
  }
  return std::nullopt;
}

int Locations::FreeSlot() const {
  int slot = 1;
  while (In(Place{.kind = Place::Kind::kSlot, .number = slot}).has_value()) ++slot;
  return slot;
}

absl::Status Locations::Put(const std::string& barcode, const Placement& placement) {
  const std::optional<std::string> there = In(placement.place);
  if (there.has_value() && *there != barcode) {
    return absl::FailedPreconditionError(
        absl::StrCat(PlaceName(placement.place), " already holds disc ", *there));
  }
  discs_[barcode] = placement;
  return absl::OkStatus();
}

absl::StatusOr<Locations> ParseLocations(absl::string_view text) {
  Locations locations;
  int number = 0;
  bool header = false;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    const Words words = absl::StrSplit(line, absl::ByAnyChar(" \t\r"), absl::SkipEmpty());
    if (words.empty() || words[0][0] == '#') continue;
    if (!header) {
      if (words.size() != 2 || absl::StrCat(words[0], " ", words[1]) != kHeader) {
        return absl::InvalidArgumentError(absl::StrCat("locations begin with '", kHeader, "'"));
      }
      header = true;
      continue;
    }
    RETURN_IF_ERROR(Annotate(ParseLine(words, locations), absl::StrCat("line ", number)));
  }
  if (!header) {
    return absl::InvalidArgumentError(absl::StrCat("locations begin with '", kHeader, "'"));
  }
  return locations;
}

std::string FormatLocations(const Locations& locations) {
  std::string text = absl::StrCat(kHeader, "\n");
  for (const auto& [barcode, placement] : locations.discs()) {
    absl::StrAppend(&text, "disc ", barcode, " ", PlaceName(placement.place));
    if (placement.home_slot.has_value()) absl::StrAppend(&text, " home ", *placement.home_slot);
    absl::StrAppend(&text, "\n");
  }
  return text;
}

}  // namespace carousel::virtual_robot
