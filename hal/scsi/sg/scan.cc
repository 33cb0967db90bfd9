#include "hal/scsi/sg/scan.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "hal/base/file.h"

namespace carousel::scsi {
namespace {

namespace fs = std::filesystem;

// VPD pages have at most 255 bytes behind their header of four; the other attributes a line.
constexpr size_t kMostBytes = 4096;
constexpr size_t kPageHeader = 4;

std::string Attribute(const fs::path& device, const char* name) {
  const absl::StatusOr<std::string> text = ReadFile((device / name).string(), kMostBytes);
  return text.ok() ? std::string(absl::StripAsciiWhitespace(*text)) : "";
}

// The page as the device sent it: printable ASCII behind the header.
std::string Serial(const fs::path& device) {
  const absl::StatusOr<std::string> page = ReadFile((device / "vpd_pg80").string(), kMostBytes);
  if (!page.ok() || page->size() <= kPageHeader) return "";
  const size_t size = static_cast<uint8_t>((*page)[2]) << 8 | static_cast<uint8_t>((*page)[3]);
  std::string serial = page->substr(kPageHeader, size);
  serial = serial.substr(0, serial.find('\0'));
  for (char& c : serial) {
    if (!absl::ascii_isprint(c)) c = '?';
  }
  return std::string(absl::StripAsciiWhitespace(serial));
}

// Names of the entries of a folder, sorted; none if it is not there.
std::vector<std::string> Entries(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

int Number(absl::string_view name) {
  int number = -1;
  return absl::ConsumePrefix(&name, "sg") && absl::SimpleAtoi(name, &number) ? number : -1;
}

std::string Describe(const ScsiDevice& device) {
  return absl::StrCat(device.sg_path, " (", device.vendor, " ", device.product, ", ",
                      device.serial.empty() ? "no serial number known" : device.serial, ")");
}

}  // namespace

std::vector<ScsiDevice> ScanScsiDevices(const std::string& sysfs) {
  std::vector<ScsiDevice> devices;
  const fs::path generic = fs::path(sysfs) / "class/scsi_generic";
  for (const std::string& name : Entries(generic)) {
    if (Number(name) < 0) continue;
    const fs::path at = generic / name / "device";
    ScsiDevice device{.sg_path = absl::StrCat("/dev/", name),
                      .vendor = Attribute(at, "vendor"),
                      .product = Attribute(at, "model"),
                      .revision = Attribute(at, "rev"),
                      .serial = Serial(at)};
    std::error_code error;
    device.address = fs::canonical(at, error).filename().string();
    if (!absl::SimpleAtoi(Attribute(at, "type"), &device.device_type)) device.device_type = -1;
    const std::vector<std::string> blocks = Entries(at / "block");
    if (!blocks.empty()) device.block_path = absl::StrCat("/dev/", blocks.front());
    devices.push_back(std::move(device));
  }
  std::sort(devices.begin(), devices.end(), [](const ScsiDevice& a, const ScsiDevice& b) {
    return Number(absl::StripPrefix(a.sg_path, "/dev/")) <
           Number(absl::StripPrefix(b.sg_path, "/dev/"));
  });
  return devices;
}

absl::StatusOr<ScsiDevice> FindBySerial(absl::Span<const ScsiDevice> devices,
                                        absl::string_view serial) {
  std::vector<std::string> known;
  const ScsiDevice* found = nullptr;
  for (const ScsiDevice& device : devices) {
    known.push_back(Describe(device));
    if (serial.empty() || device.serial != serial) continue;
    if (found != nullptr) {
      return absl::FailedPreconditionError(absl::StrCat(
          "serial number ", serial, " is of ", found->sg_path, " and of ", device.sg_path));
    }
    found = &device;
  }
  if (found != nullptr) return *found;
  return absl::NotFoundError(absl::StrCat(
      "no SCSI device has serial number ", serial, "; there ",
      known.empty() ? "is none at all" : absl::StrCat("are ", absl::StrJoin(known, ", "))));
}

}  // namespace carousel::scsi
