#include "server/service/json_line.h"

#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "proto/status/text.h"

namespace carousel {
namespace {

// RFC 8259 section 7.
void AppendEscaped(absl::string_view text, std::string* out) {
  for (const char c : text) {
    switch (c) {
      case '"':
        out->append("\\\"");
        break;
      case '\\':
        out->append("\\\\");
        break;
      default:
        if (static_cast<uint8_t>(c) < 0x20)
          absl::StrAppendFormat(out, "\\u%04x", static_cast<uint8_t>(c));
        else
          out->push_back(c);
    }
  }
}

}  // namespace

void JsonLine::Key(absl::string_view key) {
  if (text_.size() > 1) text_.push_back(',');
  absl::StrAppend(&text_, "\"", key, "\":");
}

void JsonLine::Add(absl::string_view key, absl::string_view text) {
  if (text.empty()) return;
  Key(key);
  text_.push_back('"');
  if (IsUtf8(text))
    AppendEscaped(text, &text_);
  else
    AppendEscaped(ToUtf8(text), &text_);
  text_.push_back('"');
}

void JsonLine::Add(absl::string_view key, double number) {
  Key(key);
  absl::StrAppend(&text_, number);
}

std::string JsonLine::Finish() && {
  text_.append("}\n");
  return std::move(text_);
}

}  // namespace carousel
