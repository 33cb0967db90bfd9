// IFileSystemImage::put_MultisessionInterfaces as rules: pure functions over what the client sent
// and what the drive says. The order and the codes are docs/contract.md's; nothing here asks a
// device.
#ifndef SERVER_MULTISESSION_MULTISESSION_H_
#define SERVER_MULTISESSION_MULTISESSION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hal/base/types.h"
#include "server/disc_format/media_facts.h"

namespace carousel::multisession {

// Which types an image implements (decision 11).
enum class Types : uint8_t { kSequential, kSequentialAndRandomWrite };

// What an element of the list is.
enum class Kind : uint8_t {
  kNull,     // a null pointer
  kForeign,  // not a multi-session interface: E_NOINTERFACE
  kNewer,    // a type that a later version of the API knows
  kOther,    // derives from IMultisession, but is implemented by nobody here
  kSequential,
  kRandomWrite,
};

// One element as the client sent it. Values that it did not send are absent.
struct Element {
  Kind kind = Kind::kNull;
  bool in_use = false;
  std::string import_recorder;  // drive id; empty: not sent
  std::optional<MediaGeneration> generation;
  std::string type_name;  // kOther, kForeign
  // Sent properties, in sectors.
  std::optional<bool> first_data_session;
  std::optional<int64_t> start_of_previous;
  std::optional<int64_t> last_written_of_previous;
  std::optional<int64_t> next_writable;
  std::optional<int64_t> free_sectors;
  std::optional<int64_t> write_unit;
  std::optional<int64_t> last_written;
  std::optional<int64_t> total_sectors;
};

// The list; absent is a null pointer.
using List = std::optional<std::vector<Element>>;

// What was found about one element.
struct Verdict {
  bool supported_by_image = false;
  bool supported_by_medium = false;
  std::string reason;
};

struct Warning {
  std::string reason;  // FINAL_SESSION
  std::string message;
};

// Success of the rules.
struct Decision {
  size_t chosen = 0;  // index in the list
  Kind type = Kind::kSequential;
  std::string chosen_reason;
  std::string drive;  // id
  MediaGeneration generation;
  std::vector<Verdict> verdicts;
  std::vector<Warning> warnings;
};

// Rules R1-R5, and R6 as far as the request alone tells (all elements name the same recorder).
// Returns the drive id that the list names. Errors carry metadata rule, and element where one is at
// fault.
absl::StatusOr<std::string> CheckRequest(const List& list, Types types);

// Rules R7-R12 for a list that CheckRequest passed. `facts` are those of the drive that the list
// names. Metadata as above, and media, drive, block, property, sent, actual, cause.
absl::StatusOr<Decision> CheckMedium(const std::vector<Element>& list, Types types,
                                     const MediaFacts& facts);

// The rest of R6, for a caller that knows the drives. DriveUnavailable: the drive cannot give
// facts; the recorder's code passes as it is, so that it stays retryable, with metadata rule and
// drive; an empty drive is R7's answer. DriveLocked: another operation, `owner`, has the drive
// alone.
absl::Status UnknownDrive(absl::string_view drive);
absl::Status DriveUnavailable(const absl::Status& device_status, absl::string_view drive);
absl::Status DriveLocked(absl::string_view drive, absl::string_view owner);

// What the drive offers: IDiscFormat2Data::get_MultisessionInterfaces. One element for each type
// that the service knows, the sequential one first, whether the medium supports it or not
// (SequentialFacts::supported, RandomWriteFacts::supported). `drive` is the id that import_recorder
// will have.
std::vector<Element> InterfacesOf(const MediaFacts& facts, absl::string_view drive);
// The element with every value taken from the drive, for snapshots and answers.
Element WithDriveValues(Element element, const MediaFacts& facts);

}  // namespace carousel::multisession

#endif  // SERVER_MULTISESSION_MULTISESSION_H_
