#include "server/service/converters/robot.h"

#include "proto/status/text.h"
#include "server/service/converters/names.h"

namespace carousel {
namespace {

v1::Drive::State StateToProto(DriveCondition condition) {
  switch (condition) {
    case DriveCondition::kNotYetKnown:
      return v1::Drive::STATE_UNSPECIFIED;
    case DriveCondition::kEmpty:
      return v1::Drive::EMPTY;
    case DriveCondition::kNotReady:
      return v1::Drive::NOT_READY;
    case DriveCondition::kReady:
      return v1::Drive::READY;
    case DriveCondition::kFailed:
      return v1::Drive::FAILED;
  }
  return v1::Drive::STATE_UNSPECIFIED;
}

}  // namespace

void DriveToProto(const DriveView& view, v1::Drive* proto) {
  proto->set_name(NameFromId("drives", view.id));
  proto->set_state(StateToProto(view.condition));
  proto->set_state_reason(ToUtf8(view.reason));
  proto->set_vendor(ToUtf8(view.vendor));
  proto->set_product(ToUtf8(view.product));
  proto->set_revision(ToUtf8(view.revision));
  proto->set_serial_number(ToUtf8(view.serial));
  proto->set_disc(NameFromId("discs", view.disc));
  proto->set_home_slot(NameFromId("slots", view.home_slot));
  proto->set_profile(view.profile);
  proto->set_media_generation(view.generation);
  proto->set_operation(view.owner);
}

void SlotToProto(const SlotView& view, v1::Slot* proto) {
  proto->set_name(NameFromId("slots", view.id));
  proto->set_disc(NameFromId("discs", view.disc));
  proto->set_full(!view.disc.empty());
}

void ImportExportSlotToProto(const ImportExportSlotView& view, v1::ImportExportSlot* proto) {
  proto->set_name(NameFromId("importExportSlots", view.id));
  proto->set_disc(NameFromId("discs", view.disc));
  proto->set_full(!view.disc.empty());
  proto->set_placed_by_operator(view.placed_by_operator);
  proto->set_can_import(view.can_import);
  proto->set_can_export(view.can_export);
  proto->set_accessible(view.accessible);
}

void DiscToProto(const DiscPlace& disc, v1::Disc* proto) {
  proto->set_name(NameFromId("discs", disc.id));
  proto->set_barcode(ToUtf8(disc.barcode));
  proto->set_location(disc.Location());
}

}  // namespace carousel
