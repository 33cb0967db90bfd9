// GoogleTest matchers for absl::Status and absl::StatusOr: IsOk(), IsOkAndHolds(matcher),
// StatusIs(code[, message matcher]).
#ifndef HAL_BASE_STATUS_MATCHERS_H_
#define HAL_BASE_STATUS_MATCHERS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace carousel {

inline const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& status_or) {
  return status_or.status();
}

MATCHER(IsOk, "is OK") {
  const absl::Status& status = StatusOf(arg);
  *result_listener << status.ToString();
  return status.ok();
}

MATCHER_P2(StatusIs, code, message, "") {
  const absl::Status& status = StatusOf(arg);
  *result_listener << "which is " << status.ToString();
  return status.code() == code &&
         testing::ExplainMatchResult(message, std::string(status.message()), result_listener);
}
inline auto StatusIs(absl::StatusCode code) { return StatusIs(code, testing::_); }

MATCHER_P(IsOkAndHolds, matcher, "") {
  if (!arg.ok()) {
    *result_listener << "which is " << arg.status().ToString();
    return false;
  }
  return testing::ExplainMatchResult(matcher, *arg, result_listener);
}

}  // namespace carousel

#define ASSERT_OK(expression) ASSERT_THAT(expression, ::carousel::IsOk())
#define EXPECT_OK(expression) EXPECT_THAT(expression, ::carousel::IsOk())
#define ASSERT_OK_AND_ASSIGN(declaration, expression)                                      \
  ASSERT_OK_AND_ASSIGN_NAMED(CAROUSEL_TEST_CONCAT(test_status_or_, __LINE__), declaration, \
                             expression)
#define ASSERT_OK_AND_ASSIGN_NAMED(name, declaration, expression) \
  auto name = (expression);                                       \
  ASSERT_THAT(name, ::carousel::IsOk());                          \
  declaration = *std::move(name)
#define CAROUSEL_TEST_CONCAT_INNER(a, b) a##b
#define CAROUSEL_TEST_CONCAT(a, b) CAROUSEL_TEST_CONCAT_INNER(a, b)

#endif  // HAL_BASE_STATUS_MATCHERS_H_
