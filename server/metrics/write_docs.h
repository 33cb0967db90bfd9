// docs/metrics.md, made from the catalogue.
#ifndef SERVER_METRICS_WRITE_DOCS_H_
#define SERVER_METRICS_WRITE_DOCS_H_

#include <string>

namespace carousel::metrics {

std::string Documentation();

}  // namespace carousel::metrics

#endif  // SERVER_METRICS_WRITE_DOCS_H_
