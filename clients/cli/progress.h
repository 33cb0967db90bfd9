// Shows how far an operation is, on stderr.
#ifndef CLIENTS_CLI_PROGRESS_H_
#define CLIENTS_CLI_PROGRESS_H_

#include <cstddef>
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

 private:
  std::ostream& out_;
  const bool terminal_;
  std::string last_;
  size_t width_ = 0;
};

// What the metadata of an operation says, in a line.
std::string DescribeProgress(const google::longrunning::Operation& operation);

// A bar of `width` cells. `fraction` is cut to 0..1.
std::string Bar(double fraction, int width);

}  // namespace carousel::cli

#endif  // CLIENTS_CLI_PROGRESS_H_
