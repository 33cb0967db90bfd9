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

// A word, "=", or a text without its quotes, which is neither field nor sign.
struct Token {
  std::string text;
  bool quoted = false;
  bool Is(absl::string_view sign) const { return !quoted && text == sign; }
};

// Takes the next token from the front of `text`.
absl::StatusOr<Token> TakeToken(absl::string_view* text) {
  *text = absl::StripLeadingAsciiWhitespace(*text);
  if (text->empty()) return Malformed("ends too early");
  if (absl::ConsumePrefix(text, "=")) return Token{"="};
  if (absl::ConsumePrefix(text, "\"")) {
    const size_t end = text->find('"');
    if (end == absl::string_view::npos) return Malformed("has a quote without its end");
    Token token{.text = std::string(text->substr(0, end)), .quoted = true};
    text->remove_prefix(end + 1);
    return token;
  }
  size_t end = 0;
  while (end < text->size() && !absl::ascii_isspace((*text)[end]) && (*text)[end] != '=' &&
         (*text)[end] != '"')
    ++end;
  Token token{.text = std::string(text->substr(0, end))};
  text->remove_prefix(end);
  return token;
}

absl::Status SetTerm(const Token& field, const std::string& value, OperationFilter* filter) {
  if (field.Is("done") && !filter->done.has_value()) {
    if (value != "true" && value != "false") return Malformed("compares done with no boolean");
    filter->done = value == "true";
    return absl::OkStatus();
  }
  if (field.Is("kind") && !filter->kind.has_value()) {
    filter->kind = FindOperationKind(value);
    return filter->kind.has_value() ? absl::OkStatus() : Malformed("names an unknown kind");
  }
  if (field.Is("drive") && !filter->drive.has_value()) {
    const absl::StatusOr<std::string> id = IdFromName("filter", value, "drives");
    if (!id.ok()) return Malformed("compares drive with no drives/{drive}");
    filter->drive = *id;
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
    ASSIGN_OR_RETURN(const Token field, TakeToken(&text));
    ASSIGN_OR_RETURN(const Token equals, TakeToken(&text));
    if (!equals.Is("=")) return Malformed("has a term without =");
    ASSIGN_OR_RETURN(const Token value, TakeToken(&text));
    RETURN_IF_ERROR(SetTerm(field, value.text, &filter));
    text = absl::StripLeadingAsciiWhitespace(text);
    if (text.empty()) break;
    ASSIGN_OR_RETURN(const Token conjunction, TakeToken(&text));
    if (!conjunction.Is("AND")) return Malformed("has terms without AND between them");
    if (absl::StripLeadingAsciiWhitespace(text).empty()) return Malformed("ends too early");
  }
  return filter;
}

}  // namespace carousel
