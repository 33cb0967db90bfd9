#include "server/service/json_line.h"

#include <string>
#include <utility>

#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"

namespace carousel {
namespace {

TEST(JsonLine, IsOneObjectOnOneLine) {
  JsonLine line;
  line.Add("a", "x");
  line.Add("empty", "");
  line.Add("n", 1.5);
  EXPECT_EQ(std::move(line).Finish(), "{\"a\":\"x\",\"n\":1.5}\n");
}

TEST(JsonLine, CannotBeForgedByWhatItSays) {
  const std::string hostile = "\",\"level\":\"x\n\x1B[2J\\\xFF";
  JsonLine line;
  line.Add("text", hostile);
  const std::string text = std::move(line).Finish();
  EXPECT_EQ(text.find('\n'), text.size() - 1);
  google::protobuf::Struct parsed;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(text, &parsed).ok()) << text;
  ASSERT_EQ(parsed.fields_size(), 1);
  EXPECT_EQ(parsed.fields().at("text").string_value(), "\",\"level\":\"x\n\x1B[2J\\\xEF\xBF\xBD");
}

}  // namespace
}  // namespace carousel
