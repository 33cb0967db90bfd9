#include "server/config/validate.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/config/listen_address.h"

namespace carousel {
namespace {

constexpr int kMaxDrives = 64;
constexpr int kMaxSlots = 10'000;
constexpr int kMaxImportExportSlots = 256;
constexpr int kMaxPrincipals = 1000;
// DNS label (RFC 1035 2.3.1), so that an id can be a host's or a Kubernetes object's name.
constexpr size_t kMaxIdSize = 63;
// SPC-4 7.8.15 leaves the length open; drives have 16, the changer's device identifier takes 32.
constexpr size_t kMaxSerialSize = 32;
constexpr double kMaxTimeScale = 100'000;

std::string Index(absl::string_view field, int index) {
  return absl::StrCat(field, "[", index, "]");
}

class Checker {
 public:
  explicit Checker(std::vector<std::string>* errors) : errors_(*errors) {}

  void Error(absl::string_view path, absl::string_view what) {
    errors_.push_back(absl::StrCat(path, ": ", what));
  }

  void Ok(absl::string_view path, const absl::Status& status) {
    if (!status.ok()) Error(path, absl::string_view(status.message()));
  }

  std::string Id(absl::string_view path, const std::string& id) {
    const auto is_edge = [](char c) { return absl::ascii_islower(c) || absl::ascii_isdigit(c); };
    const bool good =
        !id.empty() && id.size() <= kMaxIdSize && is_edge(id.front()) && is_edge(id.back()) &&
        std::all_of(id.begin(), id.end(), [&](char c) { return is_edge(c) || c == '-'; });
    if (!good) {
      Error(path, "needs 1 to 63 lower-case letters, digits and hyphens, no hyphen at either end");
    }
    return id;
  }

  void Unique(absl::string_view path, const std::string& value, std::set<std::string>* seen) {
    if (!seen->insert(value).second) Error(path, absl::StrCat("\"", value, "\" is there already"));
  }

  std::string AbsolutePath(absl::string_view path, const std::string& value) {
    if (!absl::StartsWith(value, "/")) Error(path, "must be an absolute path");
    if (std::any_of(value.begin(), value.end(), absl::ascii_iscntrl)) {
      Error(path, "has control characters");
    }
    return value;
  }

  template <typename Number>
  Number InRange(absl::string_view path, Number value, Number low, Number high) {
    if (!(value >= low && value <= high)) {
      Error(path, absl::StrCat(value, " is not in the range from ", low, " to ", high));
    }
    return value;
  }

  absl::Duration InRange(absl::string_view path, const google::protobuf::Duration& value,
                         absl::Duration low, absl::Duration high) {
    const absl::Duration duration =
        absl::Seconds(value.seconds()) + absl::Nanoseconds(value.nanos());
    if (duration < low || duration > high) {
      Error(path, absl::StrCat(absl::FormatDuration(duration), " is not in the range from ",
                               absl::FormatDuration(low), " to ", absl::FormatDuration(high)));
    }
    return duration;
  }

 private:
  std::vector<std::string>& errors_;
};

VirtualDriveConfig CheckVirtualDrive(const std::string& path, const config::v1::VirtualDrive& drive,
                                     std::set<std::string>* serials, Checker* check) {
  const std::string& serial = drive.serial();
  if (serial.empty() || serial.size() > kMaxSerialSize ||
      !std::all_of(serial.begin(), serial.end(), absl::ascii_isgraph)) {
    check->Error(path + ".serial", "needs 1 to 32 printable ASCII characters without blanks");
  }
  check->Unique(path + ".serial", serial, serials);
  return VirtualDriveConfig{.type = drive.drive_type(),
                            .serial = serial,
                            .fault_plan = drive.fault_plan(),
                            .quirks = {drive.quirks().begin(), drive.quirks().end()}};
}

// What no two of the configuration's devices may share.
using Devices = std::set<std::string>;

SgConfig CheckSg(const std::string& path, const config::v1::SgDevice& device, Devices* seen,
                 Checker* check) {
  if (device.device().empty() == device.serial().empty()) {
    check->Error(path, "needs a device or a serial, and not both");
  }
  if (!device.device().empty()) check->AbsolutePath(path + ".device", device.device());
  check->Unique(path, absl::StrCat(device.device(), device.serial()), seen);
  return {.device = device.device(), .serial = device.serial()};
}

// RFC 3721: iqn., eui. or naa.; RFC 7143 4.2.7.2 has at most 223 bytes.
void CheckIscsiName(const std::string& path, const std::string& name, Checker* check) {
  const bool good = (absl::StartsWith(name, "iqn.") || absl::StartsWith(name, "eui.") ||
                     absl::StartsWith(name, "naa.")) &&
                    name.size() <= 223 &&
                    std::all_of(name.begin(), name.end(), absl::ascii_isgraph);
  if (!good) check->Error(path, "needs an iSCSI name, such as iqn.2026-11.example:robot1");
}

IscsiConfig CheckIscsi(const std::string& path, const config::v1::IscsiDevice& device,
                       Devices* seen, Checker* check) {
  const size_t colon = device.portal().rfind(':');
  int port = 0;
  if (colon == std::string::npos || colon == 0 ||
      !absl::SimpleAtoi(device.portal().substr(colon + 1), &port) || port < 1 || port > 65'535) {
    check->Error(path + ".portal", "needs an address and a port, such as 192.0.2.7:3260");
  }
  CheckIscsiName(path + ".target", device.target(), check);
  CheckIscsiName(path + ".initiator", device.initiator(), check);
  check->InRange(path + ".lun", device.lun(), 0, 16'383);
  if (device.chap_user().empty() != device.chap_secret_file().empty()) {
    check->Error(path, "needs chap_user and chap_secret_file together, or neither");
  }
  if (!device.chap_secret_file().empty()) {
    check->AbsolutePath(path + ".chap_secret_file", device.chap_secret_file());
  }
  check->Unique(path, absl::StrCat(device.target(), " LUN ", device.lun()), seen);
  return {.portal = device.portal(),
          .target = device.target(),
          .lun = device.lun(),
          .initiator = device.initiator(),
          .chap_user = device.chap_user(),
          .chap_secret_file = device.chap_secret_file()};
}

std::vector<DriveConfig> CheckDrives(const config::v1::Config& config, Devices* devices,
                                     Checker* check) {
  if (config.drives().empty()) check->Error("drives", "needs at least one");
  if (config.drives_size() > kMaxDrives) {
    check->Error("drives", absl::StrCat("has ", config.drives_size(), ", more than ", kMaxDrives));
  }
  std::vector<DriveConfig> drives;
  std::set<std::string> ids, serials;
  for (int i = 0; i < config.drives_size(); ++i) {
    const config::v1::Drive& drive = config.drives(i);
    const std::string path = Index("drives", i);
    DriveConfig checked{.id = check->Id(path + ".id", drive.id())};
    check->Unique(path + ".id", drive.id(), &ids);
    switch (drive.backend_case()) {
      case config::v1::Drive::kVirtual:
        checked.backend = CheckVirtualDrive(path + ".virtual", drive.virtual_(), &serials, check);
        break;
      case config::v1::Drive::kSg:
        checked.backend = CheckSg(path + ".sg", drive.sg(), devices, check);
        break;
      case config::v1::Drive::kIscsi:
        checked.backend = CheckIscsi(path + ".iscsi", drive.iscsi(), devices, check);
        break;
      case config::v1::Drive::BACKEND_NOT_SET:
        check->Error(path, "needs a back end: virtual, sg or iscsi");
        break;
    }
    drives.push_back(std::move(checked));
  }
  return drives;
}

// Of `list`, whose first element is `next` if it names none. `elements`: those that are taken.
std::vector<SlotConfig> CheckSlots(
    const std::string& list, const google::protobuf::RepeatedPtrField<config::v1::Slot>& given,
    int most, bool real, int next, std::set<std::string>* elements, Checker* check) {
  if (given.size() > most) {
    check->Error(list, absl::StrCat("has ", given.size(), ", more than ", most));
  }
  std::vector<SlotConfig> slots;
  std::set<std::string> ids;
  for (int i = 0; i < given.size(); ++i) {
    const config::v1::Slot& slot = given[i];
    const std::string path = Index(list, i);
    SlotConfig checked{.id = check->Id(path + ".id", slot.id())};
    check->Unique(path + ".id", slot.id(), &ids);
    if (real) {
      if (slot.element() != 0) next = slot.element();
      check->InRange(path + ".element", next, 1, 65'535);
      check->Unique(path + ".element", absl::StrCat(next), elements);
      checked.element = static_cast<uint16_t>(next++);
    } else if (slot.element() != 0) {
      check->Error(path + ".element", "is the virtual robot's own to know");
    }
    slots.push_back(std::move(checked));
  }
  return slots;
}

std::optional<std::variant<SgConfig, IscsiConfig>> CheckChanger(const config::v1::Config& config,
                                                                Devices* devices, Checker* check) {
  if (!config.has_changer()) {
    if (!config.has_virtual_robot() && !config.drives().empty()) {
      check->Error("changer", "is required where no drive is virtual");
    }
    return std::nullopt;
  }
  const config::v1::Changer& changer = config.changer();
  check->InRange("changer.first_slot_element", changer.first_slot_element(), 1, 65'535);
  switch (changer.backend_case()) {
    case config::v1::Changer::kSg:
      return CheckSg("changer.sg", changer.sg(), devices, check);
    case config::v1::Changer::kIscsi:
      return CheckIscsi("changer.iscsi", changer.iscsi(), devices, check);
    case config::v1::Changer::BACKEND_NOT_SET:
      check->Error("changer", "needs a back end: sg or iscsi");
      break;
  }
  return std::nullopt;
}

std::optional<TlsConfig> CheckListen(const config::v1::Listen& listen, Checker* check) {
  const auto reach = [](bool anywhere) { return anywhere ? Reach::kAnywhere : Reach::kLoopback; };
  check->Ok("listen.grpc", CheckGrpcAddress(listen.grpc(), reach(listen.has_tls())));
  check->Ok("listen.http", CheckHttpAddress(listen.http(), reach(listen.http_anywhere())));
  if (listen.has_tls() == listen.insecure()) {
    check->Error("listen", listen.insecure() ? "has tls and is insecure"
                                             : "needs tls, or the word that it is insecure: true");
  }
  if (!listen.has_tls()) return std::nullopt;
  const config::v1::Tls& tls = listen.tls();
  return TlsConfig{
      .certificate_file =
          check->AbsolutePath("listen.tls.certificate_file", tls.certificate_file()),
      .private_key_file =
          check->AbsolutePath("listen.tls.private_key_file", tls.private_key_file()),
      .client_ca_file = check->AbsolutePath("listen.tls.client_ca_file", tls.client_ca_file()),
      .reload_interval = check->InRange("listen.tls.reload_interval", tls.reload_interval(),
                                        absl::Seconds(1), absl::Hours(24))};
}

std::vector<PrincipalConfig> CheckPrincipals(const config::v1::Config& config, Checker* check) {
  if (config.principals_size() > kMaxPrincipals) {
    check->Error("principals",
                 absl::StrCat("has ", config.principals_size(), ", more than ", kMaxPrincipals));
  }
  if (!config.listen().has_tls() && config.principals_size() > 0)
    check->Error("principals", "have no meaning where nobody has a certificate: listen.tls");
  std::vector<PrincipalConfig> principals;
  std::set<std::string> names;
  for (int i = 0; i < config.principals_size(); ++i) {
    const config::v1::Principal& principal = config.principals(i);
    const std::string path = Index("principals", i);
    if (principal.name().empty()) check->Error(path + ".name", "is required");
    check->Unique(path + ".name", principal.name(), &names);
    if (!config::v1::Role_IsValid(principal.role()) ||
        principal.role() == config::v1::ROLE_UNSPECIFIED) {
      check->Error(path + ".role", "is VIEWER, OPERATOR, ARCHIVIST or ADMIN");
      continue;
    }
    principals.push_back({principal.name(), static_cast<Role>(principal.role() - 1)});
  }
  return principals;
}

// A model that hurries and a device that does not cannot share one clock.
void CheckTime(const config::v1::Config& config, Checker* check) {
  const bool real =
      config.has_changer() || std::any_of(config.drives().begin(), config.drives().end(),
                                          [](const config::v1::Drive& drive) {
                                            return drive.has_sg() || drive.has_iscsi();
                                          });
  if (real && config.has_virtual_robot() && config.virtual_robot().time_scale() != 1) {
    check->Error("virtual_robot.time_scale", "must be 1 beside a real drive or changer");
  }
}

std::optional<VirtualRobotConfig> CheckVirtualRobot(const config::v1::Config& config,
                                                    Checker* check) {
  const bool wanted =
      std::any_of(config.drives().begin(), config.drives().end(),
                  [](const config::v1::Drive& drive) { return drive.has_virtual_(); });
  if (wanted != config.has_virtual_robot()) {
    check->Error("virtual_robot", wanted ? "is required by the drives with a virtual back end"
                                         : "stands here without a drive with a virtual back end");
  }
  if (!config.has_virtual_robot()) return std::nullopt;
  const config::v1::VirtualRobot& robot = config.virtual_robot();
  if (!(robot.time_scale() > 0 && robot.time_scale() <= kMaxTimeScale)) {
    check->Error("virtual_robot.time_scale",
                 absl::StrCat(robot.time_scale(), " is not above 0 and up to ", kMaxTimeScale));
  }
  return VirtualRobotConfig{.store = check->AbsolutePath("virtual_robot.store", robot.store()),
                            .time_scale = robot.time_scale(),
                            .changer_fault_plan = robot.changer_fault_plan()};
}

LimitsConfig CheckLimits(const config::v1::Limits& limits, Checker* check) {
  const absl::Duration second = absl::Seconds(1);
  const absl::Duration day = absl::Hours(24);
  constexpr int64_t kMiB = 1 << 20;
  return LimitsConfig{
      .max_images = check->InRange("limits.max_images", limits.max_images(), 1, 10'000),
      .image_ttl = check->InRange("limits.image_ttl", limits.image_ttl(), second, 30 * day),
      .max_image_edits = check->InRange<int64_t>("limits.max_image_edits", limits.max_image_edits(),
                                                 1, 100'000'000),
      .max_watchers = check->InRange("limits.max_watchers", limits.max_watchers(), 1, 10'000),
      .max_concurrent_streams = check->InRange("limits.max_concurrent_streams",
                                               limits.max_concurrent_streams(), 1, 10'000),
      .max_header_bytes =
          check->InRange("limits.max_header_bytes", limits.max_header_bytes(), 8 << 10, 1 << 20),
      .max_transport_bytes =
          check->InRange<int64_t>("limits.max_transport_bytes", limits.max_transport_bytes(),
                                  int64_t{16} << 20, int64_t{64} << 30),
      .max_connections =
          check->InRange("limits.max_connections", limits.max_connections(), 1, 100'000),
      .max_images_per_principal = check->InRange("limits.max_images_per_principal",
                                                 limits.max_images_per_principal(), 1, 10'000),
      .max_spool_bytes_per_principal =
          check->InRange<int64_t>("limits.max_spool_bytes_per_principal",
                                  limits.max_spool_bytes_per_principal(), 4096, kMiB << 30),
      .max_upload_bytes_per_second =
          limits.max_upload_bytes_per_second() == 0
              ? 0
              : check->InRange<int64_t>("limits.max_upload_bytes_per_second",
                                        limits.max_upload_bytes_per_second(), 64 << 10, kMiB << 20),
      .max_import_entries = check->InRange<int64_t>("limits.max_import_entries",
                                                    limits.max_import_entries(), 1, 100'000'000),
      .max_import_depth =
          check->InRange("limits.max_import_depth", limits.max_import_depth(), 1, 4096),
      .max_import_memory_bytes = check->InRange<int64_t>(
          "limits.max_import_memory_bytes", limits.max_import_memory_bytes(), kMiB, 65'536 * kMiB),
      .import_prefetch_bytes = check->InRange<int64_t>(
          "limits.import_prefetch_bytes", limits.import_prefetch_bytes(), kMiB, 4096 * kMiB),
      .max_import_time =
          check->InRange("limits.max_import_time", limits.max_import_time(), second, day),
      .max_message_bytes =
          check->InRange("limits.max_message_bytes", limits.max_message_bytes(), 4096, 64 << 20),
      .max_finished_operations = check->InRange("limits.max_finished_operations",
                                                limits.max_finished_operations(), 1, 1'000'000),
      .operation_ttl =
          check->InRange("limits.operation_ttl", limits.operation_ttl(), second, 366 * day),
      .load_ready_time = check->InRange("limits.load_ready_time", limits.load_ready_time(), second,
                                        absl::Hours(1)),
      .drain_time =
          check->InRange("limits.drain_time", limits.drain_time(), absl::Milliseconds(1), day),
      .journal_ttl = check->InRange("limits.journal_ttl", limits.journal_ttl(), second, 3660 * day),
  };
}

SpoolConfig CheckSpool(const config::v1::Spool& spool, Checker* check) {
  constexpr int64_t kMiB = 1 << 20;
  SpoolConfig checked{
      .folder = check->AbsolutePath("spool.folder", spool.folder()),
      .quota_bytes =
          check->InRange<int64_t>("spool.quota_bytes", spool.quota_bytes(), kMiB, kMiB << 30),
      .max_uploads = check->InRange("spool.max_uploads", spool.max_uploads(), 1, 10'000),
      .upload_ttl = check->InRange("spool.upload_ttl", spool.upload_ttl(), absl::Seconds(1),
                                   30 * absl::Hours(24)),
      .staging_root = spool.staging_root(),
      .max_tree_entries = check->InRange<int64_t>("spool.max_tree_entries",
                                                  spool.max_tree_entries(), 1, 10'000'000),
      .max_tree_depth = check->InRange("spool.max_tree_depth", spool.max_tree_depth(), 1, 1024),
  };
  if (!checked.staging_root.empty())
    check->AbsolutePath("spool.staging_root", spool.staging_root());
  return checked;
}

}  // namespace

Config Validate(const config::v1::Config& config, std::vector<std::string>* errors) {
  Checker check(errors);
  Config checked;
  checked.robot_id = check.Id("robot_id", config.robot_id());
  checked.state_dir = check.AbsolutePath("state_dir", config.state_dir());
  checked.grpc_address = config.listen().grpc();
  checked.http_address = config.listen().http();
  checked.tls = CheckListen(config.listen(), &check);
  checked.principals = CheckPrincipals(config, &check);
  Devices devices;
  checked.drives = CheckDrives(config, &devices, &check);
  checked.changer = CheckChanger(config, &devices, &check);
  CheckTime(config, &check);
  checked.no_load_probe = config.changer().no_load_probe();
  std::set<std::string> elements;
  checked.slots = CheckSlots("slots", config.slots(), kMaxSlots, config.has_changer(),
                             config.changer().first_slot_element(), &elements, &check);
  checked.import_export_slots = CheckSlots(
      "import_export_slots", config.import_export_slots(), kMaxImportExportSlots,
      config.has_changer(), config.changer().first_import_export_element(), &elements, &check);
  checked.virtual_robot = CheckVirtualRobot(config, &check);
  checked.limits = CheckLimits(config.limits(), &check);
  checked.spool = CheckSpool(config.spool(), &check);
  return checked;
}

}  // namespace carousel
