#include "tests/conformance/discs.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "hal/base/status_macros.h"
#include "hal/base/types.h"
#include "hal/virtual_robot/disc_cli.h"
#include "tests/conformance/contents.h"

namespace carousel::conformance {
namespace {

struct Contents {
  Sectors size;
  Lba start;
};

absl::StatusOr<Contents> ParseContents(absl::string_view text) {
  const std::vector<std::string> parts = absl::StrSplit(text, '@');
  int64_t size = 0;
  int64_t start = 0;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &size) ||
      !absl::SimpleAtoi(parts[1], &start)) {
    return absl::InvalidArgumentError(absl::StrCat("'", text, "' is not SECTORS@LBA"));
  }
  return Contents{.size = Sectors(size), .start = Lba(start)};
}

absl::Status WriteFile(const std::string& path, const std::vector<uint8_t>& bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  file.close();
  return file ? absl::OkStatus() : absl::InternalError(absl::StrCat(path, ": not written"));
}

// The session as carousel-disc takes it; volumes of our own are put into files in `folder`.
absl::StatusOr<std::string> SessionArgument(absl::string_view session, const std::string& folder,
                                            int index) {
  absl::string_view text = session;
  const bool iso = absl::ConsumePrefix(&text, "iso:");
  const bool udf = !iso && absl::ConsumePrefix(&text, "udf:");
  if (!iso && !udf) return std::string(session);
  ASSIGN_OR_RETURN(const Contents contents, ParseContents(text));
  const std::string path = absl::StrCat(folder, "/session", index, ".iso");
  RETURN_IF_ERROR(WriteFile(path, iso ? MakeIsoVolume(contents.start, contents.size)
                                      : MakeUdfVolume(contents.start, contents.size)));
  return absl::StrCat(path, "@", contents.start.value());
}

}  // namespace

absl::Status MakeDisc(const std::string& store, const Disc& disc, int slot) {
  const std::string folder = absl::StrCat(store, "/.contents-", disc.barcode());
  std::filesystem::create_directories(folder);
  const auto remove = absl::MakeCleanup([&folder] { std::filesystem::remove_all(folder); });
  std::vector<std::string> arguments = {"create", store, disc.barcode(),
                                        absl::StrCat("--media=", disc.media()),
                                        slot == 0 ? "--slot=none" : absl::StrCat("--slot=", slot)};
  for (int i = 0; i < disc.sessions_size(); ++i) {
    ASSIGN_OR_RETURN(const std::string session, SessionArgument(disc.sessions(i), folder, i));
    arguments.push_back(absl::StrCat("--session=", session));
  }
  arguments.insert(arguments.end(), disc.options().begin(), disc.options().end());
  std::ostringstream output;
  std::ostringstream errors;
  if (virtual_robot::RunCarouselDisc(arguments, output, errors) == 0) return absl::OkStatus();
  return absl::InternalError(absl::StrCat(disc.barcode(), ": ", errors.str()));
}

}  // namespace carousel::conformance
