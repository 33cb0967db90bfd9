// What a move does with one disc: from where to where.
#ifndef SERVER_LIBRARY_MOVE_LEG_H_
#define SERVER_LIBRARY_MOVE_LEG_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "hal/base/types.h"

namespace carousel {

// One end of a move: a configured place and its element.
struct MoveEnd {
  enum class Kind : uint8_t { kSlot, kDrive, kImportExportSlot };
  Kind kind = Kind::kSlot;
  std::string id;
  ElementAddress element;

  // "slots/slot1", "drives/drive0", "importExportSlots/port1".
  std::string Name() const {
    switch (kind) {
      case Kind::kSlot:
        return absl::StrCat("slots/", id);
      case Kind::kDrive:
        return absl::StrCat("drives/", id);
      case Kind::kImportExportSlot:
        return absl::StrCat("importExportSlots/", id);
    }
    return "";
  }
};

struct MoveLeg {
  std::string disc;     // id
  std::string barcode;  // empty if it has none
  MoveEnd from;
  MoveEnd to;
};

}  // namespace carousel

#endif  // SERVER_LIBRARY_MOVE_LEG_H_
