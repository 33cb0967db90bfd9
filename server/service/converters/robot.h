// Drives, slots, discs and moves on the wire.
#ifndef SERVER_SERVICE_CONVERTERS_ROBOT_H_
#define SERVER_SERVICE_CONVERTERS_ROBOT_H_

#include "carousel/v1/robot.pb.h"
#include "server/library/inventory.h"
#include "server/library/robot_view.h"

namespace carousel {

void DriveToProto(const DriveView& view, v1::Drive* proto);
void SlotToProto(const SlotView& view, v1::Slot* proto);
void ImportExportSlotToProto(const ImportExportSlotView& view, v1::ImportExportSlot* proto);
void DiscToProto(const DiscPlace& disc, v1::Disc* proto);

}  // namespace carousel

#endif  // SERVER_SERVICE_CONVERTERS_ROBOT_H_
