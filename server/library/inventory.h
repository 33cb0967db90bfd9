// Which disc is where: the changer's elements in the configuration's names. A value, made whole by
// each reading of the changer and never patched.
#ifndef SERVER_LIBRARY_INVENTORY_H_
#define SERVER_LIBRARY_INVENTORY_H_

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "hal/base/types.h"
#include "hal/changer/changer.h"
#include "hal/robot/robot.h"

namespace carousel {

// A disc and its place. Slots, drives and import/export slots by their configured ids.
struct DiscPlace {
  // Its bar code. A disc without one, with one that is no resource id, or with one that another
  // disc has too, is "unlabelled-" and its home slot (the drive if it has none): the place is all
  // that tells it from others.
  std::string id;
  std::string barcode;  // as the changer read it; empty if it has none
  std::string slot;     // empty: not in a slot
  std::string drive;    // empty: not in a drive
  std::string import_export_slot;
  bool in_arm = false;
  // Where it goes back to; the slot it is in, or came from. Empty if nobody knows.
  std::string home_slot;
  ElementAddress element;

  // "slots/slot1", "drives/drive0", "importExportSlots/port1"; "robot" for the arm; empty for an
  // element that the configuration does not name.
  std::string Location() const;
};

class Inventory {
 public:
  Inventory() = default;
  // `homes`: slot by drive, for changers that do not tell where a disc came from.
  Inventory(absl::Span<const Element> elements, const Robot& robot,
            const std::map<std::string, std::string>& homes);

  const std::vector<DiscPlace>& discs() const { return discs_; }  // by id

  // Null if there is none.
  const DiscPlace* Find(absl::string_view disc) const;
  const DiscPlace* InSlot(absl::string_view slot) const;
  const DiscPlace* InDrive(absl::string_view drive) const;
  const DiscPlace* InImportExportSlot(absl::string_view slot) const;
  const DiscPlace* InArm() const;
  // The import/export element of a configured slot as the changer told it; null if it did not.
  const Element* ImportExportElement(absl::string_view slot) const;

 private:
  // Of the disc whose `place` is `id`, which is not empty.
  const DiscPlace* In(std::string DiscPlace::*place, absl::string_view id) const;

  std::vector<DiscPlace> discs_;
  std::map<std::string, Element, std::less<>> import_export_;  // by the configured id
};

}  // namespace carousel

#endif  // SERVER_LIBRARY_INVENTORY_H_
