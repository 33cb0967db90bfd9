#include "server/burn/session_shape.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "hal/drive/burn_table.h"
#include "hal/mmc/profile.h"
#include "server/disc_format/logical_sessions.h"
#include "server/imapi/error.h"
#include "server/mastering/superblock.h"

namespace carousel {
namespace {

using imapi::Hresult;

bool Overwrites(const BurnRow& row) { return row.method == BurnMethod::kOverwrite; }

// By the profile alone: which features are current is looked at before the burn.
const BurnRow* FindRow(mmc::Profile profile) {
  for (const BurnRow& row : BurnTable()) {
    const bool is_of =
        std::find(row.profiles.begin(), row.profiles.end(), profile) != row.profiles.end();
    if (is_of && row.can_stay_appendable) return &row;
  }
  return nullptr;
}

// A WRITE of a part of what the drive writes at once makes it read and write the rest again.
Sectors UnitOf(const BurnRow& row) {
  return Overwrites(row) ? std::max(row.unit, row.write_unit) : row.unit;
}

absl::Status Refuse(Hresult hresult, const MediaFacts& facts, absl::string_view why) {
  return imapi::MakeError(hresult, why, {{"media", std::string(mmc::ProfileName(facts.profile))}});
}

}  // namespace

absl::StatusOr<SessionShape> ShapeFor(const MediaFacts& facts) {
  const BurnRow* row = FindRow(facts.profile);
  if (row == nullptr) {
    return Refuse(Hresult::E_IMAPI_DF2DATA_MEDIA_IS_NOT_SUPPORTED, facts,
                  "sessions are not added to media of this type");
  }
  if (!facts.next_writable.has_value()) {
    return Refuse(Hresult::E_IMAPI_DF2DATA_INVALID_MEDIA_STATE, facts,
                  "where the next session of the disc would begin is not known");
  }
  SessionShape shape{.start = *facts.next_writable,
                     .tail = row->padding,
                     .unit = UnitOf(*row),
                     .shortest = row->shortest_track};
  if (Overwrites(*row)) {
    shape.start =
        RoundUp(std::max(shape.start, Lba(0) + mastering::kSuperblockSectors), kLogicalSessionUnit);
  }
  if (const auto free = facts.sequential.free_sectors.value; free.has_value()) {
    const Sectors left = Sectors(*free) - (shape.start - *facts.next_writable) - row->run_out;
    shape.free = std::max(left, Sectors(0));
  }
  return shape;
}

SessionShape ShapeForAnyBlank() {
  SessionShape shape;
  for (const BurnRow& row : BurnTable()) {
    if (Overwrites(row) || !row.can_stay_appendable) continue;
    shape.tail = std::max(shape.tail, row.padding);
    // Units are powers of two.
    shape.unit = std::max(shape.unit, row.unit);
    shape.shortest = std::max(shape.shortest, row.shortest_track);
  }
  return shape;
}

}  // namespace carousel
