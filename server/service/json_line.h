// One line of a structured log: a flat JSON object.
#ifndef SERVER_SERVICE_JSON_LINE_H_
#define SERVER_SERVICE_JSON_LINE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace carousel {

// Text is escaped and made valid UTF-8, so that no byte of a disc or a client can forge a line.
class JsonLine {
 public:
  JsonLine() : text_("{") {}
  // Leaves an empty text out.
  void Add(absl::string_view key, absl::string_view text);
  void Add(absl::string_view key, double number);
  // The line with its end. Nothing may be added after it.
  std::string Finish() &&;

 private:
  void Key(absl::string_view key);
  std::string text_;
};

}  // namespace carousel

#endif  // SERVER_SERVICE_JSON_LINE_H_
