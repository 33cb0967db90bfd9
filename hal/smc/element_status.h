// READ ELEMENT STATUS and INITIALIZE ELEMENT STATUS (SMC-3 6.10, 6.4, 6.5): what a medium changer
// says of its elements.
#ifndef HAL_SMC_ELEMENT_STATUS_H_
#define HAL_SMC_ELEMENT_STATUS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hal/scsi/command.h"

namespace carousel::smc {

// SMC-3 table 10, element type codes.
inline constexpr uint8_t kAllElements = 0;
inline constexpr uint8_t kMediumTransport = 1;
inline constexpr uint8_t kStorage = 2;
inline constexpr uint8_t kImportExport = 3;
inline constexpr uint8_t kDataTransfer = 4;

struct ReadElementStatusCdb {
  bool volume_tags = false;             // VOLTAG
  uint8_t element_type = kAllElements;  // 4 bits
  uint16_t first = 0;
  uint16_t count = 0xFFFF;
  bool device_ids = false;  // DVCID
  // CURDATA: the answer is what the changer knows, and no mechanics move for it.
  bool current_data = false;
  uint32_t allocation_length = 0;  // 24 bits
  bool operator==(const ReadElementStatusCdb&) const = default;
};
scsi::Command MakeCommand(const ReadElementStatusCdb& cdb, absl::Span<uint8_t> data_in);
absl::StatusOr<ReadElementStatusCdb> DecodeReadElementStatusCdb(absl::Span<const uint8_t> cdb);

// SMC-3 table 33 and following.
struct ElementDescriptor {
  uint16_t address = 0;
  uint8_t element_type = kStorage;  // 4 bits; of the page that it stands in
  bool full = false;
  bool placed_by_operator = false;  // IMPEXP; import/export elements
  bool exception = false;           // EXCEPT: asc and ascq say which
  bool access = false;              // ACCESS: the transport can reach it
  bool export_enabled = false;      // EXENAB; import/export elements
  bool import_enabled = false;      // INENAB; import/export elements
  uint8_t asc = 0;
  uint8_t ascq = 0;
  std::optional<uint16_t> source;  // where the medium in it was moved from (SVALID)
  // Primary volume tag, printable ASCII without spaces around it, at most 32; absent if the page
  // has none.
  std::optional<std::string> volume_tag;
  // The device's identifier (DVCID): code set and type as in VPD page 83h, at most 255 bytes.
  struct Identifier {
    uint8_t code_set = 0;  // 4 bits
    uint8_t type = 0;      // 4 bits
    std::vector<uint8_t> value;
    bool operator==(const Identifier&) const = default;
  };
  std::optional<Identifier> identifier;
  bool operator==(const ElementDescriptor&) const = default;
};

struct ElementStatus {
  // Bytes that the changer would have sent to a large enough buffer, header included.
  uint32_t available = 0;
  std::vector<ElementDescriptor> elements;  // in the order of the answer
};
// At least the 8 bytes of the header. An element of which something is cut by the end of a page or
// of the answer is left out; lengths are those inside the data, and the first address and the count
// of the header are not believed: changers are known to tell them wrongly.
absl::StatusOr<ElementStatus> DecodeElementStatus(absl::Span<const uint8_t> bytes);
// One page for each run of one type; volume tags and identifiers where the page's first element has
// them.
std::vector<uint8_t> EncodeElementStatus(absl::Span<const ElementDescriptor> elements);

// All elements are looked at, which takes a changer seconds to many minutes.
struct InitializeElementStatusCdb {
  // Only these, by INITIALIZE ELEMENT STATUS WITH RANGE.
  struct Range {
    uint16_t first = 0;
    uint16_t count = 0;
    bool operator==(const Range&) const = default;
  };
  std::optional<Range> range;
  bool operator==(const InitializeElementStatusCdb&) const = default;
};
scsi::Command MakeCommand(const InitializeElementStatusCdb& cdb);
absl::StatusOr<InitializeElementStatusCdb> DecodeInitializeElementStatusCdb(
    absl::Span<const uint8_t> cdb);

}  // namespace carousel::smc

#endif  // HAL_SMC_ELEMENT_STATUS_H_
