// The configuration as plain structs: whole, checked, with every default filled in. Nothing behind
// server/config knows that it was a textproto.
#ifndef SERVER_CONFIG_CONFIG_H_
#define SERVER_CONFIG_CONFIG_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/config/role.h"

namespace carousel {

// A drive of the virtual robot.
struct VirtualDriveConfig {
  std::string type;  // name of a built-in type, or the text of one
  std::string serial;
  std::string fault_plan;
  std::vector<std::string> quirks;
};

// A device of this machine; one of the two is set.
struct SgConfig {
  std::string device;
  std::string serial;
};

struct IscsiConfig {
  std::string portal;
  std::string target;
  int lun = 0;
  std::string initiator;
  std::string chap_user;  // empty: none
  std::string chap_secret_file;
};

struct DriveConfig {
  std::string id;  // `drive0`
  std::variant<VirtualDriveConfig, SgConfig, IscsiConfig> backend;
};

struct SlotConfig {
  std::string id;  // `slot1`
  // In a real changer; the virtual robot has its own.
  uint16_t element = 0;
};

struct TlsConfig {
  std::string certificate_file;
  std::string private_key_file;
  std::string client_ca_file;
  absl::Duration reload_interval;
};

struct PrincipalConfig {
  std::string name;
  Role role = Role::kViewer;
};

struct VirtualRobotConfig {
  std::string store;
  double time_scale = 1;
  std::string changer_fault_plan;
};

// The field's comments in config.proto say what each protects from.
struct LimitsConfig {
  int max_images = 0;
  absl::Duration image_ttl;
  int64_t max_image_edits = 0;
  int max_watchers = 0;
  int max_concurrent_streams = 0;
  int max_header_bytes = 0;
  int64_t max_transport_bytes = 0;
  int max_connections = 0;
  int max_images_per_principal = 0;
  int64_t max_spool_bytes_per_principal = 0;
  int64_t max_upload_bytes_per_second = 0;  // 0: as fast as it goes
  int64_t max_import_entries = 0;
  int max_import_depth = 0;
  int64_t max_import_memory_bytes = 0;
  int64_t import_prefetch_bytes = 0;
  absl::Duration max_import_time;
  int max_message_bytes = 0;
  int max_finished_operations = 0;
  absl::Duration operation_ttl;
  absl::Duration load_ready_time;
  absl::Duration drain_time;
  absl::Duration journal_ttl;
};

struct SpoolConfig {
  std::string folder;
  int64_t quota_bytes = 0;
  int max_uploads = 0;
  absl::Duration upload_ttl;
  std::string staging_root;  // empty: none
  int64_t max_tree_entries = 0;
  int max_tree_depth = 0;
};

struct Config {
  std::string robot_id;
  std::string state_dir;
  std::string grpc_address;      // as grpc::ServerBuilder takes it; loopback or unix without tls
  std::string http_address;      // "127.0.0.1:9470"
  std::optional<TlsConfig> tls;  // absent: insecure
  std::vector<PrincipalConfig> principals;  // of the tls
  std::vector<DriveConfig> drives;
  std::vector<SlotConfig> slots;
  std::vector<SlotConfig> import_export_slots;
  // Absent: the virtual robot's arm.
  std::optional<std::variant<SgConfig, IscsiConfig>> changer;
  bool no_load_probe = false;
  std::optional<VirtualRobotConfig> virtual_robot;
  LimitsConfig limits;
  SpoolConfig spool;
  // SHA-256 of the configuration in effect, defaults and overrides included: 64 hexadecimal digits.
  std::string digest;
};

// What the command line says instead of the file.
struct ConfigOverrides {
  std::optional<std::string> state_dir;
  std::optional<std::string> grpc_address;
  std::optional<std::string> http_address;
  std::optional<std::string> store;  // of the virtual robot
};

// Reads and checks the file at `path`. NOT_FOUND, PERMISSION_DENIED: it cannot be read.
// INVALID_ARGUMENT: it is not a configuration; the message names every error, one a line, with the
// field's path.
absl::StatusOr<Config> LoadConfig(const std::string& path, const ConfigOverrides& overrides = {});

// The same for a text in memory. `name` stands for it in messages; files that it names are looked
// for in `folder`.
absl::StatusOr<Config> ParseConfig(absl::string_view text, absl::string_view name,
                                   const std::string& folder,
                                   const ConfigOverrides& overrides = {});

// What the service runs with if it is given no file: deploy/config/virtual.textproto. A virtual
// robot with two drives and twelve slots at twenty times the speed of a real one.
absl::string_view DefaultConfigText();

}  // namespace carousel

#endif  // SERVER_CONFIG_CONFIG_H_
