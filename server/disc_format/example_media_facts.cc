#include "server/disc_format/example_media_facts.h"

#include "absl/strings/string_view.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"

namespace carousel {
namespace {

constexpr MediaGeneration kGeneration(7);
constexpr char kIdentifier[] = "00112233445566778899aabbccddeeff";

MediaFacts Present(mmc::Profile profile, PhysicalMediaType type, MultisessionClass c) {
  MediaFacts facts;
  facts.generation = kGeneration;
  facts.present = true;
  facts.profile = profile;
  facts.type = type;
  facts.multisession_class = c;
  facts.disc_identifier = kIdentifier;
  return facts;
}

void SetPrevious(MediaFacts* facts, int64_t start, int64_t last) {
  facts->start_of_previous = start;
  facts->last_written_of_previous = last;
  facts->sequential.start_of_previous.value = start;
  facts->sequential.last_written_of_previous.value = last;
}

void SetNext(MediaFacts* facts, int64_t next) {
  facts->next_writable = Lba(next);
  facts->sequential.next_writable.value = next;
  facts->sequential.free_sectors.value = facts->total.value() - next;
}

}  // namespace

MediaFacts NoMediumFacts() {
  MediaFacts facts;
  facts.generation = kGeneration;
  return facts;
}

MediaFacts BlankDvdPlusRFacts() {
  MediaFacts facts = Present(mmc::Profile::kDvdPlusR, PhysicalMediaType::kDvdPlusR,
                             MultisessionClass::kSequential);
  facts.status_bits = media_status::kBlank | media_status::kAppendable;
  facts.physically_blank = facts.heuristically_blank = true;
  facts.total = facts.free = Sectors(2'295'104);
  facts.sequential.supported = true;
  facts.sequential.write_unit.value = 16;
  SetPrevious(&facts, -1, -1);
  SetNext(&facts, 0);
  facts.random_write.cause = "MEDIA_TYPE";
  facts.seek_test = imapi::MakeError(imapi::Hresult::IMAPI_E_IMPORT_SEEK_FAILURE,
                                     "cannot seek to block -1: the medium is blank",
                                     {{"block", "-1"}, {"cause", "BLANK_MEDIA"}});
  return facts;
}

MediaFacts AppendableDvdPlusRFacts() {
  MediaFacts facts = BlankDvdPlusRFacts();
  facts.status_bits = media_status::kAppendable;
  facts.physically_blank = facts.heuristically_blank = false;
  facts.session_count = 1;
  facts.sequential.first_data_session = false;
  SetPrevious(&facts, 0, 191);
  SetNext(&facts, 2240);
  facts.free = Sectors(2'295'104 - 2240);
  facts.readable_end = Lba(192);
  facts.seek_test = absl::OkStatus();
  return facts;
}

MediaFacts FinalizedDvdPlusRFacts() {
  MediaFacts facts = AppendableDvdPlusRFacts();
  facts.type = PhysicalMediaType::kDvdRom;
  facts.multisession_class = MultisessionClass::kNone;
  facts.status_bits = media_status::kFinalized;
  facts.free = Sectors(0);
  facts.next_writable.reset();
  facts.sequential.supported = false;
  facts.sequential.cause = "FINALIZED";
  facts.sequential.next_writable.value.reset();
  facts.sequential.free_sectors.value = 0;
  return facts;
}

MediaFacts BlankBdReFacts() {
  MediaFacts facts =
      Present(mmc::Profile::kBdRe, PhysicalMediaType::kBdRe, MultisessionClass::kOverwritable);
  facts.status_bits =
      media_status::kOverwriteOnly | media_status::kBlank | media_status::kAppendable;
  facts.heuristically_blank = true;
  facts.total = facts.free = Sectors(11'826'176);
  facts.readable_end = Lba(11'826'176);
  facts.sequential.supported = facts.random_write.supported = true;
  facts.sequential.write_unit.value = facts.random_write.write_unit.value = 32;
  facts.random_write.total_sectors.value = 11'826'176;
  SetPrevious(&facts, -1, -1);
  SetNext(&facts, 0);
  return facts;
}

MediaFacts WrittenBdReFacts() {
  MediaFacts facts = BlankBdReFacts();
  facts.status_bits = media_status::kOverwriteOnly | media_status::kAppendable;
  facts.heuristically_blank = false;
  facts.session_count = 2;
  facts.sequential.first_data_session = false;
  SetPrevious(&facts, 256, 429);
  SetNext(&facts, 448);
  return facts;
}

MediaFacts DvdRomFacts() {
  MediaFacts facts =
      Present(mmc::Profile::kDvdRom, PhysicalMediaType::kDvdRom, MultisessionClass::kNone);
  facts.total = Sectors(1'000'000);
  facts.readable_end = Lba(1'000'000);
  facts.session_count = 1;
  SetPrevious(&facts, 0, 999'999);
  facts.sequential.cause = facts.random_write.cause = "MEDIA_TYPE";
  facts.sequential.first_data_session = false;
  return facts;
}

}  // namespace carousel
