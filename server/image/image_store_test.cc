#include "server/image/image_store.h"

#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/status_matchers.h"
#include "server/errors/errors.h"

namespace carousel {
namespace {

using testing::ElementsAre;

class ImageStoreTest : public testing::Test {
 protected:
  std::string NewId() { return (*store_.Create({}))->id(); }
  std::vector<std::string> Ids(int64_t above = 0, size_t limit = 100) {
    std::vector<std::string> ids;
    for (const ImagePtr& image : store_.List(above, limit)) ids.push_back(image->id());
    return ids;
  }

  FakeClock clock_;
  ImageStore store_{&clock_, {.max_images = 3, .ttl = absl::Hours(1)}};
};

TEST_F(ImageStoreTest, FindsAndListsWhatItCreated) {
  const std::string a = NewId();
  const std::string b = NewId();
  EXPECT_NE(a, b);
  EXPECT_EQ((*store_.Find(a))->id(), a);
  EXPECT_THAT(Ids(), ElementsAre(a, b));
  EXPECT_THAT(Ids(0, 1), ElementsAre(a));
  EXPECT_THAT(Ids((*store_.Find(a))->number(), 1), ElementsAre(b));
  EXPECT_THAT(store_.Find("none"), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(ImageStoreTest, HoldsAtMostItsLimitOfLivingImages) {
  for (int i = 0; i < 3; ++i) NewId();
  const absl::Status status = store_.Create({}).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(GetReason(status)->metadata.at("limit"), "max_images");
  clock_.Advance(absl::Hours(1));
  EXPECT_OK(store_.Create({}));
  EXPECT_EQ(Ids().size(), 1u);
}

TEST_F(ImageStoreTest, OneCreatorHasNotAllOfTheImages) {
  ImageStore store(&clock_,
                   {.max_images = 4, .max_images_per_principal = 2, .ttl = absl::Hours(1)});
  ASSERT_OK(store.Create({.creator = "alice"}));
  ASSERT_OK(store.Create({.creator = "alice"}));
  const absl::Status status = store.Create({.creator = "alice"}).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(GetReason(status)->metadata.at("limit"), "max_images_per_principal");
  EXPECT_OK(store.Create({.creator = "bob"}));
}

TEST_F(ImageStoreTest, ForgetsImagesThatNobodyUses) {
  const std::string used = NewId();
  const std::string unused = NewId();
  clock_.Advance(absl::Minutes(40));
  EXPECT_OK(store_.Find(used));
  clock_.Advance(absl::Minutes(30));
  EXPECT_THAT(store_.Find(unused), StatusIs(absl::StatusCode::kNotFound));
  store_.RemoveExpired();
  EXPECT_THAT(Ids(), ElementsAre(used));
}

TEST_F(ImageStoreTest, AnswersARepeatedRequestWithTheSameImage) {
  ASSERT_OK_AND_ASSIGN(const ImagePtr first, store_.Create({}, {"id", 1}));
  ASSERT_OK_AND_ASSIGN(const ImagePtr again, store_.Create({}, {"id", 1}));
  EXPECT_EQ(first, again);
  EXPECT_THAT(store_.Create({}, {"id", 2}), StatusIs(absl::StatusCode::kAlreadyExists));
  ASSERT_OK(store_.Delete(first->id(), "", [] {}));
  ASSERT_OK_AND_ASSIGN(const ImagePtr anew, store_.Create({}, {"id", 2}));
  EXPECT_NE(anew->id(), first->id());
}

TEST_F(ImageStoreTest, DeletesAnImageAfterItsImportHasEnded) {
  ASSERT_OK_AND_ASSIGN(const ImagePtr image, store_.Create({}));
  auto bound = std::make_shared<BoundDisc>();
  bound->facts = std::make_shared<MediaFacts>();
  ASSERT_OK(image->Bind("", bound));
  bool cancelled = false;
  bool gone = false;
  ASSERT_OK(image->BeginImport("", "op", [&] { cancelled = true; }));
  ASSERT_OK(store_.Delete(image->id(), "", [&] { gone = true; }));
  EXPECT_TRUE(cancelled);
  EXPECT_FALSE(gone);
  EXPECT_THAT(Ids(), ElementsAre(image->id()));
  EXPECT_OK(image->EndImport(nullptr));
  EXPECT_TRUE(gone);
  EXPECT_THAT(store_.Find(image->id()), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(ImageStoreTest, TellsOnceOfEachImageThatIsGone) {
  std::vector<std::string> gone;
  ImageStore* asked = nullptr;
  absl::AnyInvocable<void()> released;
  ImageStore store(&clock_,
                   {.max_images = 3,
                    .ttl = absl::Hours(1),
                    .on_gone = [&](const std::string& id, absl::AnyInvocable<void()> done) {
                      EXPECT_THAT(asked->Find(id), StatusIs(absl::StatusCode::kNotFound));
                      gone.push_back(id);
                      released = std::move(done);
                    }});
  asked = &store;
  const std::string deleted = (*store.Create({}))->id();
  bool ended = false;
  ASSERT_OK(store.Delete(deleted, "", [&] { ended = true; }));
  EXPECT_THAT(gone, ElementsAre(deleted));
  EXPECT_FALSE(ended) << "what was kept for it is still there";
  released();
  EXPECT_TRUE(ended);
  const std::string expired = (*store.Create({}))->id();
  clock_.Advance(absl::Hours(1));
  store.RemoveExpired();
  store.RemoveExpired();
  EXPECT_THAT(gone, ElementsAre(deleted, expired));
  const std::string last = (*store.Create({}))->id();
  clock_.Advance(absl::Hours(1));
  ASSERT_OK(store.Create({}));
  EXPECT_THAT(gone, ElementsAre(deleted, expired, last));
}

TEST_F(ImageStoreTest, RefusesToDeleteOnAnOldEtag) {
  ASSERT_OK_AND_ASSIGN(const ImagePtr image, store_.Create({}));
  EXPECT_THAT(store_.Delete(image->id(), "\"other\"", [] { FAIL(); }),
              StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(store_.Delete("none", "", [] { FAIL(); }), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(ImageStoreTest, GivesParallelRequestsOfOneIdOneImage) {
  Mutex mutex;
  std::set<std::string> ids;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 25; ++i) {
        const absl::StatusOr<ImagePtr> image = store_.Create({}, {"same", 1});
        ASSERT_OK(image);
        MutexLock lock(&mutex);
        ids.insert((*image)->id());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ids.size(), 1u);
}

}  // namespace
}  // namespace carousel
