#include "server/metrics/write_docs.h"

#include <fstream>
#include <sstream>

#include "gtest/gtest.h"

namespace carousel::metrics {
namespace {

TEST(Documentation, IsWhatDocsMetricsSays) {
  std::stringstream page;
  page << std::ifstream("docs/metrics.md").rdbuf();
  EXPECT_TRUE(page.str() == Documentation())
      << "docs/metrics.md is stale: bazel run //server/metrics:print_docs > docs/metrics.md";
}

}  // namespace
}  // namespace carousel::metrics
