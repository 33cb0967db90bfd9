#include "server/digest/running_digest.h"

#include <future>
#include <memory>
#include <string>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "server/digest/sha256.h"
#include "server/operations/worker_pool.h"

namespace carousel {
namespace {

// More than is hashed at once.
constexpr size_t kLarge = 100'000;

Sha256Digest DigestOf(const std::string& bytes) {
  return Sha256(absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()));
}

TEST(RunningDigestTest, IsThatOfAllBytesInTheirOrder) {
  WorkerPool pool(2);
  RunningDigest digest(&pool);
  std::string all;
  for (int i = 0; i < 200; ++i) {
    const std::string piece(static_cast<size_t>(i) * 1000, static_cast<char>(i));
    all += piece;
    digest.Update(piece);
  }
  EXPECT_EQ(digest.Finish(), DigestOf(all));
}

TEST(RunningDigestTest, BytesBeforeTheBeginningDoNotCount) {
  WorkerPool pool(1);
  RunningDigest digest(&pool);
  digest.Update("before", 3);
  digest.Update("nothing", 7);
  EXPECT_EQ(digest.Finish(), DigestOf("ore"));
}

TEST(RunningDigestTest, BeginsAnewAfterItsEnd) {
  WorkerPool pool(1);
  RunningDigest digest(&pool);
  digest.Update("first");
  digest.Finish();
  EXPECT_EQ(digest.Finish(), DigestOf(""));
}

TEST(RunningDigestTest, SeveralShareAThread) {
  WorkerPool pool(1);
  RunningDigest first(&pool);
  RunningDigest second(&pool);
  for (int i = 0; i < 20; ++i) {
    first.Update(std::string(kLarge, 'a'));
    second.Update(std::string(kLarge, 'b'));
  }
  EXPECT_EQ(first.Finish(), DigestOf(std::string(20 * kLarge, 'a')));
  EXPECT_EQ(second.Finish(), DigestOf(std::string(20 * kLarge, 'b')));
}

TEST(RunningDigestTest, FewBytesWaitForNoThread) {
  std::promise<void> go;  // outlives the pool's task
  WorkerPool pool(1);
  pool.Post([&] { go.get_future().wait(); });
  RunningDigest digest(&pool);
  digest.Update("a");
  digest.Update("b");
  EXPECT_EQ(digest.Finish(), DigestOf("ab"));
  go.set_value();
}

TEST(RunningDigestTest, MayGoBeforeItsBytesAreHashed) {
  std::promise<void> go;  // outlives the pool's task
  WorkerPool pool(1);
  pool.Post([&] { go.get_future().wait(); });
  auto digest = std::make_unique<RunningDigest>(&pool);
  digest->Update(std::string(kLarge, 'a'));
  digest.reset();
  go.set_value();
}

}  // namespace
}  // namespace carousel
