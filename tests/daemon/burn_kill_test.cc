// carouseld is killed in the midst of a burn and started again: what it then says of the operation
// and of the disc, and that no request is burnt twice.
//
// Each point is a command of the burn that the drive carries out and does not answer, which is when
// the process is killed: what the drive had buffered is lost with it.
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/fs/iso9660/image_builder.h"
#include "tests/component/answer.h"
#include "tests/component/burning.h"
#include "tests/component/service.h"
#include "tests/daemon/daemon.h"

namespace carousel {
namespace {

using component::Formats;
using component::Images;
using component::Operations;
using component::Refused;
using component::Succeeds;

constexpr char kRequestId[] = "request_id: '6d2b6f5e-4b1c-4f0e-9a57-1f0a3c8d2e11'";
// Of overwritable media, what is before the first session is written anew with each.
constexpr int64_t kSuperblock = 32;
// 8 MiB: 17 WRITEs of 256 sectors, the last of them shorter.
constexpr size_t kBytes = 8 << 20;

struct KillPoint {
  std::string media;
  std::string opcode;  // as the fault plan and the metrics have it
  int at = 1;          // of the burn's commands of this opcode, from 1
};

std::vector<uint8_t> Volume() {
  iso9660::ImageBuilder image;
  image.UseRockRidge();
  image.AddFile(image.root(), "README.;1", std::string(128 << 10, 'r'),
                iso9660::Px(0100600) + iso9660::Nm("readme"));
  return image.Build();
}

class BurnKillTest : public testing::TestWithParam<KillPoint> {
 protected:
  bool overwritable() const { return GetParam().media == "DVD+RW" || GetParam().media == "BD-RE"; }
  // An image whose result begins a disc, which this one never is.
  std::string OtherImage() { return component::Mastered(daemon_, component::NewImage(daemon_)); }
  v1::DiscFormat Format() {
    return *daemon_.Call(&Formats::GetDiscFormat, "name: 'drives/drive0/discFormat'");
  }
  // The first session's sectors, but for those that every burn writes anew.
  std::string FirstSession() {
    const int64_t first = overwritable() ? kSuperblock : 0;
    return daemon_.Sectors(first, sectors_ - first);
  }
  // Burns until the point, kills the process there and starts it again. The operation's name.
  std::string BurnAndKill() {
    const KillPoint& point = GetParam();
    daemon_.Start(absl::StrCat("at ", point.at, " ", point.opcode, " hang"));
    const std::string image = component::ImportedImage(daemon_);
    component::Upload(daemon_, image, "/new.bin", std::string(kBytes, 'n'));
    component::Mastered(daemon_, image);
    request_ = component::BurnRequest(image, kRequestId);
    const auto started = daemon_.Call(&Formats::WriteImage, request_);
    EXPECT_THAT(started, Succeeds());
    EXPECT_TRUE(component::Eventually([&] {
      return daemon_.Commands(point.opcode) == point.at - 1 && IsBegun(started->name());
    }));
    daemon_.Kill();
    daemon_.Start();
    return started->name();
  }
  // Whether the journal knows of the step that the point is in.
  bool IsBegun(const std::string& operation) {
    const auto now =
        daemon_.Call(&Operations::GetOperation, absl::StrCat("name: '", operation, "'"));
    EXPECT_FALSE(now->done()) << now->ShortDebugString();
    const int step = absl::StartsWith(GetParam().opcode, "CLOSE") ? 2 : 1;
    return absl::StrContains(
        daemon_.Metrics(),
        absl::StrCat("carousel_journal_records_total{record=\"intent\",result=\"recorded\"} ", step,
                     "\n"));
  }

  const std::vector<uint8_t> volume_ = Volume();
  const int64_t sectors_ = static_cast<int64_t>(volume_.size()) / 2048;
  Daemon daemon_{GetParam().media, volume_};
  std::string request_;
};

TEST_P(BurnKillTest, LeavesOneSessionAtMostAndADiscThatSomebodyHasToLookAt) {
  const std::string before = FirstSession();
  const std::string operation = BurnAndKill();

  const auto kept =
      daemon_.Call(&Operations::GetOperation, absl::StrCat("name: '", operation, "'"));
  ASSERT_TRUE(kept->done());
  EXPECT_THAT(*kept, Refused("ABORTED", "INTERRUPTED",
                             {{"disc_state", "unknown"}, {"operation", operation}}));
  EXPECT_EQ(component::BurnMetadata(*kept).disc_state(), "unknown");
  EXPECT_EQ(component::BurnMetadata(*kept).disc(), "discs/A1");

  const int sessions = Format().session_count();
  EXPECT_LE(sessions, 2);
  const auto again = daemon_.Call(&Formats::WriteImage, request_);
  ASSERT_THAT(again, Succeeds());
  EXPECT_EQ(again->name(), operation);
  EXPECT_THAT(daemon_.Call(&Formats::WriteImage, component::BurnRequest(OtherImage())),
              Refused("FAILED_PRECONDITION", "DISC_HELD",
                      {{"operation", operation}, {"outcome", "interrupted"}}));
  EXPECT_EQ(daemon_.Commands("WRITE(10)"), 0);
  EXPECT_EQ(Format().session_count(), sessions);

  EXPECT_EQ(FirstSession(), before);
  EXPECT_THAT(daemon_.Call(&Images::IdentifyFileSystems,
                           absl::StrCat("image: '", component::NewImage(daemon_),
                                        "' drive: 'drives/drive0'")),
              Succeeds())
      << "what was there is read";

  const auto released = daemon_.Call(&Formats::AcknowledgeDisc, "disc: 'discs/A1' who: 'operator'");
  ASSERT_EQ(released->actions_size(), 1);
  EXPECT_EQ(released->actions(0).operation(), operation);
  EXPECT_EQ(released->actions(0).outcome(), "interrupted");
  EXPECT_EQ(daemon_.Call(&Formats::WriteImage, request_)->name(), operation)
      << "an acknowledgement starts nothing";
  EXPECT_THAT(component::Burn(daemon_, OtherImage()),
              Refused("FAILED_PRECONDITION", "E_IMAPI_DF2DATA_MEDIA_NOT_BLANK"))
      << "the disc is asked again";
  EXPECT_EQ(Format().session_count(), sessions);
}

// Twenty, ten of each kind of medium: at the first WRITE, at WRITEs that come before and behind the
// drive's buffer is full, at the last, and at all that follows.
INSTANTIATE_TEST_SUITE_P(
    Points, BurnKillTest,
    testing::Values(KillPoint{"DVD+R", "WRITE(10)", 1}, KillPoint{"DVD+R", "WRITE(10)", 2},
                    KillPoint{"BD-R", "WRITE(10)", 5}, KillPoint{"DVD+R", "WRITE(10)", 8},
                    KillPoint{"CD-R", "WRITE(10)", 9}, KillPoint{"BD-R", "WRITE(10)", 12},
                    KillPoint{"DVD+R", "WRITE(10)", 16}, KillPoint{"DVD+R", "SYNCHRONIZE-CACHE", 1},
                    KillPoint{"DVD+R", "CLOSE-TRACK-SESSION", 1},
                    KillPoint{"DVD+R", "CLOSE-TRACK-SESSION", 2},
                    KillPoint{"DVD+RW", "WRITE(10)", 1}, KillPoint{"BD-RE", "WRITE(10)", 2},
                    KillPoint{"DVD+RW", "WRITE(10)", 5}, KillPoint{"BD-RE", "WRITE(10)", 8},
                    KillPoint{"DVD+RW", "WRITE(10)", 9}, KillPoint{"BD-RE", "WRITE(10)", 12},
                    KillPoint{"BD-RE", "WRITE(10)", 16}, KillPoint{"BD-RE", "SYNCHRONIZE-CACHE", 1},
                    KillPoint{"DVD+RW", "SYNCHRONIZE-CACHE", 2},
                    KillPoint{"BD-RE", "SYNCHRONIZE-CACHE", 2}),
    [](const testing::TestParamInfo<KillPoint>& info) {
      std::string name;
      for (const char c : absl::StrCat(info.param.media, info.param.opcode, "At", info.param.at)) {
        if (c == '+') name += "Plus";
        if (absl::ascii_isalnum(static_cast<unsigned char>(c))) name += c;
      }
      return name;
    });

}  // namespace
}  // namespace carousel
