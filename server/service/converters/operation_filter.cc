// FilterFromText of operation.h: a conjunction of equalities, the part of AIP-160 that
// ListOperations needs.
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "hal/base/status_macros.h"
#include "server/errors/errors.h"
#include "server/service/converters/names.h"
#include "server/service/converters/operation.h"

namespace carousel {
namespace {

constexpr size_t kMaxFilter = 1024;

absl::Status Malformed(absl::string_view why) { return InvalidFieldError("filter", why); }

// Takes the next word, quoted text, or "=" from the front of `text`. Quotes are taken off.
absl::StatusOr<std::string> TakeToken(absl::string_view* text) {
  *text = absl::StripLeadingAsciiWhitespace(*text);
  if (text->empty()) return Malformed("ends too early");
  if (absl::ConsumePrefix(text, "=")) return std::string("=");
  if (absl::ConsumePrefix(text, "\"")) {
    const size_t end = text->find('"');
    if (end == absl::string_view::npos) return Malformed("has a quote without its end");
    std::string token(text->substr(0, end));
    text->remove_prefix(end + 1);
    return token;
  }
  size_t end = 0;
  while (end < text->size() && !absl::ascii_isspace((*text)[end]) && (*text)[end] != '=' &&
         (*text)[end] != '"')
    ++end;
  std::string token(text->substr(0, end));
  text->remove_prefix(end);
  return token;
}

absl::Status SetTerm(const std::string& field, const std::string& value, OperationFilter* filter) {
  if (field == "done" && !filter->done.has_value()) {
    if (value != "true" && value != "false") return Malformed("compares done with no boolean");
    filter->done = value == "true";
    return absl::OkStatus();
  }
  if (field == "kind" && !filter->kind.has_value()) {
    filter->kind = FindOperationKind(value);
    return filter->kind.has_value() ? absl::OkStatus() : Malformed("names an unknown kind");
  }
  if (field == "drive" && !filter->drive.has_value()) {
    ASSIGN_OR_RETURN(filter->drive, IdFromName("filter", value, "drives"));
    return absl::OkStatus();
  }
  return Malformed("has a term that is unknown or there already");
}

}  // namespace

absl::StatusOr<OperationFilter> FilterFromText(absl::string_view text) {
  if (text.size() > kMaxFilter) return Malformed("is too long");
  OperationFilter filter;
  text = absl::StripAsciiWhitespace(text);
  while (!text.empty()) {
    ASSIGN_OR_RETURN(const std::string field, TakeToken(&text));
    ASSIGN_OR_RETURN(const std::string equals, TakeToken(&text));
    if (equals != "=") return Malformed("has a term without =");
    ASSIGN_OR_RETURN(const std::string value, TakeToken(&text));
    RETURN_IF_ERROR(SetTerm(field, value, &filter));
    text = absl::StripLeadingAsciiWhitespace(text);
    if (text.empty()) break;
    ASSIGN_OR_RETURN(const std::string conjunction, TakeToken(&text));
    if (conjunction != "AND") return Malformed("has terms without AND between them");
    if (absl::StripLeadingAsciiWhitespace(text).empty()) return Malformed("ends too early");
  }
  return filter;
}

}  // namespace carousel
