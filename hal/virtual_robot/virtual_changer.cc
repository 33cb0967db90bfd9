#include "hal/virtual_robot/virtual_changer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/inquiry.h"
#include "hal/mmc/medium_removal.h"
#include "hal/mmc/mode_sense.h"
#include "hal/mmc/readiness.h"
#include "hal/scsi/opcode.h"
#include "hal/smc/move_medium.h"
#include "hal/virtual_robot/allocation_length.h"

namespace carousel::virtual_robot {
namespace {

namespace opcode = scsi::opcode;
using scsi::Sense;
using scsi::SenseKey;

// A swap takes real arms 4 to 30 s, by the data sheets of disc libraries; this one is in between.
constexpr absl::Duration kReach = absl::Seconds(3);  // to an element and back into its hands
constexpr absl::Duration kScan = absl::Seconds(1);   // the bar code at an element
constexpr absl::Duration kDoorOpen = absl::Minutes(1);
constexpr uint8_t kSpc3 = 0x05;
constexpr uint8_t kAscii = 2, kT10VendorId = 1;
constexpr char kVendor[] = "CAROUSEL";
constexpr char kProduct[] = "VIRTUAL CHANGER";
constexpr char kSerial[] = "VIRTUAL-CHANGER";
constexpr char kForeignBarcode[] = "FOREIGN0";

constexpr Place kPicker = {.kind = Place::Kind::kPicker, .number = 0};

const Sense kNoSuchElement = sense::Make(SenseKey::kIllegalRequest, 0x21, 0x01);
const Sense kSourceEmpty = sense::Make(SenseKey::kIllegalRequest, 0x3B, 0x0E);
const Sense kDestinationFull = sense::Make(SenseKey::kIllegalRequest, 0x3B, 0x0D);
const Sense kNotAccessible = sense::Make(SenseKey::kIllegalRequest, 0x3B, 0x11);
const Sense kManualIntervention = sense::Make(SenseKey::kNotReady, 0x04, 0x03);
const Sense kPositioning = sense::Make(SenseKey::kHardwareError, 0x15, 0x01);
const Sense kStuck = sense::Make(SenseKey::kHardwareError, 0x53, 0x00);
const Sense kElementFailure = sense::Make(SenseKey::kHardwareError, 0x40, 0x80);

absl::Span<const uint8_t> CdbOf(const scsi::Command& command) {
  return absl::MakeConstSpan(command.cdb.data(), command.cdb_size);
}

uint16_t AddressOf(const Place& place) {
  switch (place.kind) {
    case Place::Kind::kSlot:
      return static_cast<uint16_t>(kFirstSlotElement + place.number - 1);
    case Place::Kind::kDrive:
      return static_cast<uint16_t>(kFirstDriveElement + place.number - 1);
    case Place::Kind::kImportExport:
      return static_cast<uint16_t>(kFirstImportExportElement + place.number - 1);
    case Place::Kind::kPicker:
      break;
  }
  return kPickerElement.value();
}

uint8_t TypeOf(const Place& place) {
  switch (place.kind) {
    case Place::Kind::kSlot:
      return smc::kStorage;
    case Place::Kind::kDrive:
      return smc::kDataTransfer;
    case Place::Kind::kImportExport:
      return smc::kImportExport;
    case Place::Kind::kPicker:
      break;
  }
  return smc::kMediumTransport;
}

Reply AnswerInquiry(absl::Span<const uint8_t> cdb) {
  const auto asked = mmc::DecodeInquiryCdb(cdb);
  if (!asked.ok()) return Check(sense::kInvalidField);
  if (!asked->vital_product_data) {
    return Good(mmc::EncodeStandardInquiry({.device_type = mmc::kDeviceTypeMediumChanger,
                                            .version = kSpc3,
                                            .vendor = kVendor,
                                            .product = kProduct,
                                            .revision = "0001"}));
  }
  if (asked->page == mmc::kUnitSerialNumberPage) {
    return Good(mmc::EncodeUnitSerialNumber(
        {.device_type = mmc::kDeviceTypeMediumChanger, .serial = kSerial}));
  }
  return Check(sense::kInvalidField);
}

// What a drive's descriptor says of its device: vendor in eight characters, product in sixteen,
// serial number.
smc::ElementDescriptor::Identifier Identify(const std::string& serial) {
  std::string text = "CAROUSEL";
  text.resize(8 + 16, ' ');
  text += serial;
  return {.code_set = kAscii, .type = kT10VendorId, .value = {text.begin(), text.end()}};
}

}  // namespace

VirtualChanger::VirtualChanger(DiscStore store, Sizes sizes,
                               std::vector<std::shared_ptr<VirtualDrive>> drives,
                               MoveFaultPlan faults, Clock* clock)
    : store_(std::move(store)),
      sizes_(sizes),
      drives_(std::move(drives)),
      clock_(clock),
      faults_(std::move(faults)) {}

absl::StatusOr<scsi::Result> VirtualChanger::Execute(const scsi::Command& command) {
  MutexLock lock(&mutex_);
  const absl::Time deadline = clock_->Now() + command.timeout;
  const std::optional<Reply> reply = Dispatch(command);
  if (!reply.has_value()) clock_->SleepUntil(deadline);
  if (!reply.has_value() || clock_->Now() > deadline) {
    return absl::DeadlineExceededError(absl::StrCat("virtual changer: no answer to ",
                                                    scsi::OpcodeName(command.opcode()), " within ",
                                                    absl::FormatDuration(command.timeout)));
  }
  scsi::Result result;
  if (reply->sense.has_value()) {
    result.status = scsi::ScsiStatus::kCheckCondition;
    result.sense = *reply->sense;
    return result;
  }
  result.transferred =
      std::min({reply->data.size(), AllocationLength(command), command.data_in.size()});
  std::copy_n(reply->data.begin(), result.transferred, command.data_in.begin());
  return result;
}

std::optional<Reply> VirtualChanger::Dispatch(const scsi::Command& command) {
  const absl::Span<const uint8_t> cdb = CdbOf(command);
  if (door_was_open_ && clock_->Now() >= door_open_until_) {
    door_was_open_ = false;
    unit_attentions_.push_back(sense::kMediumChanged);
  }
  if (command.opcode() == opcode::kInquiry) return AnswerInquiry(cdb);
  if (command.opcode() == opcode::kRequestSense) {
    const Sense current = unit_attentions_.empty() ? Sense() : unit_attentions_.front();
    if (!unit_attentions_.empty()) unit_attentions_.pop_front();
    const auto bytes = scsi::EncodeFixedSense(current);
    return Good({bytes.begin(), bytes.end()});
  }
  if (!unit_attentions_.empty()) {
    const Sense attention = unit_attentions_.front();
    unit_attentions_.pop_front();
    return Check(attention);
  }
  switch (command.opcode()) {
    case opcode::kModeSense6:
    case opcode::kModeSense10:
      return AnswerModeSense(cdb);
    case opcode::kReadElementStatus:
      return AnswerElementStatus(cdb);
    case opcode::kPreventAllowMediumRemoval: {
      const auto asked = mmc::DecodePreventAllowCdb(cdb);
      if (!asked.ok()) return Check(sense::kInvalidField);
      removal_prevented_ = asked->prevent;
      return Good();
    }
    default:
      break;
  }
  if (clock_->Now() < door_open_until_) return Check(kManualIntervention);
  switch (command.opcode()) {
    case opcode::kTestUnitReady:
      return Good();
    case opcode::kMoveMedium:
      return MoveMedium(cdb);
    case opcode::kExchangeMedium:
      return ExchangeMedium(cdb);
    case opcode::kPositionToElement:
      return Position(cdb);
    case opcode::kInitializeElementStatus:
    case opcode::kInitializeElementStatusWithRange:
      return Rescan(cdb);
    default:
      return Check(sense::kInvalidOpcode);
  }
}

Reply VirtualChanger::AnswerModeSense(absl::Span<const uint8_t> cdb) const {
  const bool six = cdb[0] == opcode::kModeSense6;
  uint8_t wanted = 0;
  if (six) {
    const auto asked = smc::DecodeModeSense6Cdb(cdb);
    if (!asked.ok()) return Check(sense::kInvalidField);
    wanted = asked->page;
  } else {
    const auto asked = mmc::DecodeModeSenseCdb(cdb);
    if (!asked.ok() || asked->sub_page != 0) return Check(sense::kInvalidField);
    wanted = asked->page;
  }
  mmc::ModeData data;
  const auto add = [&](mmc::ModePage page) {
    if (wanted == mmc::kAllPages || wanted == page.code) data.pages.push_back(std::move(page));
  };
  add(smc::EncodeElementAddressAssignment(
      {.transports = {kPickerElement.value(), 1},
       .storage = {kFirstSlotElement, static_cast<uint16_t>(sizes_.slots)},
       .import_export = {kFirstImportExportElement, static_cast<uint16_t>(sizes_.import_export)},
       .drives = {kFirstDriveElement, static_cast<uint16_t>(drives_.size())}}));
  add({.code = smc::kTransportGeometryPage, .data = {0, 0}});
  smc::DeviceCapabilities capabilities{.stores = {false, true, true, true}};
  for (int from = 0; from < 4; ++from) {
    for (int to = 0; to < 4; ++to) {
      capabilities.moves[from][to] = from != 0 || to != 0;
      capabilities.exchanges[from][to] = from != 0 && to != 0;
    }
  }
  add(smc::EncodeDeviceCapabilities(capabilities));
  if (data.pages.empty()) return Check(sense::kInvalidField);
  return Good(six ? smc::EncodeModeData6(data) : mmc::EncodeModeData(data));
}

std::optional<Reply> VirtualChanger::AnswerElementStatus(absl::Span<const uint8_t> cdb) {
  const auto asked = smc::DecodeReadElementStatusCdb(cdb);
  if (!asked.ok() || asked->element_type > smc::kDataTransfer) return Check(sense::kInvalidField);
  // Whoever reads all elements asks for the transport's once.
  const bool begins =
      asked->element_type == smc::kAllElements || asked->element_type == smc::kMediumTransport;
  if (begins && !faults_.NextReadIsAnswered()) return std::nullopt;
  const absl::StatusOr<Locations> locations = store_.ReadLocations();
  if (!locations.ok()) return Check(sense::kInternalFailure);
  const std::vector<smc::ElementDescriptor> elements = Describe(*locations, *asked);
  // Read wrongly once.
  for (const smc::ElementDescriptor& element : elements) {
    if (misread_ == element.address) misread_.reset();
  }
  return Good(smc::EncodeElementStatus(elements));
}

std::vector<smc::ElementDescriptor> VirtualChanger::Describe(
    const Locations& locations, const smc::ReadElementStatusCdb& asked) const {
  std::vector<Place> places = {kPicker};
  const auto add = [&places](Place::Kind kind, int count) {
    for (int number = 1; number <= count; ++number) places.push_back({kind, number});
  };
  add(Place::Kind::kDrive, static_cast<int>(drives_.size()));
  add(Place::Kind::kImportExport, sizes_.import_export);
  add(Place::Kind::kSlot, sizes_.slots);
  std::vector<smc::ElementDescriptor> elements;
  for (const Place& place : places) {
    if (asked.element_type != smc::kAllElements && asked.element_type != TypeOf(place)) continue;
    if (AddressOf(place) < asked.first || elements.size() >= asked.count) continue;
    elements.push_back(DescribeOne(locations, place, asked));
  }
  return elements;
}

smc::ElementDescriptor VirtualChanger::DescribeOne(const Locations& locations, const Place& place,
                                                   const smc::ReadElementStatusCdb& asked) const {
  smc::ElementDescriptor element{
      .address = AddressOf(place), .element_type = TypeOf(place), .access = true};
  if (asked.volume_tags) element.volume_tag = "";
  if (const auto exception = exceptions_.find(element.address); exception != exceptions_.end()) {
    element.exception = true;
    element.asc = exception->second.asc;
    element.ascq = exception->second.ascq;
  }
  const std::optional<std::string> disc = locations.In(place);
  switch (place.kind) {
    case Place::Kind::kDrive: {
      const VirtualDrive& drive = *drives_[static_cast<size_t>(place.number - 1)];
      if (asked.device_ids && sizes_.tells_drives) element.identifier = Identify(drive.serial());
      // The arm reaches into a tray that is out.
      element.access = disc.has_value() ? drive.CheckReleased().ok() : drive.CheckCanTake().ok();
      break;
    }
    case Place::Kind::kImportExport:
      element.import_enabled = element.export_enabled = true;
      element.placed_by_operator =
          disc.has_value() && !locations.Find(*disc)->home_slot.has_value();
      break;
    case Place::Kind::kPicker:
      element.access = false;
      break;
    case Place::Kind::kSlot:
      break;
  }
  if (!disc.has_value()) return element;
  element.full = true;
  if (asked.volume_tags) {
    element.volume_tag = misread_ == element.address ? kForeignBarcode : *disc;
  }
  const std::optional<int> home = locations.Find(*disc)->home_slot;
  if (home.has_value()) {
    element.source = AddressOf(Place{.kind = Place::Kind::kSlot, .number = *home});
  }
  return element;
}

std::optional<Place> VirtualChanger::PlaceAt(uint16_t address) const {
  const auto at = [address](uint16_t first, int count) -> std::optional<int> {
    const int number = address - first + 1;
    return number >= 1 && number <= count ? std::optional(number) : std::nullopt;
  };
  if (address == kPickerElement.value()) return kPicker;
  if (const auto slot = at(kFirstSlotElement, sizes_.slots)) {
    return Place{.kind = Place::Kind::kSlot, .number = *slot};
  }
  if (const auto drive = at(kFirstDriveElement, static_cast<int>(drives_.size()))) {
    return Place{.kind = Place::Kind::kDrive, .number = *drive};
  }
  if (const auto port = at(kFirstImportExportElement, sizes_.import_export)) {
    return Place{.kind = Place::Kind::kImportExport, .number = *port};
  }
  return std::nullopt;
}

std::optional<Sense> VirtualChanger::CheckMove(const Locations& locations, const Place& source,
                                               const Place& destination) const {
  if (!locations.In(source).has_value()) return kSourceEmpty;
  if (locations.In(destination).has_value()) return kDestinationFull;
  if (source != kPicker && locations.In(kPicker).has_value()) return kDestinationFull;
  if (source.kind == Place::Kind::kDrive &&
      !drives_[static_cast<size_t>(source.number - 1)]->CheckReleased().ok()) {
    return sense::kRemovalPrevented;
  }
  if (destination.kind == Place::Kind::kDrive &&
      !drives_[static_cast<size_t>(destination.number - 1)]->CheckCanTake().ok()) {
    return kNotAccessible;
  }
  return std::nullopt;
}

absl::Status VirtualChanger::Take(const Place& source) {
  if (source.kind == Place::Kind::kDrive) {
    RETURN_IF_ERROR(drives_[static_cast<size_t>(source.number - 1)]->Remove());
  }
  return store_.UpdateLocations([&](Locations& locations) {
    const std::optional<std::string> disc = locations.In(source);
    if (!disc.has_value()) return absl::AbortedError("the disc was taken away meanwhile");
    Placement placement{.place = kPicker, .home_slot = locations.Find(*disc)->home_slot};
    if (source.kind == Place::Kind::kSlot) placement.home_slot = source.number;
    return locations.Put(*disc, placement);
  });
}

absl::Status VirtualChanger::Put(const Place& destination) {
  std::string barcode;
  RETURN_IF_ERROR(store_.UpdateLocations([&](Locations& locations) {
    const std::optional<std::string> disc = locations.In(kPicker);
    if (!disc.has_value()) return absl::AbortedError("the disc was taken away meanwhile");
    barcode = *disc;
    Placement placement{.place = destination};
    if (destination.kind != Place::Kind::kSlot) {
      placement.home_slot = locations.Find(barcode)->home_slot;
    }
    return locations.Put(barcode, placement);
  }));
  if (destination.kind == Place::Kind::kDrive) {
    return drives_[static_cast<size_t>(destination.number - 1)]->Insert(barcode);
  }
  return absl::OkStatus();
}

std::optional<Sense> VirtualChanger::Refusal(const MoveFault* fault, uint16_t source) {
  if (fault == nullptr) return std::nullopt;
  switch (fault->kind) {
    case MoveFault::Kind::kNotReady:
      return sense::kBecomingReady;
    case MoveFault::Kind::kSourceEmpty:
      return kSourceEmpty;
    case MoveFault::Kind::kDestinationFull:
      return kDestinationFull;
    case MoveFault::Kind::kDoorOpen:
      door_open_until_ = clock_->Now() + kDoorOpen;
      door_was_open_ = true;
      return kManualIntervention;
    case MoveFault::Kind::kException:
      exceptions_[source] = kElementFailure;
      return kElementFailure;
    case MoveFault::Kind::kGripper:
    case MoveFault::Kind::kStuck:
    case MoveFault::Kind::kWrongBarcode:
    case MoveFault::Kind::kHang:
    case MoveFault::Kind::kSilent:
      break;
  }
  return std::nullopt;
}

std::optional<Reply> VirtualChanger::Carry(const Place& source, const Place& destination,
                                           const MoveFault* fault) {
  const auto meets = [fault](MoveFault::Kind kind) {
    return fault != nullptr && fault->kind == kind;
  };
  clock_->SleepFor(kReach);
  if (meets(MoveFault::Kind::kStuck)) return Check(kStuck);
  if (source != kPicker && !Take(source).ok()) return Check(kPositioning);
  if (meets(MoveFault::Kind::kGripper)) return Check(kPositioning);
  clock_->SleepFor(kReach);
  if (destination != kPicker && !Put(destination).ok()) return Check(kPositioning);
  clock_->SleepFor(kScan);
  misread_.reset();
  if (meets(MoveFault::Kind::kWrongBarcode)) misread_ = AddressOf(destination);
  if (meets(MoveFault::Kind::kHang)) return std::nullopt;
  return Good();
}

std::optional<Reply> VirtualChanger::MoveMedium(absl::Span<const uint8_t> cdb) {
  const auto asked = smc::DecodeMoveMediumCdb(cdb);
  if (!asked.ok() || asked->invert) return Check(sense::kInvalidField);
  const std::optional<Place> from = PlaceAt(asked->source);
  const std::optional<Place> to = PlaceAt(asked->destination);
  const MoveFault* const fault = faults_.Next();
  if (!from.has_value() || !to.has_value()) return Check(kNoSuchElement);
  if (const auto refusal = Refusal(fault, asked->source)) return Check(*refusal);
  const absl::StatusOr<Locations> before = store_.ReadLocations();
  if (!before.ok()) return Check(sense::kInternalFailure);
  if (const auto refusal = CheckMove(*before, *from, *to)) return Check(*refusal);
  return Carry(*from, *to, fault);
}

// Two moves of one hand: what lies in the first destination out of the way, then the other in. The
// second destination has to be free for that.
std::optional<Reply> VirtualChanger::ExchangeMedium(absl::Span<const uint8_t> cdb) {
  const auto asked = smc::DecodeExchangeMediumCdb(cdb);
  if (!asked.ok()) return Check(sense::kInvalidField);
  const std::optional<Place> source = PlaceAt(asked->source);
  const std::optional<Place> first = PlaceAt(asked->first_destination);
  const std::optional<Place> second = PlaceAt(asked->second_destination);
  const MoveFault* const fault = faults_.Next();
  if (!source.has_value() || !first.has_value() || !second.has_value()) {
    return Check(kNoSuchElement);
  }
  if (const auto refusal = Refusal(fault, asked->source)) return Check(*refusal);
  absl::StatusOr<Locations> locations = store_.ReadLocations();
  if (!locations.ok()) return Check(sense::kInternalFailure);
  if (!locations->In(*source).has_value() || !locations->In(*first).has_value()) {
    return Check(kSourceEmpty);
  }
  if (*second == *source || *second == *first) return Check(sense::kInvalidField);
  if (const auto refusal = CheckMove(*locations, *first, *second)) return Check(*refusal);
  const std::optional<Reply> out = Carry(*first, *second, fault);
  if (!out.has_value() || out->sense.has_value()) return out;
  locations = store_.ReadLocations();
  if (!locations.ok()) return Check(sense::kInternalFailure);
  if (const auto refusal = CheckMove(*locations, *source, *first)) return Check(*refusal);
  return Carry(*source, *first, nullptr);
}

Reply VirtualChanger::Position(absl::Span<const uint8_t> cdb) {
  const auto asked = smc::DecodePositionToElementCdb(cdb);
  if (!asked.ok()) return Check(sense::kInvalidField);
  if (!PlaceAt(asked->destination).has_value()) return Check(kNoSuchElement);
  clock_->SleepFor(kReach);
  return Good();
}

Reply VirtualChanger::Rescan(absl::Span<const uint8_t> cdb) {
  const auto asked = smc::DecodeInitializeElementStatusCdb(cdb);
  if (!asked.ok()) return Check(sense::kInvalidField);
  const int all = sizes_.slots + sizes_.import_export + static_cast<int>(drives_.size());
  clock_->SleepFor(kScan * (asked->range.has_value() ? asked->range->count : all));
  for (auto one = exceptions_.begin(); one != exceptions_.end();) {
    const bool within =
        !asked->range.has_value() || (one->first >= asked->range->first &&
                                      one->first < asked->range->first + asked->range->count);
    one = within ? exceptions_.erase(one) : std::next(one);
  }
  return Good();
}

}  // namespace carousel::virtual_robot
