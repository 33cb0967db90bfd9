#include "server/burn/session_shape.h"

#include <cstdint>

#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/mmc/profile.h"
#include "server/imapi/error.h"

namespace carousel {
namespace {

using mmc::Profile;

MediaFacts Facts(Profile profile, int64_t next, int64_t free) {
  MediaFacts facts;
  facts.present = true;
  facts.profile = profile;
  facts.next_writable = Lba(next);
  facts.sequential.next_writable.value = next;
  facts.sequential.free_sectors.value = free;
  return facts;
}

imapi::Hresult Refusal(const MediaFacts& facts) {
  const auto detail = imapi::GetDetail(ShapeFor(facts).status());
  return detail.has_value() ? detail->hresult : imapi::Hresult::E_FAIL;
}

TEST(SessionShapeTest, OfACdIsPaddedAndLeavesRoomForTheRunOut) {
  ASSERT_OK_AND_ASSIGN(const SessionShape shape, ShapeFor(Facts(Profile::kCdR, 23'000, 300'000)));
  EXPECT_EQ(shape.start, Lba(23'000));
  EXPECT_EQ(shape.tail, Sectors(150));
  EXPECT_EQ(shape.unit, Sectors(1));
  EXPECT_EQ(shape.shortest, Sectors(300));
  EXPECT_EQ(shape.free, Sectors(299'998));
}

TEST(SessionShapeTest, OfSequentialMediaIsWholeUnitsFromTheNextWritableAddressOn) {
  ASSERT_OK_AND_ASSIGN(const SessionShape dvd, ShapeFor(Facts(Profile::kDvdPlusR, 2240, 1000)));
  EXPECT_EQ(dvd.start, Lba(2240));
  EXPECT_EQ(dvd.unit, Sectors(16));
  EXPECT_EQ(dvd.free, Sectors(1000));
  ASSERT_OK_AND_ASSIGN(const SessionShape bd, ShapeFor(Facts(Profile::kBdRSequential, 0, 1000)));
  EXPECT_EQ(bd.start, Lba(0));
  EXPECT_EQ(bd.unit, Sectors(32));
}

TEST(SessionShapeTest, OfMediaThatAreOverwrittenLiesBehindTheSuperblockInWholeUnits) {
  ASSERT_OK_AND_ASSIGN(const SessionShape first, ShapeFor(Facts(Profile::kBdRe, 0, 1000)));
  EXPECT_EQ(first.start, Lba(32));
  EXPECT_EQ(first.unit, Sectors(32));
  EXPECT_EQ(first.free, Sectors(968));
  ASSERT_OK_AND_ASSIGN(const SessionShape next, ShapeFor(Facts(Profile::kDvdPlusRw, 100, 1000)));
  EXPECT_EQ(next.start, Lba(128));
  EXPECT_EQ(next.unit, Sectors(16)) << "though the drive takes single sectors";
  EXPECT_EQ(next.free, Sectors(972));
}

TEST(SessionShapeTest, HasNoRoomWhereTheMediumEndsBeforeTheNextUnit) {
  ASSERT_OK_AND_ASSIGN(const SessionShape shape, ShapeFor(Facts(Profile::kBdRe, 100, 5)));
  EXPECT_EQ(shape.free, Sectors(0));
}

TEST(SessionShapeTest, SaysNotHowMuchRoomThereIsWhereTheDriveDoesNot) {
  MediaFacts facts = Facts(Profile::kDvdPlusR, 2240, 0);
  facts.sequential.free_sectors.value.reset();
  ASSERT_OK_AND_ASSIGN(const SessionShape shape, ShapeFor(facts));
  EXPECT_FALSE(shape.free.has_value());
}

TEST(SessionShapeTest, IsRefusedWhereNoSessionCanFollow) {
  for (const Profile profile :
       {Profile::kCdRom, Profile::kDvdRom, Profile::kDvdRDualLayer, Profile::kBdRRandom}) {
    EXPECT_EQ(Refusal(Facts(profile, 0, 1000)),
              imapi::Hresult::E_IMAPI_DF2DATA_MEDIA_IS_NOT_SUPPORTED);
  }
  MediaFacts facts = Facts(Profile::kBdRe, 0, 1000);
  facts.next_writable.reset();
  EXPECT_EQ(Refusal(facts), imapi::Hresult::E_IMAPI_DF2DATA_INVALID_MEDIA_STATE);
}

TEST(SessionShapeTest, OfABlankMediumThatIsNotKnownSuitsEachThatBeginsAtTheStart) {
  const SessionShape shape = ShapeForAnyBlank();
  EXPECT_EQ(shape.start, Lba(0));
  EXPECT_FALSE(shape.free.has_value());
  for (const Profile profile :
       {Profile::kCdR, Profile::kCdRw, Profile::kDvdR, Profile::kDvdRwSequential,
        Profile::kDvdPlusR, Profile::kDvdPlusRDualLayer, Profile::kBdRSequential}) {
    ASSERT_OK_AND_ASSIGN(const SessionShape of, ShapeFor(Facts(profile, 0, 1000)));
    EXPECT_GE(shape.tail, of.tail);
    EXPECT_EQ(shape.unit.value() % of.unit.value(), 0);
    EXPECT_GE(shape.shortest, of.shortest);
  }
}

}  // namespace
}  // namespace carousel
