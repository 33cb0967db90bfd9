#include "clients/cli/hints.h"

#include <algorithm>
#include <iterator>

namespace carousel::cli {
namespace {

struct ReasonHint {
  const char* reason;
  const char* hint;
};

constexpr ReasonHint kReasonHints[] = {
    {"E_POINTER",
     "send a list; every element needs a type (see `carouselctl multisession DRIVE -o json`)"},
    {"E_NOINTERFACE", "the list holds an object that is no multi-session interface: remove it"},
    {"IMAPI_E_INCOMPATIBLE_MULTISESSION_TYPE",
     "put another type in use, or create the image with --types=extended"},
    {"IMAPI_E_IMPORT_MEDIA_NOT_ALLOWED",
     "this disc never takes another session: take another disc"},
    {"IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE",
     "look at the disc with `carouselctl media DRIVE`; load one that takes another session"},
    {"IMAPI_E_BAD_MULTISESSION_PARAMETER",
     "read the interfaces again with `carouselctl multisession DRIVE` and pass them on unchanged"},
    {"IMAPI_E_IMPORT_SEEK_FAILURE",
     "block -1: the disc is blank and needs no import. Otherwise try another drive"},
    {"IMAPI_E_FSI_INTERNAL_ERROR",
     "the drive contradicts itself: keep the service's log, try the disc in another drive"},
    {"IMAPI_E_MULTISESSION_NOT_SET", "run `carouselctl image set-multisession IMAGE DRIVE` first"},
    {"IMAPI_E_PROPERTY_NOT_ACCESSIBLE",
     "wait for the image's operation (`carouselctl image show IMAGE`), or create a new image"},
    {"IMAPI_E_READONLY", "a result image was made of the image: create a new one"},
    {"IMAPI_E_DIR_NOT_EMPTY", "remove it with all below: `carouselctl image rm -r IMAGE PATH`"},
    {"IMAPI_E_IMAGE_SIZE_LIMIT",
     "remove files, or `carouselctl image update IMAGE --free-media-blocks=N` if the disc has "
     "more"},
    {"IMAPI_E_EMPTY_DISC", "nothing to import: go on with the empty image"},
    {"IMAPI_E_DISC_MISMATCH", "the disc was changed: set the interfaces again, with a new image"},
    {"IMAPI_E_IMPORT_READ_FAILURE",
     "try the disc in another drive, then restore from another copy"},
    {"IMAPI_E_FILE_SYSTEM_READ_CONSISTENCY_ERROR",
     "the file system is damaged: try another drive, then restore from another copy"},
    {"E_IMAPI_BURN_VERIFICATION_FAILED",
     "do not trust the disc: copy what can be read, and burn it anew onto another one"},
    {"E_IMAPI_ERASE_MEDIA_IS_NOT_SUPPORTED",
     "erase it by another --mode: CD-RW by minimal or full, DVD+RW, DVD-RAM and BD-RE by format"},
    {"DISC_HELD",
     "see what is on the disc: `carouselctl verify DRIVE`; or look at it yourself and run "
     "`carouselctl disc acknowledge DISC --who NAME`"},
    {"E_IMAPI_RECORDER_MEDIA_NO_MEDIA", "load a disc: `carouselctl load DISC DRIVE`"},
    {"E_IMAPI_RECORDER_LOCKED",
     "an operation has the drive: `carouselctl operations list` names it; wait or cancel it"},
    {"E_IMAPI_RECORDER_MEDIA_BECOMING_READY", "the disc spins up: repeat in a few seconds"},
    {"ERROR_DEV_NOT_EXIST", "the drive does not answer: look at `carouselctl drives`"},
    {"UNAUTHENTICATED",
     "the service's configuration has no principal of your certificate's name: have it added"},
    {"PERMISSION_DENIED", "ask somebody with a higher role, or have yours raised"},
    {"UPLOAD_BUSY", "another stream sends this file: wait until it has ended, then repeat"},
    {"UPLOAD_INCOMPLETE", "repeat the command: it goes on where it ended"},
    {"CONTENT_MISMATCH", "the file has changed while it was sent: repeat the command"},
    {"IMAPI_E_DATA_STREAM_INCONSISTENCY",
     "a file was written while it was added: repeat when nobody writes the tree"},
    {"IMAPI_E_INVALID_WORKING_DIRECTORY",
     "the service has no staging root: send the files with `carouselctl image add`"},
    {"ETAG_MISMATCH", "somebody changed the image: read it again and decide anew"},
    {"INTERRUPTED", "look at the disc's state before you burn again, with a new image"},
    {"IMAPI_E_IMAGEMANAGER_NO_IMAGE", "make the image's result first"},
    {"E_IMAPI_DF2DATA_MEDIA_NOT_BLANK",
     "set the interfaces and import first, or take a blank disc"},
    {"DRAINING", "the service is shutting down: repeat when it is back"},
    {"CHANGER_FAILURE",
     "look at `carouselctl drives` and `carouselctl slots` before anything else"},
    {"CANCELLED", "nothing: somebody ended it before it did anything"},
    {"DEADLINE_EXCEEDED",
     "give it more time with --timeout, or look at `carouselctl operations list`"},
    {"E_FAIL", "keep the service's log, and report it"},
    {"E_IMAPI_DF2DATA_INVALID_MEDIA_STATE", "look at the disc: `carouselctl disc show DRIVE`"},
    {"E_IMAPI_DF2DATA_MEDIA_IS_NOT_SUPPORTED",
     "this drive does not write this medium: another drive or disc"},
    {"E_IMAPI_ERASE_DRIVE_FAILED_ERASE_COMMAND", "try it in another drive; then discard the disc"},
    {"E_IMAPI_ERASE_MEDIA_IS_NOT_ERASABLE", "only rewritable discs are erased: take another one"},
    {"E_IMAPI_ERASE_TOOK_LONGER_THAN_ONE_HOUR", "try it in another drive; then discard the disc"},
    {"E_IMAPI_ERASE_UNEXPECTED_DRIVE_RESPONSE_DURING_ERASE",
     "look at the drive: `carouselctl drives`; then try another one"},
    {"E_IMAPI_RECORDER_COMMAND_TIMEOUT",
     "the drive hangs: look at `carouselctl drives`, switch it off and on"},
    {"E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE",
     "keep the service's log, and try another drive"},
    {"E_IMAPI_RECORDER_MEDIA_BUSY", "the disc is being used: repeat in a few seconds"},
    {"E_IMAPI_RECORDER_MEDIA_FORMAT_IN_PROGRESS",
     "the disc is being formatted: repeat in some minutes"},
    {"E_IMAPI_RECORDER_MEDIA_INCOMPATIBLE",
     "this drive does not take this medium: another drive or disc"},
    {"E_IMAPI_RECORDER_MEDIA_UPSIDE_DOWN", "turn the disc over, or clean it"},
    {"E_IMAPI_RECORDER_MEDIA_WRITE_PROTECTED", "the disc is write-protected: take another one"},
    {"E_IMAPI_REQUEST_CANCELLED", "look at the disc's state before you burn again"},
    {"E_NOTIMPL", "the service does not do this yet: see docs/contract.md"},
    {"E_OUTOFMEMORY", "the session is beyond a limit of the configuration (`limits`): raise it"},
    {"IMAPI_E_DATA_STREAM_CREATE_FAILURE", "the service cannot open the file: see its permissions"},
    {"IMAPI_E_DATA_STREAM_READ_FAILURE",
     "the file cannot be read: look at the disk that it lies on"},
    {"IMAPI_E_DATA_TOO_BIG",
     "the file is too large for what the image makes: other file systems or a higher --level"},
    {"IMAPI_E_DIRECTORY_READ_FAILURE",
     "try the disc in another drive, then restore from another copy"},
    {"IMAPI_E_DIR_NOT_FOUND", "make it first: `carouselctl image mkdir IMAGE PATH`"},
    {"IMAPI_E_DUP_NAME",
     "remove it first (`carouselctl image rm IMAGE PATH`), or take another path"},
    {"IMAPI_E_FILE_SYSTEM_FEATURE_NOT_SUPPORTED",
     "the disc uses what the service does not read: see docs/contract.md"},
    {"IMAPI_E_FILE_SYSTEM_NOT_FOUND", "what there is tells `carouselctl image identify IMAGE`"},
    {"IMAPI_E_IMAGE_TOO_BIG", "remove files, or take a disc with more room"},
    {"IMAPI_E_IMPORT_TYPE_COLLISION_DIRECTORY_EXISTS_AS_FILE",
     "import into a new image first, then add what is yours"},
    {"IMAPI_E_IMPORT_TYPE_COLLISION_FILE_EXISTS_AS_DIRECTORY",
     "import into a new image first, then add what is yours"},
    {"IMAPI_E_INCOMPATIBLE_PREVIOUS_SESSION",
     "the last session cannot be gone on with: take another disc"},
    {"IMAPI_E_INVALID_PARAM", "correct the value that the message names"},
    {"IMAPI_E_INVALID_PATH", "paths begin with / and have no empty, . or .. parts"},
    {"IMAPI_E_INVALID_VOLUME_NAME", "take a shorter name, of letters and digits"},
    {"IMAPI_E_ISO9660_LEVELS", "the tree is too deep: move it up, or leave --strict out"},
    {"IMAPI_E_ITEM_NOT_FOUND", "list what there is: `carouselctl image ls IMAGE`"},
    {"IMAPI_E_NOT_DIR", "it is a file: name a directory"},
    {"IMAPI_E_NOT_FILE", "it is a directory: name a file"},
    {"IMAPI_E_NO_SUPPORTED_FILE_SYSTEM",
     "the disc has no file system that the service reads: see docs/contract.md"},
    {"IMAPI_E_RESTRICTED_NAME_VIOLATION",
     "take a name without the characters that the message names"},
    {"IMAPI_E_STASHFILE_WRITE_FAILURE", "the spool's disk fails or is full: look at it"},
    {"IMAPI_E_TOO_MANY_DIRS", "the image has more directories than ISO 9660 can number: divide it"},
    {"INVALID_FIELD", "correct the field that the message names"},
    {"INVALID_NAME", "names look like drives/drive0, discs/A1, images/..."},
    {"LIMIT_REACHED",
     "free something (delete images, wait for uploads), or raise the limit that is named"},
    {"OPERATION_RUNNING",
     "wait for it, or cancel it: `carouselctl operations wait|cancel OPERATION`"},
    {"REQUEST_ID_REUSED", "take a new UUID: this one stands for another request"},
    {"UPLOAD_GAP", "repeat the command: it goes on where it ended"},
    {"NOT_FOUND", "list what there is: `carouselctl drives`, `discs`, `image list`"},
};

}  // namespace

std::string HintFor(const client::Error& error) {
  const auto* found =
      std::find_if(std::begin(kReasonHints), std::end(kReasonHints),
                   [&error](const ReasonHint& entry) { return error.reason == entry.reason; });
  if (found != std::end(kReasonHints)) return found->hint;
  switch (error.code) {
    case grpc::StatusCode::UNAVAILABLE:
      return error.reason.empty() ? "is carouseld running, and is --address right?"
                                  : "repeat the command in a few seconds";
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return "free something (delete images) or wait, then repeat";
    case grpc::StatusCode::UNIMPLEMENTED:
      return "the service is older than this program";
    default:
      return "";
  }
}

}  // namespace carousel::cli
