// Shows how far an operation is, on stderr.
#ifndef CLIENTS_CLI_PROGRESS_H_
#define CLIENTS_CLI_PROGRESS_H_

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>

#include "google/longrunning/operations.pb.h"

namespace carousel::cli {

// On a terminal one line that is drawn anew; elsewhere a line for each change.
class ProgressLine {
 public:
  ProgressLine(std::ostream* out, bool terminal) : out_(*out), terminal_(terminal) {}
  // Ends the line.
  ~ProgressLine();

  void Show(const google::longrunning::Operation& operation);
  void ShowText(const std::string& line);

 private:
  std::ostream& out_;
  const bool terminal_;
  std::string last_;
  size_t width_ = 0;
};

// Files on their way.
struct Transfer {
  std::string item;  // the one that is under way
  int64_t files_done = 0;
  int64_t files_total = 0;
  int64_t bytes_done = 0;
  int64_t bytes_total = 0;
  double seconds = 0;  // since the first
};

// How far it is, how fast, and how long it will take at this speed.
std::string DescribeTransfer(const Transfer& transfer);

// What the metadata of an operation says, in a line.
std::string DescribeProgress(const google::longrunning::Operation& operation);

// A bar of `width` cells. `fraction` is cut to 0..1.
std::string Bar(double fraction, int width);

}  // namespace carousel::cli

#endif  // CLIENTS_CLI_PROGRESS_H_
