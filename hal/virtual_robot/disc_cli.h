// The program carousel-disc: makes virtual discs from images that other programs wrote, and prints
// them. Its own `--help` documents every option.
#ifndef HAL_VIRTUAL_ROBOT_DISC_CLI_H_
#define HAL_VIRTUAL_ROBOT_DISC_CLI_H_

#include <ostream>
#include <string>
#include <vector>

namespace carousel::virtual_robot {

// Runs the program with `arguments`, the program's name not among them. Returns its exit status: 0
// done, 1 refused (the reason is on `errors`), 2 the command line is not understood.
int RunCarouselDisc(const std::vector<std::string>& arguments, std::ostream& output,
                    std::ostream& errors);

}  // namespace carousel::virtual_robot

#endif  // HAL_VIRTUAL_ROBOT_DISC_CLI_H_
