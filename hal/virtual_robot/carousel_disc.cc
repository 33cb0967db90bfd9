#include <iostream>
#include <string>
#include <vector>

#include "hal/virtual_robot/disc_cli.h"

int main(int argc, char** argv) {
  return carousel::virtual_robot::RunCarouselDisc(std::vector<std::string>(argv + 1, argv + argc),
                                                  std::cout, std::cerr);
}
