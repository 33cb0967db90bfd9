#include "server/multisession/drive_properties.h"

#include <string>

namespace carousel::multisession {

std::vector<DriveProperty> PropertiesOf(const Element& element, const MediaFacts& facts) {
  if (element.kind == Kind::kSequential) {
    const SequentialFacts& drive = facts.sequential;
    const bool logical = facts.multisession_class == MultisessionClass::kOverwritable;
    return {{property_name::kStart, element.start_of_previous, &drive.start_of_previous, logical},
            {property_name::kLast, element.last_written_of_previous,
             &drive.last_written_of_previous, true},
            {property_name::kNext, element.next_writable, &drive.next_writable, logical},
            {property_name::kFree, element.free_sectors, &drive.free_sectors, logical},
            {property_name::kUnit, element.write_unit, &drive.write_unit, false}};
  }
  if (element.kind == Kind::kRandomWrite) {
    const RandomWriteFacts& drive = facts.random_write;
    return {{property_name::kUnit, element.write_unit, &drive.write_unit, false},
            {property_name::kLastWritten, element.last_written, &drive.last_written, true},
            {property_name::kTotal, element.total_sectors, &drive.total_sectors, false}};
  }
  return {};
}

std::vector<Element> InterfacesOf(const MediaFacts& facts, absl::string_view drive) {
  std::vector<Element> interfaces;
  for (const Kind kind : {Kind::kSequential, Kind::kRandomWrite}) {
    Element element;
    element.kind = kind;
    element.import_recorder = std::string(drive);
    interfaces.push_back(WithDriveValues(std::move(element), facts));
  }
  return interfaces;
}

Element WithDriveValues(Element element, const MediaFacts& facts) {
  element.generation = facts.generation;
  if (element.kind == Kind::kSequential) {
    element.first_data_session = facts.sequential.first_data_session;
    element.start_of_previous = facts.sequential.start_of_previous.value;
    element.last_written_of_previous = facts.sequential.last_written_of_previous.value;
    element.next_writable = facts.sequential.next_writable.value;
    element.free_sectors = facts.sequential.free_sectors.value;
    element.write_unit = facts.sequential.write_unit.value;
  } else if (element.kind == Kind::kRandomWrite) {
    element.write_unit = facts.random_write.write_unit.value;
    element.last_written = facts.random_write.last_written.value;
    element.total_sectors = facts.random_write.total_sectors.value;
  }
  return element;
}

}  // namespace carousel::multisession
