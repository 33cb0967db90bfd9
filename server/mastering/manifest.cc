#include "server/mastering/manifest.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "hal/base/status_macros.h"

namespace carousel::mastering {
namespace {

constexpr absl::string_view kFirstLine = "# carousel manifest 1";
constexpr size_t kDigits = 64;
// Between a digest and a path: read as text, which on Linux is no difference.
constexpr absl::string_view kBetween = "  ";
// Makes a path relative, and none of them "-", which sha256sum takes for its own input.
constexpr absl::string_view kRoot = ".";

// sha256sum begins a line with '\' whose path has these.
bool NeedsEscape(absl::string_view path) {
  return path.find_first_of("\\\n\r") != absl::string_view::npos;
}

void AppendEscaped(absl::string_view path, std::string& out) {
  for (const char c : path) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else {
      out += c;
    }
  }
}

std::optional<std::string> Unescape(absl::string_view text) {
  std::string path;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      path += text[i];
      continue;
    }
    if (++i == text.size()) return std::nullopt;
    if (text[i] != '\\' && text[i] != 'n' && text[i] != 'r') return std::nullopt;
    path += text[i] == 'n' ? '\n' : text[i] == 'r' ? '\r' : '\\';
  }
  return path;
}

bool IsPath(absl::string_view path) {
  return path.size() >= 2 && path[0] == '/' && path[1] != '/' &&
         path.find('\0') == absl::string_view::npos;
}

bool IsOneLine(absl::string_view value) {
  return value.find_first_of(absl::string_view("\n\r\0", 3)) == absl::string_view::npos;
}

absl::Status AppendComment(absl::string_view name, absl::string_view value, std::string& text) {
  if (!IsOneLine(value))
    return absl::InvalidArgumentError(absl::StrCat("a manifest's ", name, " is one line"));
  absl::StrAppend(&text, "# ", name, ": ", value, "\n");
  return absl::OkStatus();
}

// Takes the value of the comment `name`, if `line` is it.
bool TakeComment(absl::string_view line, absl::string_view name, std::string& value) {
  if (!absl::ConsumePrefix(&line, absl::StrCat("# ", name, ": "))) return false;
  value = std::string(line);
  return true;
}

bool ParseFile(absl::string_view line, Manifest::File& file) {
  const bool escaped = absl::ConsumePrefix(&line, "\\");
  const absl::StatusOr<Sha256Digest> digest = ParseSha256(line.substr(0, kDigits));
  if (!digest.ok()) return false;
  file.sha256 = *digest;
  line.remove_prefix(kDigits);
  if (!absl::ConsumePrefix(&line, kBetween) || !absl::ConsumePrefix(&line, kRoot)) return false;
  if (escaped) {
    std::optional<std::string> path = Unescape(line);
    if (!path.has_value()) return false;
    file.path = *std::move(path);
  } else {
    file.path = std::string(line);
  }
  return IsPath(file.path) && NeedsEscape(file.path) == escaped;
}

}  // namespace

absl::StatusOr<std::string> FormatManifest(const Manifest& manifest) {
  std::string text = absl::StrCat(kFirstLine, "\n");
  RETURN_IF_ERROR(AppendComment("session", manifest.session, text));
  RETURN_IF_ERROR(AppendComment("job", manifest.job, text));
  RETURN_IF_ERROR(AppendComment("program", manifest.program, text));
  for (const Manifest::File& file : manifest.files) {
    if (!IsPath(file.path)) return absl::InvalidArgumentError("a path does not begin with one '/'");
    if (NeedsEscape(file.path)) text += '\\';
    absl::StrAppend(&text, ToHex(file.sha256), kBetween, kRoot);
    AppendEscaped(file.path, text);
    text += '\n';
  }
  return text;
}

absl::StatusOr<Manifest> ParseManifest(absl::string_view text) {
  Manifest manifest;
  for (int64_t number = 1; number == 1 || !text.empty(); ++number) {
    const size_t end = text.find('\n');
    const absl::string_view line = text.substr(0, end);
    bool good = end != absl::string_view::npos;
    if (number == 1) {
      good = good && line == kFirstLine;
    } else if (!line.empty() && line[0] == '#') {
      good = good && IsOneLine(line);
      if (!TakeComment(line, "session", manifest.session) &&
          !TakeComment(line, "job", manifest.job))
        TakeComment(line, "program", manifest.program);
    } else {
      manifest.files.emplace_back();
      good = good && ParseFile(line, manifest.files.back());
    }
    if (!good)
      return absl::InvalidArgumentError(absl::StrCat("line ", number, " is no manifest's"));
    text.remove_prefix(end + 1);
  }
  return manifest;
}

}  // namespace carousel::mastering
