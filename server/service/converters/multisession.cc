#include "server/service/converters/multisession.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/errors/errors.h"
#include "server/service/converters/names.h"

namespace carousel {
namespace {

using multisession::Element;
using multisession::Kind;

constexpr int kMaxElements = 64;

// What an element of no known type is: a later version's type leaves fields that this one does not
// know, a null pointer leaves nothing.
Kind KindOf(const v1::MultisessionInterface& proto) {
  switch (proto.kind_case()) {
    case v1::MultisessionInterface::kSequential:
      return Kind::kSequential;
    case v1::MultisessionInterface::kRandomWrite:
      return Kind::kRandomWrite;
    case v1::MultisessionInterface::kOther:
      return proto.other().is_multisession() ? Kind::kOther : Kind::kForeign;
    case v1::MultisessionInterface::KIND_NOT_SET:
      break;
  }
  return proto.GetReflection()->GetUnknownFields(proto).empty() ? Kind::kNull : Kind::kNewer;
}

void SequentialFromProto(const v1::SequentialMultisession& proto, Element* element) {
  if (proto.has_first_data_session()) element->first_data_session = proto.first_data_session();
  if (proto.has_start_address_of_previous_session())
    element->start_of_previous = proto.start_address_of_previous_session();
  if (proto.has_last_written_address_of_previous_session())
    element->last_written_of_previous = proto.last_written_address_of_previous_session();
  if (proto.has_next_writable_address()) element->next_writable = proto.next_writable_address();
  if (proto.has_free_sectors_on_media()) element->free_sectors = proto.free_sectors_on_media();
  if (proto.has_write_unit_size()) element->write_unit = proto.write_unit_size();
}

void RandomWriteFromProto(const v1::RandomWriteMultisession& proto, Element* element) {
  if (proto.has_write_unit_size()) element->write_unit = proto.write_unit_size();
  if (proto.has_last_written_address()) element->last_written = proto.last_written_address();
  if (proto.has_total_sectors_on_media()) element->total_sectors = proto.total_sectors_on_media();
}

absl::StatusOr<Element> ElementFromProto(const v1::MultisessionInterface& proto, int index) {
  Element element{.kind = KindOf(proto), .in_use = proto.in_use()};
  if (!proto.import_recorder().empty()) {
    absl::StatusOr<std::string> drive =
        IdFromName("import_recorder", proto.import_recorder(), "drives");
    if (!drive.ok()) {
      // Once more, for the field's path: to make it for every element would cost more than all else
      // here.
      return IdFromName(
                 absl::StrCat("multisession_interfaces.interfaces[", index, "].import_recorder"),
                 proto.import_recorder(), "drives")
          .status();
    }
    element.import_recorder = *std::move(drive);
  }
  if (proto.has_media_generation()) element.generation = MediaGeneration(proto.media_generation());
  element.type_name = proto.other().type_name();
  SequentialFromProto(proto.sequential(), &element);
  if (proto.has_random_write()) RandomWriteFromProto(proto.random_write(), &element);
  return element;
}

void SequentialToProto(const Element& element, v1::SequentialMultisession* out) {
  if (element.first_data_session) out->set_first_data_session(*element.first_data_session);
  if (element.start_of_previous)
    out->set_start_address_of_previous_session(*element.start_of_previous);
  if (element.last_written_of_previous)
    out->set_last_written_address_of_previous_session(*element.last_written_of_previous);
  if (element.next_writable) out->set_next_writable_address(*element.next_writable);
  if (element.free_sectors) out->set_free_sectors_on_media(*element.free_sectors);
  if (element.write_unit) out->set_write_unit_size(*element.write_unit);
}

void RandomWriteToProto(const Element& element, v1::RandomWriteMultisession* out) {
  if (element.write_unit) out->set_write_unit_size(*element.write_unit);
  if (element.last_written) out->set_last_written_address(*element.last_written);
  if (element.total_sectors) out->set_total_sectors_on_media(*element.total_sectors);
}

}  // namespace

absl::StatusOr<multisession::List> ListFromProto(const v1::MultisessionInterfaceList* list) {
  if (list == nullptr) return multisession::List();
  if (list->interfaces_size() > kMaxElements)
    return InvalidFieldError("multisession_interfaces", "has more than 64 elements");
  std::vector<Element> elements;
  elements.reserve(list->interfaces_size());
  for (int i = 0; i < list->interfaces_size(); ++i) {
    ASSIGN_OR_RETURN(Element element, ElementFromProto(list->interfaces(i), i));
    elements.push_back(std::move(element));
  }
  return multisession::List(std::move(elements));
}

void ElementToProto(const Element& element, const MediaFacts& facts,
                    v1::MultisessionInterface* proto) {
  proto->set_in_use(element.in_use);
  proto->set_import_recorder(NameFromId("drives", element.import_recorder));
  if (element.generation.has_value()) proto->set_media_generation(element.generation->value());
  switch (element.kind) {
    case Kind::kSequential:
      proto->set_supported_on_current_media_state(facts.sequential.supported);
      SequentialToProto(element, proto->mutable_sequential());
      return;
    case Kind::kRandomWrite:
      proto->set_supported_on_current_media_state(facts.random_write.supported);
      RandomWriteToProto(element, proto->mutable_random_write());
      return;
    case Kind::kOther:
      proto->set_supported_on_current_media_state(false);
      proto->mutable_other()->set_type_name(element.type_name);
      proto->mutable_other()->set_is_multisession(true);
      return;
    case Kind::kNewer:  // what it was is not known any more
    case Kind::kNull:
    case Kind::kForeign:
      return;
  }
}

void ListToProto(const std::vector<Element>& list, const MediaFacts& facts,
                 v1::MultisessionInterfaceList* proto) {
  proto->mutable_interfaces()->Reserve(static_cast<int>(list.size()));
  for (const Element& element : list) ElementToProto(element, facts, proto->add_interfaces());
}

}  // namespace carousel
