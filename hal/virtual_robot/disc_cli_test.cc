#include "hal/virtual_robot/disc_cli.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "hal/virtual_robot/disc.h"
#include "hal/virtual_robot/disc_store.h"
#include "hal/virtual_robot/locations.h"
#include "hal/virtual_robot/medium.h"

namespace carousel::virtual_robot {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class CarouselDiscTest : public testing::Test {
 protected:
  CarouselDiscTest()
      : folder_(absl::StrCat(std::getenv("TEST_TMPDIR"), "/",
                             testing::UnitTest::GetInstance()->current_test_info()->name())),
        store_(folder_ + "/store") {
    std::filesystem::create_directories(folder_);
  }

  // An image of `sectors` sectors whose bytes all are `fill`.
  std::string Image(const std::string& name, int sectors, char fill) {
    const std::string path = absl::StrCat(folder_, "/", name);
    std::ofstream(path, std::ios::binary) << std::string(sectors * kSectorSize, fill);
    return path;
  }

  int Run(std::vector<std::string> arguments) {
    output_.str("");
    errors_.str("");
    return RunCarouselDisc(arguments, output_, errors_);
  }

  uint8_t FirstByte(const std::string& barcode, int64_t lba) {
    std::vector<uint8_t> sector(kSectorSize);
    const absl::StatusOr<DiscStore> store = DiscStore::Open(store_);
    EXPECT_OK(store->OpenData(barcode)->Read(Lba(lba), absl::MakeSpan(sector)));
    return sector[0];
  }

  const std::string folder_;
  const std::string store_;
  std::ostringstream output_;
  std::ostringstream errors_;
};

TEST_F(CarouselDiscTest, MakesASequentialDiscOfTwoSessions) {
  const std::string first = Image("first", 190, 'a');
  const std::string second = Image("second", 16, 'b');
  ASSERT_EQ(Run({"create", store_, "VOL001", "--media=dvd+r", "--session=" + first + "@0",
                 "--session=" + second + "@2240", "--slot=3"}),
            0)
      << errors_.str();
  EXPECT_EQ(output_.str(), "VOL001: DVD+R, appendable, 2 sessions, next writable 4304, slot 3\n");
  EXPECT_EQ(FirstByte("VOL001", 189), 'a');
  EXPECT_EQ(FirstByte("VOL001", 190), 0);
  EXPECT_EQ(FirstByte("VOL001", 2240), 'b');
  EXPECT_EQ(FirstByte("VOL001", 1'000'000), 0);
}

TEST_F(CarouselDiscTest, CountsOneSessionAsOne) {
  const std::string first = Image("first", 190, 'a');
  ASSERT_EQ(Run({"create", store_, "VOL001", "--media=dvd+r", "--session=" + first}), 0)
      << errors_.str();
  EXPECT_THAT(output_.str(), HasSubstr(", 1 session, next writable "));
  ASSERT_EQ(Run({"create", store_, "VOL002", "--media=dvd+r"}), 0) << errors_.str();
  EXPECT_THAT(output_.str(), HasSubstr(", 0 sessions, next writable "));
}

TEST_F(CarouselDiscTest, NeverOverwritesADiscOrASlot) {
  ASSERT_EQ(Run({"create", store_, "VOL001", "--media=CD-R", "--slot=1"}), 0);
  EXPECT_EQ(Run({"create", store_, "VOL001", "--media=BD-RE", "--slot=2"}), 1);
  EXPECT_EQ(errors_.str(), "carousel-disc: disc VOL001 is already in the store\n");
  EXPECT_EQ(Run({"create", store_, "VOL002", "--media=BD-RE", "--slot=1"}), 1);
  EXPECT_EQ(errors_.str(), "carousel-disc: slot 1 holds disc VOL001\n");
  ASSERT_OK_AND_ASSIGN(const DiscStore store, DiscStore::Open(store_));
  EXPECT_THAT(store.List(), IsOkAndHolds(ElementsAre("VOL001")));
  ASSERT_OK_AND_ASSIGN(const Disc disc, store.Load("VOL001"));
  EXPECT_EQ(disc.medium->name, "CD-R");
}

TEST_F(CarouselDiscTest, TakesTheLowestFreeSlotOrNone) {
  ASSERT_EQ(Run({"create", store_, "A", "--media=CD-R", "--slot=1"}), 0);
  ASSERT_EQ(Run({"create", store_, "B", "--media=CD-R"}), 0);
  ASSERT_EQ(Run({"create", store_, "C", "--media=CD-R", "--slot=none"}), 0);
  ASSERT_OK_AND_ASSIGN(const DiscStore store, DiscStore::Open(store_));
  ASSERT_OK_AND_ASSIGN(const Locations locations, store.ReadLocations());
  EXPECT_EQ(locations.Find("B")->place, (Place{Place::Kind::kSlot, 2}));
  EXPECT_EQ(locations.Find("C"), nullptr);
}

TEST_F(CarouselDiscTest, PrintsTheAddressForTheNextSessionsImage) {
  const std::string image = Image("first", 608, 'a');
  ASSERT_EQ(Run({"next-address", "--media=CD-R", "--session=" + image}), 0);
  EXPECT_EQ(output_.str(), "12010\n");
  EXPECT_EQ(Run({"next-address", "--media=CD-R", "--session=" + image, "--closed"}), 1);
}

TEST_F(CarouselDiscTest, CopiesASparseImageSparsely) {
  const std::string image = Image("sparse", 1, 'x');
  std::filesystem::resize_file(image, int64_t{6} << 30);
  ASSERT_EQ(Run({"create", store_, "BIG", "--media=BD-R", "--session=" + image + "@0"}), 0)
      << errors_.str();
  EXPECT_EQ(FirstByte("BIG", 0), 'x');
  EXPECT_EQ(FirstByte("BIG", 3'000'000), 0);
  ASSERT_OK_AND_ASSIGN(const DiscStore store, DiscStore::Open(store_));
  ASSERT_OK_AND_ASSIGN(const Disc disc, store.Load("BIG"));
  EXPECT_EQ(disc.tracks[0].payload, Sectors(3 << 20));
}

TEST_F(CarouselDiscTest, MakesEveryMediumInEveryStateItHas) {
  int discs = 0;
  const std::string image = Image("image", 320, 'a');
  for (const Medium& medium : Media()) {
    std::vector<std::vector<std::string>> variants = {{"--session=" + image}};
    if (medium.sequential()) {
      variants = {{"--state=blank"},
                  {"--session=" + image, "--state=open"},
                  {"--session=" + image, "--state=damaged"},
                  {"--session=" + image, "--closed"},
                  {"--session=" + image, "--closed", "--state=write-protected"}};
      if (medium.session_limit != 1) {
        variants.push_back({"--session=" + image, "--state=appendable"});
        variants.push_back({"--session=" + image, "--state=final-session"});
      }
    } else if (medium.overwritable()) {
      variants.push_back({"--state=unformatted"});
      variants.push_back({"--state=write-protected", "--session=" + image + "@32"});
    }
    for (std::vector<std::string> words : variants) {
      const std::string barcode = absl::StrCat("D", ++discs);
      words.insert(words.begin(),
                   {"create", store_, barcode, absl::StrCat("--media=", medium.name)});
      EXPECT_EQ(Run(words), 0) << medium.name << " " << words.back() << ": " << errors_.str();
    }
  }
  ASSERT_EQ(Run({"show", store_}), 0) << errors_.str();
  const std::string table = output_.str();
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), discs + 1);
}

TEST_F(CarouselDiscTest, ShowsADiscWithItsPlaceAndNextAddress) {
  ASSERT_EQ(Run({"create", store_, "A", "--media=DVD-R", "--session=zeros:65264"}), 0);
  ASSERT_EQ(Run({"show", store_, "A"}), 0);
  EXPECT_THAT(output_.str(), HasSubstr("track session=1 start=0 size=65264 payload=65264"));
  EXPECT_THAT(output_.str(), HasSubstr("# next-writable 93952\n"));
  EXPECT_THAT(output_.str(), HasSubstr("# place slot 1\n"));
}

TEST_F(CarouselDiscTest, SaysWhatIsWrong) {
  EXPECT_EQ(Run({"create", store_, "A", "--media=LP"}), 1);
  EXPECT_THAT(errors_.str(), HasSubstr("unknown medium 'LP'; known are CD-ROM, CD-R"));
  EXPECT_EQ(Run({"create", store_, "A", "--media=CD-R", "--session=/nowhere@0"}), 1);
  EXPECT_THAT(errors_.str(), HasSubstr("/nowhere: No such file"));
  EXPECT_EQ(Run({"create", store_, "../A", "--media=CD-R"}), 1);
  EXPECT_EQ(Run({"create", store_, "A", "--media=CD-R", "--slot=0"}), 1);
  EXPECT_EQ(Run({"create", store_, "A", "--media=CD-R", "--state=formatted"}), 1);
  EXPECT_EQ(Run({"create", store_, "A", "--media=CD-R", "--state=blank", "--closed"}), 1);
  EXPECT_EQ(Run({"show", folder_ + "/none"}), 1);
  EXPECT_EQ(Run({"create", store_}), 2);
  EXPECT_EQ(Run({}), 2);
  EXPECT_EQ(Run({"create", store_, "A", "--media=CD-R", "--colour=red"}), 2);
}

TEST_F(CarouselDiscTest, HelpNamesEveryOption) {
  EXPECT_EQ(Run({"create", "--help"}), 0);
  for (const char* option : {"--media", "--session", "--state", "--closed", "--slot", "--capacity",
                             "--formatted", "--background-format", "--intermediate",
                             "--minimally-blanked", "--spares", "--unreadable"}) {
    EXPECT_THAT(output_.str(), HasSubstr(option));
  }
}

}  // namespace
}  // namespace carousel::virtual_robot
