// DiscFormatService: what a drive says of the medium in it.
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "tests/component/answer.h"
#include "tests/component/service.h"

namespace carousel::component {
namespace {

using testing::ElementsAre;
using testing::Gt;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr char kFormat0[] = "name: 'drives/drive0/discFormat'";
constexpr char kDrive0[] = "drive: 'drives/drive0'";

TEST(DiscFormat, DescribesAnAppendableDisc) {
  Service service;
  service.AddDisc("A1", "DVD+R", 1, {"iso:192@0", "iso:192@2240"});
  service.LayIntoDrive("A1", 1);
  ASSERT_OK(service.Start());
  const auto format = service.Call(&Formats::GetDiscFormat, kFormat0);
  ASSERT_THAT(format, Succeeds());
  EXPECT_EQ(format->name(), "drives/drive0/discFormat");
  EXPECT_EQ(format->disc(), "discs/A1");
  EXPECT_EQ(format->media_generation(),
            service.Call(&Robots::GetDrive, "name: 'drives/drive0'")->media_generation());
  EXPECT_EQ(format->physical_media_type(), v1::PHYSICAL_MEDIA_TYPE_DVDPLUSR);
  EXPECT_EQ(format->profile(), "DVD+R");
  EXPECT_EQ(format->media_status_bits(), 4u);
  EXPECT_THAT(format->media_statuses(), ElementsAre(v1::MEDIA_STATUS_APPENDABLE));
  EXPECT_EQ(format->write_protect_bits(), 0u);
  EXPECT_FALSE(format->physically_blank());
  EXPECT_FALSE(format->heuristically_blank());
  EXPECT_EQ(format->total_sectors(), 2'295'104);
  EXPECT_EQ(format->start_address_of_previous_session(), 2240);
  EXPECT_EQ(format->session_count(), 2);
  EXPECT_EQ(format->free_sectors(), format->total_sectors() - format->next_writable_address());
  EXPECT_THAT(format->supported_write_speeds(), SizeIs(Gt(0)));
  EXPECT_THAT(format->warnings(), IsEmpty());
}

TEST(DiscFormat, DescribesABlankDisc) {
  Service service;
  service.AddDisc("A1", "CD-R", 1);
  service.LayIntoDrive("A1", 1);
  ASSERT_OK(service.Start());
  const auto format = service.Call(&Formats::GetDiscFormat, kFormat0);
  ASSERT_THAT(format, Succeeds());
  EXPECT_TRUE(format->physically_blank());
  EXPECT_TRUE(format->heuristically_blank());
  EXPECT_THAT(format->media_statuses(),
              ElementsAre(v1::MEDIA_STATUS_BLANK, v1::MEDIA_STATUS_APPENDABLE));
  ASSERT_TRUE(format->has_next_writable_address());
  EXPECT_EQ(format->next_writable_address(), 0);
  EXPECT_EQ(format->start_address_of_previous_session(), -1);
  EXPECT_EQ(format->last_written_address_of_previous_session(), -1);
  EXPECT_EQ(format->session_count(), 0);
}

TEST(DiscFormat, ListsOneInterfaceForEachTypeAndNoneInUse) {
  Service service;
  service.AddDisc("A1", "BD-RE", 1, {"iso:320@0"});
  service.LayIntoDrive("A1", 1);
  ASSERT_OK(service.Start());
  const auto answer = service.Call(&Formats::GetMultisessionInterfaces, kDrive0);
  ASSERT_THAT(answer, Succeeds());
  const auto& list = answer->multisession_interfaces().interfaces();
  ASSERT_THAT(list, SizeIs(2));
  EXPECT_TRUE(list[0].has_sequential());
  EXPECT_TRUE(list[1].has_random_write());
  for (const v1::MultisessionInterface& element : list) {
    EXPECT_FALSE(element.in_use());
    EXPECT_EQ(element.import_recorder(), "drives/drive0");
    EXPECT_TRUE(element.supported_on_current_media_state());
    EXPECT_EQ(element.media_generation(),
              service.Call(&Robots::GetDrive, "name: 'drives/drive0'")->media_generation());
  }
  EXPECT_GT(list[1].random_write().total_sectors_on_media(), 0);
}

TEST(DiscFormat, IsOfTheDiscThatIsInTheDriveNow) {
  Service service;
  service.AddDisc("A1", "DVD+R", 1, {"iso:192@0"});
  service.AddDisc("A2", "CD-R", 2);
  service.LayIntoDrive("A1", 1);
  ASSERT_OK(service.Start());
  const auto before = service.Call(&Formats::GetDiscFormat, kFormat0);
  EXPECT_THAT(service.End(service.Call(&Robots::UnloadDisc, kDrive0)), Succeeds());
  service.Load("A2", "drive0");
  const auto after = service.Call(&Formats::GetDiscFormat, kFormat0);
  ASSERT_THAT(after, Succeeds());
  EXPECT_EQ(after->disc(), "discs/A2");
  EXPECT_EQ(after->physical_media_type(), v1::PHYSICAL_MEDIA_TYPE_CDR);
  EXPECT_GT(after->media_generation(), before->media_generation());
}

TEST(DiscFormat, NamesTheDriveOfAPathThatIsNone) {
  Service service;
  ASSERT_OK(service.Start());
  for (const char* name : {"", "drives/drive0", "drives//discFormat", "discs/A1/discFormat",
                           "drives/drive0/discFormat/", "drives/drive0/discformat"}) {
    EXPECT_THAT(service.Call(&Formats::GetDiscFormat, absl::StrCat("name: '", name, "'")),
                Refused("INVALID_ARGUMENT", "INVALID_NAME",
                        {{"field", "name"}, {"pattern", "drives/{drive}/discFormat"}}))
        << name;
  }
}

// What a drive does, and what both methods answer.
struct Trouble {
  const char* what;
  const char* media;  // empty: no disc
  const char* plan;   // of the drive
  const char* code;
  const char* reason;
};
class DriveTroubleTest : public testing::TestWithParam<Trouble> {};

TEST_P(DriveTroubleTest, IsAnsweredWithTheRecordersCode) {
  Service service({.time_scale = 500,
                   .drive0 = absl::StrCat("fault_plan: '", GetParam().plan, "'"),
                   .await_drives = false});
  if (*GetParam().media != '\0') {
    service.AddDisc("A1", GetParam().media, 1, {"iso:192@0"});
    service.LayIntoDrive("A1", 1);
  }
  ASSERT_OK(service.Start());
  const Refusal refusal{GetParam().code, GetParam().reason, {{"drive", "*"}}};
  EXPECT_THAT(service.Call(&Formats::GetDiscFormat, kFormat0), IsRefusal(refusal));
  EXPECT_THAT(service.Call(&Formats::GetMultisessionInterfaces, kDrive0), IsRefusal(refusal));
  EXPECT_THAT(service.Call(&Robots::GetDrive, "name: 'drives/drive1'"), Succeeds());
}

INSTANTIATE_TEST_SUITE_P(
    Of, DriveTroubleTest,
    testing::Values(Trouble{"NoMedium", "", "", "FAILED_PRECONDITION",
                            "E_IMAPI_RECORDER_MEDIA_NO_MEDIA"},
                    Trouble{"OutOfService", "DVD+R", "from 1 INQUIRY hang", "UNAVAILABLE",
                            "E_IMAPI_RECORDER_COMMAND_TIMEOUT"},
                    Trouble{"Unknown", "DVD+R", "from 1 READ-DISC-INFORMATION sense 2/30/00",
                            "FAILED_PRECONDITION", "E_IMAPI_RECORDER_MEDIA_INCOMPATIBLE"},
                    Trouble{"UpsideDown", "DVD+R", "from 1 READ-DISC-INFORMATION sense 4/09/01",
                            "FAILED_PRECONDITION", "E_IMAPI_RECORDER_MEDIA_UPSIDE_DOWN"},
                    Trouble{"BecomingReady", "DVD+R", "from 1 READ-DISC-INFORMATION sense 2/04/01",
                            "UNAVAILABLE", "E_IMAPI_RECORDER_MEDIA_BECOMING_READY"},
                    Trouble{"Busy", "DVD+R", "from 1 READ-DISC-INFORMATION sense 2/04/07",
                            "UNAVAILABLE", "E_IMAPI_RECORDER_MEDIA_BUSY"},
                    Trouble{"BeingFormatted", "DVD+R", "from 1 READ-DISC-INFORMATION sense 2/04/04",
                            "UNAVAILABLE", "E_IMAPI_RECORDER_MEDIA_FORMAT_IN_PROGRESS"},
                    Trouble{"Broken", "DVD+R", "from 1 READ-DISC-INFORMATION sense 4/44/00",
                            "INTERNAL", "E_FAIL"},
                    Trouble{"Nonsense", "DVD+R", "from 1 READ-DISC-INFORMATION bytes 00",
                            "INTERNAL", "E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE"}),
    [](const auto& info) { return std::string(info.param.what); });

}  // namespace
}  // namespace carousel::component
