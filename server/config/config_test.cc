#include "server/config/config.h"

#include <fstream>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"

namespace carousel {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr char kOneDrive[] = R"pb(
  drives {
    id: "drive0"
    virtual {}
  }
  slots { id: "slot1" }
  virtual_robot {}
)pb";

// A text that says nothing of listeners has the word that they are insecure.
absl::StatusOr<Config> Parse(absl::string_view text, const ConfigOverrides& overrides = {}) {
  const bool silent = !absl::StrContains(text, "listen {");
  return ParseConfig(absl::StrCat(text, silent ? " listen { insecure: true }" : ""),
                     "test.textproto", testing::TempDir(), overrides);
}

std::string WriteFile(const std::string& name, const std::string& text) {
  const std::string path = testing::TempDir() + "/" + name;
  std::ofstream(path) << text;
  return path;
}

TEST(DefaultConfig, IsTheExampleAndAVirtualRobot) {
  ASSERT_OK_AND_ASSIGN(const Config config, Parse(DefaultConfigText()));
  EXPECT_THAT(config.drives, SizeIs(2));
  EXPECT_THAT(config.slots, SizeIs(12));
  ASSERT_TRUE(config.virtual_robot.has_value());
  EXPECT_EQ(config.virtual_robot->time_scale, 20);
  ASSERT_OK_AND_ASSIGN(const Config example, LoadConfig("deploy/config/virtual.textproto"));
  EXPECT_EQ(example.digest, config.digest);
}

TEST(ParseConfig, FillsInTheDefaults) {
  ASSERT_OK_AND_ASSIGN(const Config config, Parse(kOneDrive));
  EXPECT_EQ(config.robot_id, "robot");
  EXPECT_EQ(config.grpc_address, "127.0.0.1:7070");
  EXPECT_EQ(config.http_address, "127.0.0.1:9470");
  EXPECT_EQ(config.virtual_robot->store, "/var/lib/carousel/discs");
  EXPECT_EQ(config.virtual_robot->time_scale, 1);
  const auto& drive = std::get<VirtualDriveConfig>(config.drives[0].backend);
  EXPECT_EQ(drive.type, "BD-16x");
  EXPECT_EQ(drive.serial, "VIRTUAL-drive0");
  EXPECT_EQ(config.limits.max_images, 64);
  EXPECT_EQ(config.limits.image_ttl, absl::Hours(1));
  EXPECT_EQ(config.limits.max_import_memory_bytes, int64_t{2} << 30);
  EXPECT_EQ(config.limits.operation_ttl, absl::Hours(30 * 24));
  EXPECT_EQ(config.limits.max_image_edits, 3'000'000);
  EXPECT_EQ(config.limits.journal_ttl, absl::Hours(366 * 24));
  EXPECT_EQ(config.spool.folder, "/var/lib/carousel/spool");
  EXPECT_EQ(config.spool.quota_bytes, int64_t{128} << 30);
  EXPECT_EQ(config.spool.upload_ttl, absl::Hours(24));
  EXPECT_EQ(config.spool.staging_root, "");
}

TEST(ParseConfig, ChecksTheSpool) {
  const std::string text = kOneDrive;
  ASSERT_OK_AND_ASSIGN(
      const Config config,
      Parse(text + "spool { folder: '/s' quota_bytes: 1048576 staging_root: '/srv/staging' }"));
  EXPECT_EQ(config.spool.folder, "/s");
  EXPECT_EQ(config.spool.quota_bytes, 1 << 20);
  EXPECT_EQ(config.spool.staging_root, "/srv/staging");
  EXPECT_THAT(
      Parse(text +
            "spool { folder: 's' quota_bytes: 5 max_uploads: -1 upload_ttl {} staging_root: 'srv'"
            " max_tree_entries: -1 max_tree_depth: 5000 }"),
      StatusIs(absl::StatusCode::kInvalidArgument,
               AllOf(HasSubstr("spool.folder: must be an absolute path"),
                     HasSubstr("spool.quota_bytes: 5 "), HasSubstr("spool.max_uploads: -1 "),
                     HasSubstr("spool.upload_ttl: 0 "),
                     HasSubstr("spool.staging_root: must be an absolute path"),
                     HasSubstr("spool.max_tree_entries: -1 "),
                     HasSubstr("spool.max_tree_depth: 5000 "))));
}

TEST(ParseConfig, ReportsEveryErrorTogetherWithItsPath) {
  EXPECT_THAT(
      Parse(R"pb(
        robot_id: "Robot"
        state_dir: "var"
        listen { grpc: "0.0.0.0:7070" http: "[::1]:80" }
        drives {
          id: "a"
          virtual { serial: "S" }
        }
        drives {
          id: "a"
          virtual { serial: "S" }
        }
        drives { id: "b" }
        slots { id: "s1" }
        slots { id: "s1" }
        virtual_robot { time_scale: -1 }
        limits {
          max_images: -1
          image_ttl {}
        }
      )pb"),
      StatusIs(
          absl::StatusCode::kInvalidArgument,
          AllOf(HasSubstr("test.textproto: robot_id: "), HasSubstr("\ntest.textproto: state_dir: "),
                HasSubstr("listen.grpc: "), HasSubstr("listen.http: "),
                HasSubstr("drives[1].id: \"a\""), HasSubstr("drives[1].virtual.serial: \"S\""),
                HasSubstr("drives[2]: needs a back end"), HasSubstr("slots[1].id: "),
                HasSubstr("virtual_robot.time_scale: -1"), HasSubstr("limits.max_images: -1"),
                HasSubstr("limits.image_ttl: 0 is not in the range from 1s to 720h"),
                Not(HasSubstr("drives[0]")))));
}

TEST(ParseConfig, NamesLineAndColumnOfWhatIsNoTextproto) {
  EXPECT_THAT(Parse("robot_id: \"a\"\nrobot_name: \"b\"\n"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("line 2:11: Message type \"carousel.config.v1.Config\" has no "
                                 "field named \"robot_name\"")));
}

TEST(ParseConfig, NeedsADrive) {
  EXPECT_THAT(Parse(""), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("drives: ")));
}

TEST(ParseConfig, WantsAVirtualRobotExactlyIfADriveIsVirtual) {
  EXPECT_THAT(
      Parse("drives { id: \"a\" virtual {} }"),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("virtual_robot: is required")));
  EXPECT_THAT(Parse("virtual_robot {}"), StatusIs(absl::StatusCode::kInvalidArgument,
                                                  HasSubstr("virtual_robot: stands here")));
}

constexpr char kRealRobot[] = R"(
  robot_id: "r7"
  drives { id: "drive0" sg { device: "/dev/disk/by-path/pci-0000:03:00.0-sas-phy0-lun-0" } }
  drives { id: "drive1" sg { serial: "K3LD1234567" } }
  drives {
    id: "drive2"
    iscsi { portal: "192.0.2.7:3260" target: "iqn.2026-11.example:d2" lun: 1 }
  }
  slots { id: "slot1" }
  slots { id: "slot2" }
  slots { id: "cleaning" element: 2000 }
  slots { id: "slot3" }
)";

TEST(ParseConfig, TakesDevicesOfThisMachineAndOfIscsiTargets) {
  ASSERT_OK_AND_ASSIGN(const Config config, Parse(absl::StrCat(kRealRobot, R"(changer {
        iscsi { portal: "[2001:db8::7]:3260" target: "iqn.2026-11.example:changer" lun: 9
                initiator: "iqn.2026-11.example:me" chap_user: "archive"
                chap_secret_file: "/etc/carousel/secret" }
        first_slot_element: 4096
      })")));
  EXPECT_EQ(std::get<SgConfig>(config.drives[1].backend).serial, "K3LD1234567");
  const auto& drive = std::get<IscsiConfig>(config.drives[2].backend);
  EXPECT_EQ(drive.lun, 1);
  EXPECT_EQ(drive.initiator, "iqn.2026-11.dev.carousel:r7");
  EXPECT_EQ(drive.chap_user, "");
  const auto& changer = std::get<IscsiConfig>(*config.changer);
  EXPECT_EQ(changer.chap_secret_file, "/etc/carousel/secret");
  EXPECT_EQ(changer.initiator, "iqn.2026-11.example:me");
  std::vector<int> elements;
  for (const SlotConfig& slot : config.slots) elements.push_back(slot.element);
  EXPECT_THAT(elements, ElementsAre(4096, 4097, 2000, 2001));
  EXPECT_FALSE(config.virtual_robot.has_value());
}

TEST(ParseConfig, WantsAChangerWhereNoDriveIsVirtual) {
  EXPECT_THAT(Parse(kRealRobot),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("changer: is required")));
  EXPECT_THAT(Parse(absl::StrCat(kRealRobot, "changer {}")),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("changer: needs a back end: sg or iscsi")));
}

TEST(ParseConfig, ReportsEveryErrorOfRealDevicesTogether) {
  EXPECT_THAT(
      Parse(R"(
        drives { id: "a" sg {} }
        drives { id: "b" sg { device: "sg3" } }
        drives { id: "c" sg { device: "/dev/sg4" serial: "S" } }
        drives { id: "d" sg { device: "/dev/sg5" } }
        drives { id: "e" iscsi { portal: "192.0.2.7" target: "robot" lun: 20000 chap_user: "u" } }
        slots { id: "s" element: 1024 }
        slots { id: "t" element: 1024 }
        changer { sg { device: "/dev/sg5" } }
      )"),
      StatusIs(absl::StatusCode::kInvalidArgument,
               AllOf(HasSubstr("drives[0].sg: needs a device or a serial"),
                     HasSubstr("drives[1].sg.device: must be an absolute path"),
                     HasSubstr("drives[2].sg: needs a device or a serial, and not both"),
                     HasSubstr("drives[4].iscsi.portal: needs an address and a port"),
                     HasSubstr("drives[4].iscsi.target: needs an iSCSI name"),
                     HasSubstr("drives[4].iscsi.lun: 20000 is not in the range"),
                     HasSubstr("drives[4].iscsi: needs chap_user and chap_secret_file together"),
                     HasSubstr("slots[1].element: \"1024\" is there already"),
                     HasSubstr("changer.sg: \"/dev/sg5\" is there already"))));
}

TEST(ParseConfig, RefusesAModelThatHurriesBesideARealDevice) {
  const std::string mixed = absl::StrCat(kOneDrive, R"(
    drives { id: "real" sg { device: "/dev/sg3" } })");
  EXPECT_OK(Parse(mixed));
  EXPECT_THAT(
      Parse(absl::StrCat(R"(drives { id: "model" virtual {} } virtual_robot { time_scale: 20 }
                                    drives { id: "real" sg { device: "/dev/sg3" } })")),
      StatusIs(absl::StatusCode::kInvalidArgument,
               HasSubstr("virtual_robot.time_scale: must be 1")));
}

TEST(ParseConfig, CountsTheElementsOfSlotsAndOfImportExportSlotsSeparately) {
  ASSERT_OK_AND_ASSIGN(const Config config, Parse(R"(
    drives { id: "a" sg { device: "/dev/sg3" } }
    slots { id: "s1" }
    import_export_slots { id: "s1" }
    import_export_slots { id: "s2" }
    changer { sg { device: "/dev/sg4" } first_import_export_element: 768 }
  )"));
  EXPECT_EQ(config.slots[0].element, 1024);
  ASSERT_THAT(config.import_export_slots, SizeIs(2));
  EXPECT_EQ(config.import_export_slots[0].id, "s1");
  EXPECT_EQ(config.import_export_slots[1].element, 769);
}

TEST(ParseConfig, RefusesImportExportSlotsWithoutAnElementOrWithASlots) {
  EXPECT_THAT(Parse(R"(
                drives { id: "a" sg { device: "/dev/sg3" } }
                slots { id: "s" }
                import_export_slots { id: "p" }
                import_export_slots { id: "p" element: 1024 }
                changer { sg { device: "/dev/sg4" } }
              )"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("import_export_slots[0].element: 0 is not in the range"),
                             HasSubstr("import_export_slots[1].id: \"p\" is there already"),
                             HasSubstr("import_export_slots[1].element: \"1024\" is there"))));
}

constexpr char kTls[] = R"(
  listen {
    grpc: "0.0.0.0:7070"
    tls { certificate_file: "/t/crt" private_key_file: "/t/key" client_ca_file: "/t/ca" }
  }
  principals { name: "spiffe://a/b" role: ARCHIVIST }
  principals { name: "viewer.example" role: VIEWER })";

TEST(ParseConfig, ListensAnywhereWithCertificatesOnly) {
  ASSERT_OK_AND_ASSIGN(const Config config, Parse(absl::StrCat(kOneDrive, kTls)));
  ASSERT_TRUE(config.tls.has_value());
  EXPECT_EQ(config.tls->client_ca_file, "/t/ca");
  EXPECT_EQ(config.tls->reload_interval, absl::Minutes(1));
  ASSERT_THAT(config.principals, SizeIs(2));
  EXPECT_EQ(config.principals[0].role, Role::kArchivist);
  EXPECT_EQ(config.principals[1].role, Role::kViewer);
  EXPECT_THAT(Parse(absl::StrCat(kOneDrive, "listen { grpc: \"0.0.0.0:7070\" insecure: true }")),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("listen.grpc: ")));
}

TEST(ParseConfig, WantsCertificatesOrTheWordThatThereAreNone) {
  EXPECT_THAT(Parse(absl::StrCat(kOneDrive, "listen { grpc: \"127.0.0.1:7070\" }")),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("listen: needs tls")));
  EXPECT_THAT(
      Parse(absl::StrCat(kOneDrive, "listen { insecure: true tls { certificate_file: \"a\" } }")),
      StatusIs(absl::StatusCode::kInvalidArgument,
               AllOf(HasSubstr("listen: has tls and is insecure"),
                     HasSubstr("listen.tls.certificate_file: must be an absolute path"))));
}

TEST(ParseConfig, RefusesPrincipalsThatMeanNothing) {
  EXPECT_THAT(Parse(absl::StrCat(kOneDrive, kTls, "principals { role: ADMIN }",
                                 "principals { name: \"spiffe://a/b\" }")),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("principals[2].name: is required"),
                             HasSubstr("principals[3].name: \"spiffe://a/b\" is there already"),
                             HasSubstr("principals[3].role: is VIEWER"))));
  EXPECT_THAT(Parse(absl::StrCat(kOneDrive, "principals { name: \"a\" role: ADMIN }")),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("nobody has a certificate")));
}

TEST(ParseConfig, ShowsNumbersElsewhereIfItIsTold) {
  EXPECT_OK(Parse(absl::StrCat(
      kOneDrive, "listen { insecure: true http: \"0.0.0.0:9470\" http_anywhere: true }")));
  EXPECT_THAT(Parse(absl::StrCat(kOneDrive, "listen { insecure: true http: \"0.0.0.0:9470\" }")),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("listen.http: ")));
}

TEST(ParseConfig, LeavesTheElementsOfTheModelToTheModel) {
  EXPECT_THAT(Parse(absl::StrCat(kOneDrive, "slots { id: \"s\" element: 7 }")),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("slots[1].element: ")));
}

TEST(ExampleConfigs, OfRealRobotsAreValid) {
  for (const char* name : {"sg.textproto", "iscsi.textproto"}) {
    EXPECT_OK(LoadConfig(absl::StrCat("deploy/config/", name))) << name;
  }
}

TEST(ExampleConfigs, OfKubernetesAreValid) {
  for (const char* overlay : {"virtual", "robot1"}) {
    const std::string path = absl::StrCat("deploy/k8s/overlays/", overlay, "/robot.textproto");
    EXPECT_OK(LoadConfig(path)) << path;
  }
}

TEST(ParseConfig, ReadsADriveTypeFromAFileBesideIt) {
  WriteFile("slow.txt", "name slow\nspeed 1\n");
  ASSERT_OK_AND_ASSIGN(const Config config,
                       Parse("drives { id: \"a\" virtual { drive_type_file: \"slow.txt\" } }"
                             "virtual_robot {}"));
  EXPECT_EQ(std::get<VirtualDriveConfig>(config.drives[0].backend).type, "name slow\nspeed 1\n");
}

TEST(ParseConfig, ReportsADriveTypeFileThatIsNotThere) {
  EXPECT_THAT(Parse("drives { id: \"a\" virtual { drive_type_file: \"none.txt\" } }"
                    "virtual_robot {}"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("drives[0].virtual.drive_type_file: ")));
}

TEST(ParseConfig, ReadsFaultPlansFromFilesBesideIt) {
  WriteFile("dust.txt", "at 2 READ(10) sense 3/11/05\n");
  WriteFile("arm.txt", "move 1 gripper\n");
  ASSERT_OK_AND_ASSIGN(const Config config,
                       Parse("drives { id: \"a\" virtual { fault_plan_file: \"dust.txt\" } }"
                             "virtual_robot { changer_fault_plan_file: \"arm.txt\" }"));
  EXPECT_EQ(std::get<VirtualDriveConfig>(config.drives[0].backend).fault_plan,
            "at 2 READ(10) sense 3/11/05\n");
  EXPECT_EQ(config.virtual_robot->changer_fault_plan, "move 1 gripper\n");
  ASSERT_OK_AND_ASSIGN(
      const Config spelt_out,
      Parse("drives { id: \"a\" virtual { fault_plan: \"at 2 READ(10) sense 3/11/05\\n\" } }"
            "virtual_robot { changer_fault_plan: \"move 1 gripper\\n\" }"));
  EXPECT_EQ(config.digest, spelt_out.digest) << "what is in effect is the same";
}

TEST(ParseConfig, RefusesAFaultPlanTwiceAndAFileOfOneThatIsNotThere) {
  EXPECT_THAT(
      Parse("drives { id: \"a\" virtual { fault_plan: \"x\" fault_plan_file: \"y\" } }"
            "virtual_robot { changer_fault_plan_file: \"none.txt\" }"),
      StatusIs(absl::StatusCode::kInvalidArgument,
               AllOf(HasSubstr("drives[0].virtual.fault_plan_file: stands beside drives[0]"),
                     HasSubstr("virtual_robot.changer_fault_plan_file: "))));
}

TEST(ParseConfig, ChecksWhatTheCommandLineSaysLikeTheFile) {
  ASSERT_OK_AND_ASSIGN(const Config config,
                       Parse(kOneDrive, {.state_dir = "/tmp/state",
                                         .grpc_address = "unix:/tmp/state/grpc",
                                         .http_address = "127.0.0.1:0"}));
  EXPECT_EQ(config.state_dir, "/tmp/state");
  EXPECT_EQ(config.virtual_robot->store, "/tmp/state/discs");
  EXPECT_EQ(config.grpc_address, "unix:/tmp/state/grpc");
  EXPECT_THAT(Parse(kOneDrive, {.grpc_address = "0.0.0.0:1"}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("listen.grpc")));
}

TEST(ConfigDigest, IsOverWhatIsInEffectAndNotOverHowItIsWritten) {
  ASSERT_OK_AND_ASSIGN(const Config plain, Parse(kOneDrive));
  ASSERT_OK_AND_ASSIGN(const Config spelt_out,
                       Parse(absl::StrCat("# a comment\n", kOneDrive, "robot_id: \"robot\"")));
  ASSERT_OK_AND_ASSIGN(const Config other, Parse(absl::StrCat(kOneDrive, "robot_id: \"other\"")));
  EXPECT_THAT(plain.digest, SizeIs(64));
  EXPECT_EQ(plain.digest, spelt_out.digest);
  EXPECT_NE(plain.digest, other.digest);
}

TEST(ConfigDigest, ChangesWithTheContentOfADriveTypeFile) {
  constexpr char kText[] =
      "drives { id: \"a\" virtual { drive_type_file: \"type.txt\" } } virtual_robot {}";
  WriteFile("type.txt", "one\n");
  ASSERT_OK_AND_ASSIGN(const Config one, Parse(kText));
  WriteFile("type.txt", "two\n");
  ASSERT_OK_AND_ASSIGN(const Config two, Parse(kText));
  EXPECT_NE(one.digest, two.digest);
}

TEST(LoadConfig, ReportsAFileThatCannotBeRead) {
  EXPECT_THAT(LoadConfig(testing::TempDir() + "/none.textproto"),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_FALSE(LoadConfig(testing::TempDir()).ok());
}

TEST(LoadConfig, RefusesAFileThatIsFarTooLarge) {
  const std::string path = WriteFile("large.textproto", std::string(5 << 20, '#'));
  EXPECT_THAT(LoadConfig(path), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("bytes")));
}

}  // namespace
}  // namespace carousel
