// Writes docs/burn_faults.md of the tree that Bazel runs it in.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

#include "tests/faults/fault_table.h"

int main() {
  const char* tree = std::getenv("BUILD_WORKSPACE_DIRECTORY");
  const auto table = carousel::faults::ReadTable("tests/faults/faults.textproto");
  if (tree == nullptr || !table.ok()) {
    std::cerr << "run it with bazel run: " << table.status() << "\n";
    return 1;
  }
  std::ofstream page(std::string(tree) + "/docs/burn_faults.md");
  page << carousel::faults::Page(*table);
  return page.flush() ? 0 : 1;
}
