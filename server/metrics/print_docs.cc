// Prints docs/metrics.md.
#include <iostream>

#include "server/metrics/write_docs.h"

int main() {
  std::cout << carousel::metrics::Documentation();
  return std::cout.good() ? 0 : 1;
}
