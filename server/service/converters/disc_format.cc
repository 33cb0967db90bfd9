#include "server/service/converters/disc_format.h"

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "hal/mmc/profile.h"
#include "proto/status/text.h"
#include "server/service/converters/names.h"

namespace carousel {

void DiscFormatToProto(const DriveMedium& medium, v1::DiscFormat* proto) {
  const MediaFacts& facts = *medium.facts;
  proto->set_name(absl::StrCat("drives/", medium.drive, "/discFormat"));
  proto->set_disc(NameFromId("discs", medium.disc));
  proto->set_media_generation(facts.generation.value());
  proto->set_physical_media_type(static_cast<v1::PhysicalMediaType>(facts.type));
  proto->set_profile(std::string(mmc::ProfileName(facts.profile)));
  proto->set_media_status_bits(facts.status_bits);
  for (uint32_t bit = 1; bit != 0; bit <<= 1) {
    const auto status = static_cast<int>(bit);
    if ((facts.status_bits & bit) != 0 && v1::MediaStatus_IsValid(status))
      proto->add_media_statuses(static_cast<v1::MediaStatus>(status));
  }
  proto->set_write_protect_bits(facts.write_protect_bits);
  proto->set_physically_blank(facts.physically_blank);
  proto->set_heuristically_blank(facts.heuristically_blank);
  proto->set_total_sectors(facts.total.value());
  proto->set_free_sectors(facts.free.value());
  if (facts.next_writable.has_value())
    proto->set_next_writable_address(facts.next_writable->value());
  proto->set_start_address_of_previous_session(facts.start_of_previous);
  if (facts.last_written_of_previous.has_value())
    proto->set_last_written_address_of_previous_session(*facts.last_written_of_previous);
  proto->set_session_count(facts.session_count);
  for (const int64_t speed : facts.write_speeds)
    proto->add_supported_write_speeds()->set_sectors_per_second(speed);
  if (facts.current_write_speed.has_value())
    proto->mutable_current_write_speed()->set_sectors_per_second(*facts.current_write_speed);
  for (const std::string& contradiction : facts.contradictions) {
    v1::Warning* warning = proto->add_warnings();
    warning->set_reason("CONTRADICTION");
    warning->set_message(ToUtf8(contradiction));
  }
  proto->set_disc_identifier(facts.disc_identifier);
}

}  // namespace carousel
