#include "server/config/defaults.h"

#include <cstdint>
#include <string>

namespace carousel {
namespace {

constexpr int64_t kMinute = 60;
constexpr int64_t kHour = 60 * kMinute;
constexpr int64_t kDay = 24 * kHour;

std::string Or(const std::string& value, const std::string& fallback) {
  return value.empty() ? fallback : value;
}

template <typename Number>
Number Or(Number value, Number fallback) {
  return value == 0 ? fallback : value;
}

void FillInLimits(config::v1::Limits* limits) {
  limits->set_max_images(Or(limits->max_images(), 64));
  // Rounded up: of one image, one.
  limits->set_max_images_per_principal(
      Or(limits->max_images_per_principal(), limits->max_images() - limits->max_images() / 8));
  limits->set_max_connections(Or(limits->max_connections(), 1000));
  limits->set_max_watchers(Or(limits->max_watchers(), 64));
  limits->set_max_concurrent_streams(Or(limits->max_concurrent_streams(), 256));
  limits->set_max_header_bytes(Or(limits->max_header_bytes(), 16 << 10));
  limits->set_max_transport_bytes(Or<int64_t>(limits->max_transport_bytes(), int64_t{256} << 20));
  limits->set_max_image_edits(Or<int64_t>(limits->max_image_edits(), 3'000'000));
  limits->set_max_import_entries(Or<int64_t>(limits->max_import_entries(), 10'000'000));
  limits->set_max_import_depth(Or(limits->max_import_depth(), 1024));
  limits->set_max_import_memory_bytes(
      Or<int64_t>(limits->max_import_memory_bytes(), int64_t{2} << 30));
  limits->set_import_prefetch_bytes(
      Or<int64_t>(limits->import_prefetch_bytes(), int64_t{64} << 20));
  limits->set_max_message_bytes(Or(limits->max_message_bytes(), 4 << 20));
  limits->set_max_finished_operations(Or(limits->max_finished_operations(), 10'000));
  // An explicit zero duration is an error, not a default.
  if (!limits->has_image_ttl()) limits->mutable_image_ttl()->set_seconds(kHour);
  if (!limits->has_max_import_time()) limits->mutable_max_import_time()->set_seconds(30 * kMinute);
  if (!limits->has_operation_ttl()) limits->mutable_operation_ttl()->set_seconds(30 * kDay);
  if (!limits->has_load_ready_time()) limits->mutable_load_ready_time()->set_seconds(5 * kMinute);
  if (!limits->has_drain_time()) limits->mutable_drain_time()->set_seconds(30);
  if (!limits->has_journal_ttl()) limits->mutable_journal_ttl()->set_seconds(366 * kDay);
}

void FillInSpool(const std::string& state_dir, config::v1::Spool* spool) {
  spool->set_folder(Or(spool->folder(), state_dir + "/spool"));
  spool->set_quota_bytes(Or<int64_t>(spool->quota_bytes(), int64_t{128} << 30));
  spool->set_max_uploads(Or(spool->max_uploads(), 256));
  if (!spool->has_upload_ttl()) spool->mutable_upload_ttl()->set_seconds(kDay);
  spool->set_max_tree_entries(Or<int64_t>(spool->max_tree_entries(), 1'000'000));
  spool->set_max_tree_depth(Or(spool->max_tree_depth(), 128));
}

void FillInInitiator(const std::string& robot_id, config::v1::IscsiDevice* device) {
  device->set_initiator(Or(device->initiator(), "iqn.2026-11.dev.carousel:" + robot_id));
}

}  // namespace

void FillInDefaults(config::v1::Config* config) {
  config->set_robot_id(Or(config->robot_id(), "robot"));
  config->set_state_dir(Or(config->state_dir(), "/var/lib/carousel"));
  if (config->listen().has_tls() && !config->listen().tls().has_reload_interval())
    config->mutable_listen()->mutable_tls()->mutable_reload_interval()->set_seconds(kMinute);
  config->mutable_listen()->set_grpc(Or(config->listen().grpc(), "127.0.0.1:7070"));
  config->mutable_listen()->set_http(Or(config->listen().http(), "127.0.0.1:9470"));
  for (config::v1::Drive& drive : *config->mutable_drives()) {
    if (drive.has_iscsi()) FillInInitiator(config->robot_id(), drive.mutable_iscsi());
    if (!drive.has_virtual_()) continue;
    config::v1::VirtualDrive& model = *drive.mutable_virtual_();
    if (!model.has_drive_type_file()) model.set_drive_type(Or(model.drive_type(), "BD-16x"));
    model.set_serial(Or(model.serial(), "VIRTUAL-" + drive.id()));
  }
  if (config->has_changer()) {
    config::v1::Changer& changer = *config->mutable_changer();
    if (changer.has_iscsi()) FillInInitiator(config->robot_id(), changer.mutable_iscsi());
    changer.set_first_slot_element(Or(changer.first_slot_element(), 1024));
  }
  if (config->has_virtual_robot()) {
    config::v1::VirtualRobot& robot = *config->mutable_virtual_robot();
    robot.set_store(Or(robot.store(), config->state_dir() + "/discs"));
    robot.set_time_scale(Or(robot.time_scale(), 1.0));
  }
  FillInLimits(config->mutable_limits());
  FillInSpool(config->state_dir(), config->mutable_spool());
  const int64_t quota = config->spool().quota_bytes();
  config::v1::Limits& limits = *config->mutable_limits();
  limits.set_max_spool_bytes_per_principal(
      Or<int64_t>(limits.max_spool_bytes_per_principal(), quota - quota / 8));
}

}  // namespace carousel
