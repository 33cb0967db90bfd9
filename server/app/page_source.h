// What the web page shows, from what the service has in memory: no device is asked.
#ifndef SERVER_APP_PAGE_SOURCE_H_
#define SERVER_APP_PAGE_SOURCE_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "hal/base/clock.h"
#include "server/library/robot_view.h"
#include "server/operations/operation_store.h"
#include "server/web/page.h"
#include "server/web/recent_failures.h"

namespace carousel {

// Thread-safe. All must outlive it.
class PageSource {
 public:
  struct Parts {
    std::string robot;
    std::string version;
    const RobotView* robots;
    OperationStore* operations;
    const web::RecentFailures* failures;
    std::function<std::vector<std::string>()> problems;
    Clock* clock;
  };

  explicit PageSource(Parts parts) : parts_(std::move(parts)) {}

  web::Page Now() const;

 private:
  const Parts parts_;
};

}  // namespace carousel

#endif  // SERVER_APP_PAGE_SOURCE_H_
