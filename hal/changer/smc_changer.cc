#include "hal/changer/smc_changer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "hal/base/status_macros.h"
#include "hal/mmc/inquiry.h"
#include "hal/mmc/medium_removal.h"
#include "hal/mmc/mode_sense.h"
#include "hal/mmc/readiness.h"
#include "hal/scsi/sense.h"
#include "hal/smc/element_status.h"
#include "hal/smc/move_medium.h"

namespace carousel {
namespace {

using scsi::SenseKey;

// A changer queues a few after power-on; one that has more is broken.
constexpr int kMostUnitAttentions = 8;
constexpr size_t kModeDataSize = 256;
constexpr size_t kInquirySize = 252;
// What READ ELEMENT STATUS may bring at once: some hundreds of elements with volume tags.
constexpr size_t kBufferSize = 64 * 1024;
// Elements that are asked for at once, so that their longest descriptors fit the buffer.
constexpr uint16_t kElementsAtOnce = 400;
constexpr uint16_t kDrivesAtOnce = 64;
// Vendor in eight characters and product in sixteen, which many put before the serial number,
// whatever they call the type of their identifier (SPC-4 7.8.6.4).
constexpr size_t kVendorAndProduct = 24;

std::optional<scsi::Sense> SenseOf(const absl::Status& status) {
  const auto payload = scsi::GetSense(status);
  if (!payload.has_value()) return std::nullopt;
  return payload->sense;
}

bool RefusesField(const absl::Status& status) {
  const auto sense = SenseOf(status);
  return sense.has_value() && sense->key == SenseKey::kIllegalRequest && sense->asc == 0x24;
}

bool RefusesOpcode(const absl::Status& status) {
  const auto sense = SenseOf(status);
  return sense.has_value() && sense->key == SenseKey::kIllegalRequest && sense->asc == 0x20;
}

// Wait for it: becoming ready, in operation, busy.
bool IsLater(const absl::Status& status) {
  const auto sense = SenseOf(status);
  if (!sense.has_value()) return IsBusy(status);
  return sense->key == SenseKey::kNotReady && absl::IsUnavailable(status);
}

// The serial number within what DVCID tells: alone, or behind vendor and product. None in bytes
// that are no text.
std::string SerialOf(const smc::ElementDescriptor::Identifier& identifier) {
  if (identifier.code_set == DeviceId::kBinary) return "";
  std::string text(identifier.value.begin(), identifier.value.end());
  text = text.substr(0, text.find('\0'));
  if (text.size() > kVendorAndProduct) text = text.substr(kVendorAndProduct);
  return std::string(absl::StripAsciiWhitespace(text));
}

Element ToElement(const smc::ElementDescriptor& descriptor) {
  Element element{.address = ElementAddress(descriptor.address),
                  .type = static_cast<ElementType>(descriptor.element_type),
                  .full = descriptor.full,
                  .accessible = descriptor.access,
                  .placed_by_operator = descriptor.placed_by_operator,
                  .can_import = descriptor.import_enabled,
                  .can_export = descriptor.export_enabled};
  // A tag that is left behind in an empty element is nobody's.
  if (descriptor.full) element.barcode = descriptor.volume_tag.value_or("");
  if (descriptor.source.has_value()) element.source = ElementAddress(*descriptor.source);
  if (descriptor.identifier.has_value() && !descriptor.identifier->value.empty()) {
    const smc::ElementDescriptor::Identifier& id = *descriptor.identifier;
    element.drive_serial = SerialOf(id);
    element.drive_id = DeviceId{.code_set = id.code_set, .type = id.type, .value = id.value};
  }
  if (descriptor.exception) {
    element.exception = scsi::Sense{.asc = descriptor.asc, .ascq = descriptor.ascq};
  }
  return element;
}

const Element* Find(const std::vector<Element>& elements, ElementAddress address) {
  const auto found =
      std::find_if(elements.begin(), elements.end(),
                   [address](const Element& element) { return element.address == address; });
  return found == elements.end() ? nullptr : &*found;
}

bool Holds(const std::vector<Element>& elements, ElementAddress address,
           const std::string& barcode) {
  const Element* const element = Find(elements, address);
  return element != nullptr && element->full && element->barcode == barcode;
}

bool IsFull(const std::vector<Element>& elements, ElementAddress address) {
  const Element* const element = Find(elements, address);
  return element != nullptr && element->full;
}

bool IsPicker(const std::vector<Element>& elements, ElementAddress address) {
  const Element* const element = Find(elements, address);
  return element != nullptr && element->type == ElementType::kPicker;
}

// A picker has a disc.
bool IsHeld(const std::vector<Element>& elements) {
  return std::any_of(elements.begin(), elements.end(), [](const Element& element) {
    return element.type == ElementType::kPicker && element.full;
  });
}

std::string Describe(const std::vector<Element>& elements, ElementAddress address) {
  const Element* const element = Find(elements, address);
  if (element == nullptr) return absl::StrCat("element ", address.value(), " is not told of");
  if (!element->full) return absl::StrCat("element ", address.value(), " is empty");
  return absl::StrCat("element ", address.value(), " holds ",
                      element->barcode.empty() ? "a disc without a bar code" : element->barcode);
}

using Way = SmcChanger::Way;

// Each disc is seen where it was to go, and the first source is empty or has another one.
bool HaveArrived(const std::vector<Element>& before, const std::vector<Element>& after,
                 const std::vector<Way>& wanted) {
  for (const Way& way : wanted) {
    const Element* const was = Find(before, way.source);
    if (was == nullptr || !was->full || !Holds(after, way.destination, was->barcode)) return false;
  }
  if (wanted.size() == 1) return !IsFull(after, wanted[0].source);
  // Two discs that cannot be told apart were not seen to change places.
  return Find(before, wanted[0].source)->barcode != Find(before, wanted[1].source)->barcode;
}

bool AreAsBefore(const std::vector<Element>& before, const std::vector<Element>& after,
                 const std::vector<Way>& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const Way& way) {
    const Element* const was = Find(before, way.source);
    const Element* const is = Find(after, way.source);
    if (was == nullptr || is == nullptr) return was == is;
    return was->full == is->full && was->barcode == is->barcode;
  });
}

// The elements are not what they were when they were read last.
absl::Status Stale(const absl::Status& attention) {
  absl::Status status(absl::StatusCode::kAborted,
                      absl::StrCat("the changer was reset or opened, take an inventory: ",
                                   absl::string_view(attention.message())));
  attention.ForEachPayload([&status](absl::string_view url, const absl::Cord& payload) {
    status.SetPayload(url, payload);
  });
  return status;
}

MoveResult NothingMoved(absl::Status status) {
  return {.outcome = MoveOutcome::kStillAtSource, .status = std::move(status)};
}

}  // namespace

SmcChanger::SmcChanger(OpenTransport open, Clock* clock, Options options)
    : open_(std::move(open)), clock_(clock), options_(options) {}

absl::Status SmcChanger::Open() {
  if (device_ != nullptr) return absl::OkStatus();
  absl::StatusOr<std::unique_ptr<scsi::Transport>> transport = open_();
  if (!transport.ok()) {
    return absl::UnavailableError(absl::StrCat("the changer cannot be opened: ",
                                               absl::string_view(transport.status().message())));
  }
  device_ = std::make_unique<MmcDevice>(*std::move(transport), clock_);
  addresses_.reset();
  buffer_.resize(std::min(kBufferSize, device_->max_transfer()));
  return absl::OkStatus();
}

absl::StatusOr<size_t> SmcChanger::Execute(const scsi::Command& command) {
  absl::StatusOr<size_t> result = device_->Execute(command);
  // A connection that is lost is opened anew; a late answer of a command that timed out may not be
  // taken for that of the next one.
  const bool answered =
      result.ok() || SenseOf(result.status()).has_value() || IsBusy(result.status());
  if (!answered && absl::IsUnavailable(result.status())) device_.reset();
  return result;
}

absl::Status SmcChanger::BecomeReady(Attention attention) {
  RETURN_IF_ERROR(Open());
  const absl::Time deadline = clock_->Now() + options_.ready_budget;
  for (int attentions = 0;;) {
    if (device_ == nullptr) return absl::UnavailableError("the changer does not answer");
    const absl::Status status = Execute(mmc::MakeCommand(mmc::TestUnitReadyCdb{})).status();
    if (status.ok()) return status;
    if (IsUnitAttention(status)) {
      addresses_.reset();
      if (attention == Attention::kRefuse) return Stale(status);
      if (++attentions > kMostUnitAttentions) return status;
      continue;
    }
    if (!IsLater(status) || clock_->Now() + options_.poll_interval > deadline) return status;
    clock_->SleepFor(options_.poll_interval);
  }
}

absl::StatusOr<ChangerIdentity> SmcChanger::Identify() {
  RETURN_IF_ERROR(Open());
  std::vector<uint8_t> bytes(mmc::kStandardInquirySize);
  ASSIGN_OR_RETURN(size_t size,
                   Execute(mmc::MakeCommand(mmc::InquiryCdb{}, absl::MakeSpan(bytes))));
  ASSIGN_OR_RETURN(const mmc::StandardInquiry inquiry,
                   mmc::DecodeStandardInquiry(absl::MakeConstSpan(bytes).subspan(0, size)));
  if (inquiry.device_type != mmc::kDeviceTypeMediumChanger) {
    return absl::FailedPreconditionError(
        absl::StrCat(device_->name(), " is no medium changer, but a device of type ",
                     static_cast<int>(inquiry.device_type)));
  }
  ChangerIdentity identity{
      .vendor = inquiry.vendor, .product = inquiry.product, .revision = inquiry.revision};
  bytes.resize(kInquirySize);
  const mmc::InquiryCdb page{.vital_product_data = true, .page = mmc::kUnitSerialNumberPage};
  const absl::StatusOr<size_t> told = Execute(mmc::MakeCommand(page, absl::MakeSpan(bytes)));
  if (!told.ok())
    return SenseOf(told.status()).has_value() ? identity
                                              : absl::StatusOr<ChangerIdentity>(told.status());
  const auto serial = mmc::DecodeUnitSerialNumber(absl::MakeConstSpan(bytes).subspan(0, *told));
  if (serial.ok()) identity.serial = serial->serial;
  return identity;
}

absl::Status SmcChanger::ReadAddresses() {
  if (addresses_.has_value()) return absl::OkStatus();
  std::vector<uint8_t> bytes(kModeDataSize);
  ASSIGN_OR_RETURN(const size_t size,
                   Execute(mmc::MakeCommand(mmc::ModeSenseCdb{.page = smc::kElementAddressPage},
                                            absl::MakeSpan(bytes))));
  ASSIGN_OR_RETURN(const mmc::ModeData data,
                   mmc::DecodeModeData(absl::MakeConstSpan(bytes).subspan(0, size)));
  const mmc::ModePage* const page = data.Find(smc::kElementAddressPage);
  if (page == nullptr)
    return absl::InternalError("the changer does not tell where its elements are");
  ASSIGN_OR_RETURN(addresses_, smc::DecodeElementAddressAssignment(*page));
  return absl::OkStatus();
}

absl::StatusOr<size_t> SmcChanger::ReadStatus(ElementType type, uint16_t first, uint16_t count) {
  while (true) {
    const bool ids = has_device_ids_ && type == ElementType::kDrive;
    const absl::StatusOr<size_t> size = Execute(
        smc::MakeCommand(smc::ReadElementStatusCdb{.volume_tags = has_volume_tags_,
                                                   .element_type = static_cast<uint8_t>(type),
                                                   .first = first,
                                                   .count = count,
                                                   .device_ids = ids},
                         absl::MakeSpan(buffer_)));
    if (size.ok() || !RefusesField(size.status())) return size;
    if (ids) {
      has_device_ids_ = false;
    } else if (has_volume_tags_) {
      has_volume_tags_ = false;
    } else {
      return size;
    }
  }
}

absl::Status SmcChanger::ReadRange(const smc::ElementRange& range, ElementType type,
                                   std::vector<Element>* elements) {
  const uint16_t at_once = type == ElementType::kDrive ? kDrivesAtOnce : kElementsAtOnce;
  const uint32_t end = uint32_t{range.first} + range.count;
  for (uint32_t next = range.first; next < end;) {
    const auto count = static_cast<uint16_t>(std::min<uint32_t>(at_once, end - next));
    ASSIGN_OR_RETURN(const size_t size, ReadStatus(type, static_cast<uint16_t>(next), count));
    ASSIGN_OR_RETURN(const smc::ElementStatus status,
                     smc::DecodeElementStatus(absl::MakeConstSpan(buffer_).subspan(0, size)));
    uint32_t last = next;
    bool any = false;
    for (const smc::ElementDescriptor& descriptor : status.elements) {
      // Some tell more than they were asked for.
      if (descriptor.element_type != static_cast<uint8_t>(type) || descriptor.address < next ||
          descriptor.address >= end) {
        continue;
      }
      elements->push_back(ToElement(descriptor));
      last = std::max<uint32_t>(last, descriptor.address);
      any = true;
    }
    // Addresses may have gaps; a part without any element is passed over.
    next = any ? last + 1 : next + count;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Element>> SmcChanger::ReadElements() {
  RETURN_IF_ERROR(BecomeReady(Attention::kTake));
  return ReadKnown();
}

absl::StatusOr<std::vector<Element>> SmcChanger::ReadKnown() {
  RETURN_IF_ERROR(Open());
  RETURN_IF_ERROR(ReadAddresses());
  std::vector<Element> elements;
  const std::pair<smc::ElementRange, ElementType> ranges[] = {
      {addresses_->transports, ElementType::kPicker},
      {addresses_->storage, ElementType::kSlot},
      {addresses_->import_export, ElementType::kImportExport},
      {addresses_->drives, ElementType::kDrive}};
  for (const auto& [range, type] : ranges) RETURN_IF_ERROR(ReadRange(range, type, &elements));
  std::stable_sort(elements.begin(), elements.end(),
                   [](const Element& a, const Element& b) { return a.address < b.address; });
  // Told twice, it is believed once.
  elements.erase(
      std::unique(elements.begin(), elements.end(),
                  [](const Element& a, const Element& b) { return a.address == b.address; }),
      elements.end());
  const bool tells_access = std::any_of(elements.begin(), elements.end(),
                                        [](const Element& element) { return element.accessible; });
  if (!tells_access) {
    for (Element& element : elements) element.accessible = true;
  }
  return elements;
}

MoveResult SmcChanger::Move(ElementAddress source, ElementAddress destination) {
  return Carry(smc::MakeCommand(smc::MoveMediumCdb{.source = source.value(),
                                                   .destination = destination.value()}),
               {{source, destination}});
}

MoveResult SmcChanger::Exchange(ElementAddress source, ElementAddress first,
                                ElementAddress second) {
  return Carry(smc::MakeCommand(smc::ExchangeMediumCdb{.source = source.value(),
                                                       .first_destination = first.value(),
                                                       .second_destination = second.value()}),
               {{source, first}, {first, second}});
}

MoveResult SmcChanger::Carry(const scsi::Command& command, const std::vector<Way>& wanted) {
  if (const absl::Status ready = BecomeReady(Attention::kRefuse); !ready.ok()) {
    return NothingMoved(ready);
  }
  const absl::StatusOr<std::vector<Element>> before = ReadElements();
  if (!before.ok()) return NothingMoved(before.status());
  absl::Status answer = Execute(command).status();
  // Nothing was sent, or the changer does not know the command.
  if (absl::IsInvalidArgument(answer) || absl::IsPermissionDenied(answer)) {
    return NothingMoved(std::move(answer));
  }
  if (RefusesOpcode(answer)) {
    return NothingMoved(absl::UnimplementedError("the changer does not offer this move"));
  }
  return Settle(*before, wanted, std::move(answer));
}

MoveResult SmcChanger::Settle(const std::vector<Element>& before, const std::vector<Way>& wanted,
                              absl::Status answer) {
  // An arm that did not answer may still be on its way. One that does not become ready, since its
  // door is open, knows what it holds all the same.
  (void)BecomeReady(Attention::kTake);
  const absl::StatusOr<std::vector<Element>> after = ReadKnown();
  if (!after.ok()) {
    return {.outcome = MoveOutcome::kUnknown, .status = answer.ok() ? after.status() : answer};
  }
  const ElementAddress source = wanted[0].source;
  const ElementAddress destination = wanted[0].destination;
  const bool carried = IsHeld(*after) && !IsPicker(*after, destination);
  if (HaveArrived(before, *after, wanted) && !carried) {
    return {.outcome = MoveOutcome::kMoved, .status = absl::OkStatus()};
  }
  if (answer.ok()) {
    answer = absl::InternalError(absl::StrCat("after the move ", Describe(*after, destination),
                                              ", and ", Describe(*after, source)));
  }
  const MoveOutcome outcome = carried                               ? MoveOutcome::kInGripper
                              : AreAsBefore(before, *after, wanted) ? MoveOutcome::kStillAtSource
                                                                    : MoveOutcome::kUnknown;
  return {.outcome = outcome, .status = std::move(answer)};
}

absl::Status SmcChanger::Rescan(std::optional<ElementRange> range) {
  RETURN_IF_ERROR(BecomeReady(Attention::kTake));
  smc::InitializeElementStatusCdb cdb;
  if (range.has_value()) cdb.range = {.first = range->first.value(), .count = range->count};
  absl::Status status = Execute(smc::MakeCommand(cdb)).status();
  if (range.has_value() && RefusesOpcode(status)) {
    status = Execute(smc::MakeCommand(smc::InitializeElementStatusCdb{})).status();
  }
  if (RefusesOpcode(status))
    return absl::UnimplementedError("the changer takes no inventory itself");
  return status;
}

absl::Status SmcChanger::PositionTo(ElementAddress element) {
  RETURN_IF_ERROR(BecomeReady(Attention::kRefuse));
  const absl::Status status =
      Execute(smc::MakeCommand(smc::PositionToElementCdb{.destination = element.value()})).status();
  if (RefusesOpcode(status)) return absl::UnimplementedError("the changer does not position");
  return status;
}

absl::Status SmcChanger::PreventRemoval(bool prevent) {
  RETURN_IF_ERROR(BecomeReady(Attention::kTake));
  const absl::Status status =
      Execute(mmc::MakeCommand(mmc::PreventAllowCdb{.prevent = prevent})).status();
  if (RefusesOpcode(status)) return absl::UnimplementedError("the changer does not lock");
  return status;
}

}  // namespace carousel
