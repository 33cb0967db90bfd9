// How carouselctl prints: tables for people, JSON for programs, errors with what to do next.
#ifndef CLIENTS_CLI_OUTPUT_H_
#define CLIENTS_CLI_OUTPUT_H_

#include <ostream>
#include <string>
#include <vector>

#include "clients/cpp/error.h"
#include "google/protobuf/message.h"

namespace carousel::cli {

enum class Format { kTable, kJson, kName };

// Classes of the exit code, as `carouselctl --help` documents them.
enum ExitCode : int {
  kSuccess = 0,
  kUsage = 2,      // the command line
  kRefused = 3,    // change the request, the disc or the order of calls first
  kTryLater = 4,   // the same command may succeed later
  kDamage = 5,     // data loss or a fault of the service: a person looks at it
  kCancelled = 6,  // on request
  kDenied = 7,     // who you are
};
ExitCode ExitCodeFor(grpc::StatusCode code);

// Columns aligned by width, one row a line; the first row is the head. Good and bad states are
// coloured where `out` has colours.
void PrintTable(const std::vector<std::vector<std::string>>& rows, std::ostream& out);

// Names and values, one a line. Values that are empty are left out.
void PrintFields(const std::vector<std::pair<std::string, std::string>>& fields, std::ostream& out);

// The message as JSON with the fields' proto names, int64 as strings as proto JSON has them.
void PrintJson(const google::protobuf::Message& message, std::ostream& out);

// The names of what an answer is or holds, one a line: its own, or those of the resources in it.
// Nothing if it has none.
void PrintNames(const google::protobuf::Message& message, std::ostream& out);

// Code, reason, the facts of the error, and what to do next.
void PrintError(const client::Error& error, Format format, std::ostream& out);

// Bytes of a disc as text that cannot move the cursor: control characters appear as \xNN.
std::string Printable(const std::string& text);

// "1.4 GB" with powers of 1000.
std::string HumanBytes(int64_t bytes);

}  // namespace carousel::cli

#endif  // CLIENTS_CLI_OUTPUT_H_
