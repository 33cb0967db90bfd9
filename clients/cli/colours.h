// Colours of a terminal for the words that tell good from bad. Only where a terminal shows them:
// what goes into a file or a pipe has none.
#ifndef CLIENTS_CLI_COLOURS_H_
#define CLIENTS_CLI_COLOURS_H_

#include <ostream>
#include <string>

namespace carousel::cli {

// Whether this descriptor is a terminal that has colours and whose user wants them: NO_COLOR
// (no-color.org) is empty or not set, TERM is not "dumb".
bool WantsColours(int descriptor);

// Whether what is printed to `out` may have colours; at first it has none.
void SetColours(bool on, std::ostream& out);
bool HasColours(std::ostream& out);

// `text` in the colour of its first word, if that is one of good (READY, SUCCEEDED, good:), of what
// is under way (RUNNING, NOT_READY, warning:) or of bad (FAILED, error:, problem:), and `out` has
// colours; else as it is.
std::string Coloured(const std::string& text, std::ostream& out);

}  // namespace carousel::cli

#endif  // CLIENTS_CLI_COLOURS_H_
