#include "server/service/message_pool.h"

#include <cstdint>
#include <string>

#include "carousel/v1/image.pb.h"
#include "google/protobuf/arena.h"
#include "gtest/gtest.h"

namespace carousel {
namespace {

using Pool = MessagePool<v1::GetImageRequest, v1::Image>;

TEST(MessagePool, GivesTheMemoryOfReleasedMessagesAgainAndEmpty) {
  Pool pool;
  auto* const first = pool.AllocateMessages();
  first->request()->set_name("images/one");
  first->response()->set_etag("\"1\"");
  first->response()->mutable_create_time()->set_seconds(1);
  first->Release();
  auto* const second = pool.AllocateMessages();
  EXPECT_EQ(second, first);
  EXPECT_EQ(second->request()->ByteSizeLong(), 0u);
  EXPECT_EQ(second->response()->ByteSizeLong(), 0u);
  second->Release();
}

TEST(MessagePool, GivesEachCallMessagesOfItsOwn) {
  Pool pool;
  auto* const first = pool.AllocateMessages();
  auto* const second = pool.AllocateMessages();
  EXPECT_NE(first->request(), second->request());
  EXPECT_NE(first->response(), second->response());
  first->Release();
  second->Release();
}

TEST(MessagePool, DoesNotKeepTheMemoryOfALargeMessage) {
  MessagePool<v1::ListImagesResponse, v1::Image> pool;
  auto* const large = pool.AllocateMessages();
  google::protobuf::Arena* const arena = large->request()->GetArena();
  const uint64_t before = arena->SpaceAllocated();
  for (int i = 0; i < 10'000; ++i) large->request()->add_images()->set_name(std::string(100, 'x'));
  EXPECT_GT(arena->SpaceAllocated(), 10 * before);
  large->Release();
  auto* const next = pool.AllocateMessages();
  EXPECT_EQ(next->request()->GetArena()->SpaceAllocated(), before);
  next->Release();
}

}  // namespace
}  // namespace carousel
