#include "server/session_import/disc_check.h"

#include <utility>

#include "hal/base/status_macros.h"
#include "server/imapi/error.h"

namespace carousel::session_import {

using imapi::Hresult;

DiscCheck::DiscCheck(const MediaFacts& bound, ReadFacts read_facts)
    : identifier_(bound.disc_identifier),
      read_facts_(std::move(read_facts)),
      confirmed_(bound.generation) {}

absl::Status DiscCheck::Confirm(Drive& drive) {
  ASSIGN_OR_RETURN(const bool present, drive.CheckReady());
  if (!present) {
    return imapi::MakeError(Hresult::IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE,
                            "the disc was taken out of the drive",
                            {{"cause", "E_IMAPI_RECORDER_MEDIA_NO_MEDIA"}});
  }
  if (drive.generation() == confirmed_) return absl::OkStatus();
  ASSIGN_OR_RETURN(const MediaFacts facts, read_facts_(drive));
  if (!facts.present || identifier_.empty() || facts.disc_identifier != identifier_) {
    return imapi::MakeError(Hresult::IMAPI_E_DISC_MISMATCH,
                            "the disc in the drive is not the one that the image was bound to",
                            {{"bound", identifier_}, {"found", facts.disc_identifier}});
  }
  confirmed_ = facts.generation;
  return absl::OkStatus();
}

absl::StatusOr<bool> DiscCheck::ConfirmIfChanged(Drive& drive) {
  if (drive.generation() == confirmed_) return false;
  RETURN_IF_ERROR(Confirm(drive));
  return true;
}

}  // namespace carousel::session_import
