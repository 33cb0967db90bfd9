// What holds for every method alike, asked of each one that the descriptors list. A method without
// a row in kRows fails.
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "tests/component/answer.h"
#include "tests/component/method_call.h"
#include "tests/component/service.h"

namespace carousel::component {
namespace {

// What an image has been through before the call.
enum class Before { kNothing, kCreated, kUploaded, kBound, kImported, kMastered };

// A request that succeeds. {image} stands for an image's name.
struct Row {
  const char* request;
  Before before = Before::kNothing;
};

constexpr char kList[] =
    "multisession_interfaces { interfaces { import_recorder: 'drives/drive0' sequential {} } }";

// The digest of no bytes.
constexpr char kUpload[] =
    "start { image: '{image}' path: '/a' upload_id: 'u' sha256: '"
    "\\xe3\\xb0\\xc4\\x42\\x98\\xfc\\x1c\\x14\\x9a\\xfb\\xf4\\xc8\\x99\\x6f\\xb9\\x24"
    "\\x27\\xae\\x41\\xe4\\x64\\x9b\\x93\\x4c\\xa4\\x95\\x99\\x1b\\x78\\x52\\xb8\\x55' }";

const std::map<std::string, Row>& Rows() {
  static const auto* const rows = new std::map<std::string, Row>{
      {"RobotService.GetRobot", {"name: 'robot'"}},
      {"RobotService.ListDrives", {""}},
      {"RobotService.GetDrive", {"name: 'drives/drive0'"}},
      {"RobotService.ListSlots", {""}},
      {"RobotService.ListDiscs", {""}},
      {"RobotService.LoadDisc", {"disc: 'discs/A2' drive: 'drives/drive1'"}},
      {"RobotService.UnloadDisc", {"drive: 'drives/drive0'"}},
      {"RobotService.ListImportExportSlots", {""}},
      {"RobotService.TakeInventory", {""}},
      {"RobotService.MoveDisc", {"disc: 'discs/A3' slot: 'slots/slot5'"}},
      // After LoadDisc.
      {"RobotService.ExchangeDisc", {"disc: 'discs/A4' drive: 'drives/drive1'"}},
      {"RobotService.ImportDisc",
       {"import_export_slot: 'importExportSlots/port1' slot: 'slots/slot6'"}},
      {"RobotService.ExportDisc",
       {"disc: 'discs/A5' import_export_slot: 'importExportSlots/port2'"}},
      {"RobotService.WatchRobot", {"name: 'robot'"}},
      {"DiscFormatService.GetDiscFormat", {"name: 'drives/drive0/discFormat'"}},
      {"DiscFormatService.GetMultisessionInterfaces", {"drive: 'drives/drive0'"}},
      {"DiscFormatService.DescribeDisc", {"drive: 'drives/drive0'"}},
      {"DiscFormatService.VerifySession", {"drive: 'drives/drive0' level: LEVEL_QUICK"}},
      {"DiscFormatService.EraseMedia",
       {"drive: 'drives/drive0' mode: MODE_MINIMAL confirmed_disc: 'A1'"}},
      {"DiscFormatService.CloseDisc", {"drive: 'drives/drive0' mode: MODE_SESSION"}},
      {"DiscFormatService.RepairDisc", {"drive: 'drives/drive0'"}},
      {"DiscFormatService.WriteImage",
       {"image: '{image}' drive: 'drives/drive0'", Before::kMastered}},
      {"DiscFormatService.AcknowledgeDisc", {"disc: 'discs/A1' who: 'operator'"}},
      {"FileSystemImageService.CreateImage", {""}},
      {"FileSystemImageService.GetImage", {"name: '{image}'", Before::kCreated}},
      {"FileSystemImageService.ListImages", {""}},
      {"FileSystemImageService.DeleteImage", {"name: '{image}'", Before::kCreated}},
      {"FileSystemImageService.SetMultisessionInterfaces",
       {"image: '{image}' multisession_interfaces { interfaces { "
        "import_recorder: 'drives/drive0' sequential {} } }",
        Before::kCreated}},
      {"FileSystemImageService.GetMultisessionInterfaces", {"image: '{image}'", Before::kBound}},
      {"FileSystemImageService.IdentifyFileSystems", {"image: '{image}'", Before::kBound}},
      {"FileSystemImageService.GetDefaultFileSystemForImport",
       {"image: '{image}' file_systems: FILE_SYSTEM_ISO9660", Before::kCreated}},
      {"FileSystemImageService.ImportFileSystem", {"image: '{image}'", Before::kBound}},
      {"FileSystemImageService.ListItems", {"image: '{image}'", Before::kImported}},
      {"FileSystemImageService.GetItem",
       {"image: '{image}' path: '/HELLO.TXT'", Before::kImported}},
      // A stream of one message: a file without bytes.
      {"FileSystemImageService.UploadFile", {kUpload, Before::kCreated}},
      {"FileSystemImageService.GetUpload", {"image: '{image}' upload_id: 'u'", Before::kUploaded}},
      {"FileSystemImageService.UpdateImage",
       {"image { name: '{image}' volume_name: 'NEW' }", Before::kCreated}},
      {"FileSystemImageService.AddDirectory", {"image: '{image}' path: '/new'", Before::kCreated}},
      {"FileSystemImageService.AddSymlink",
       {"image: '{image}' path: '/link' target: 'new'", Before::kCreated}},
      {"FileSystemImageService.RemoveItem",
       {"image: '{image}' path: '/HELLO.TXT'", Before::kImported}},
      {"FileSystemImageService.RemoveTree",
       {"image: '{image}' path: '/HELLO.TXT'", Before::kImported}},
      {"FileSystemImageService.MoveItem",
       {"image: '{image}' path: '/HELLO.TXT' destination: '/BYE.TXT'", Before::kImported}},
      {"FileSystemImageService.LockInChangePoint", {"image: '{image}'", Before::kCreated}},
      {"FileSystemImageService.RollbackToChangePoint",
       {"image: '{image}' change_point: 0", Before::kCreated}},
      {"FileSystemImageService.AddTree", {"image: '{image}'", Before::kCreated}},
      {"FileSystemImageService.CalculateDiscIdentifier", {"image: '{image}'", Before::kBound}},
      {"FileSystemImageService.CreateResultImage", {"image: '{image}'", Before::kImported}},
      {"FileSystemImageService.ReadResultImage", {"image: '{image}'", Before::kMastered}},
      {"FileSystemImageService.GetProgressItems", {"image: '{image}'", Before::kMastered}},
      {"FileSystemImageService.ReadFile",
       {"image: '{image}' path: '/HELLO.TXT'", Before::kImported}},
  };
  return *rows;
}

// A1 lies in drive0, A2 to A4 in slots of their numbers, A5 in slot7 and B1 in port1; drive1 is
// empty.
class EveryMethodTest : public testing::Test {
 protected:
  void SetUp() override {
    service_.AddDisc("A1", "DVD+R", 1, {"iso:192@0"});
    service_.AddDisc("A2", "DVD+R", 2, {"iso:192@0"});
    service_.AddDisc("A3", "DVD+R", 3);
    service_.AddDisc("A4", "DVD+R", 4);
    service_.AddDisc("A5", "DVD+R", 7);
    service_.AddDisc("B1", "DVD+R", 0);
    service_.LayIntoDrive("A1", 1);
    service_.LayIntoImportExportSlot("B1", 1);
    ASSERT_OK(service_.Start());
  }

  std::string ImageAfter(Before before) {
    if (before == Before::kNothing) return "";
    const std::string name = service_.Call(&Images::CreateImage, "")->name();
    if (before == Before::kCreated) return name;
    if (before == Before::kUploaded) {
      const MethodDescriptor* upload = v1::UploadFileRequest::descriptor()
                                           ->file()
                                           ->FindServiceByName("FileSystemImageService")
                                           ->FindMethodByName("UploadFile");
      EXPECT_THAT(
          Call(*upload, *RequestOf(*upload, absl::StrReplaceAll(kUpload, {{"{image}", name}}))),
          Succeeds());
      return name;
    }
    EXPECT_THAT(service_.Call(&Images::SetMultisessionInterfaces,
                              absl::StrCat("image: '", name, "' ", kList)),
                Succeeds());
    if (before == Before::kBound) return name;
    const std::string of = absl::StrCat("image: '", name, "'");
    EXPECT_THAT(service_.End(service_.Call(&Images::ImportFileSystem, of)), Succeeds());
    if (before == Before::kImported) return name;
    EXPECT_THAT(service_.End(service_.Call(&Images::CreateResultImage, of)), Succeeds());
    return name;
  }

  // The request of the method's row, with an image as the row wants it.
  std::unique_ptr<Message> GoodRequest(const MethodDescriptor& method) {
    const auto row = Rows().find(ShortName(method));
    if (row == Rows().end()) {
      ADD_FAILURE() << ShortName(method) << " has no row";
      return RequestOf(method, "");
    }
    AwaitFreeDrives();
    return RequestOf(method, absl::StrReplaceAll(row->second.request,
                                                 {{"{image}", ImageAfter(row->second.before)}}));
  }
  grpc::Status Call(const MethodDescriptor& method, const Message& request) {
    return CallMethod(service_.channel(), method, request.SerializeAsString());
  }
  void AwaitFreeDrives() {
    EXPECT_TRUE(Eventually([this] {
      const auto drives = service_.Call(&Robots::ListDrives, "");
      for (const v1::Drive& drive : drives->drives()) {
        if (!drive.operation().empty()) return false;
      }
      return true;
    }));
  }

  static std::string EmptyFolder() {
    const std::string folder = testing::TempDir() + "/staging";
    std::filesystem::create_directories(folder);
    return folder;
  }

  Service service_{{.slots = 7,
                    .limits = "max_images: 10000",
                    .spool = absl::StrCat("staging_root: '", EmptyFolder(), "'"),
                    .more = "import_export_slots { id: 'port1' }"
                            "import_export_slots { id: 'port2' }"}};
};

TEST_F(EveryMethodTest, HasARow) {
  std::map<std::string, int> rows;
  for (const auto& [name, row] : Rows()) ++rows[name];
  for (const MethodDescriptor* method : AllMethods()) {
    EXPECT_EQ(rows.erase(ShortName(*method)), 1u) << ShortName(*method) << " has no row";
  }
  for (const auto& [name, count] : rows) ADD_FAILURE() << name << " is no method";
}

TEST_F(EveryMethodTest, AnswersAGoodRequest) {
  const MethodDescriptor* unload = nullptr;
  for (const MethodDescriptor* method : AllMethods()) {
    if (method->name() == "UnloadDisc") {
      unload = method;  // last: the others use the disc
    } else {
      EXPECT_THAT(Call(*method, *GoodRequest(*method)), Succeeds()) << ShortName(*method);
    }
  }
  ASSERT_NE(unload, nullptr);
  EXPECT_THAT(Call(*unload, *GoodRequest(*unload)), Succeeds());
}

TEST_F(EveryMethodTest, RefusesMalformedNames) {
  const std::vector<std::string> malformed = {
      "x",           "drives",    "drives/",         "/images/1",
      "discs/../x",  "slots/a/b", "drives/' OR 1=1", std::string("images/a\0b", 10),
      "images/a%2e", "discs/..",  "drives/\xC3\xA9", "images/" + std::string(4000, 'a')};
  for (const MethodDescriptor* method : AllMethods()) {
    if (ReferenceFields(*method).empty()) continue;
    const std::unique_ptr<Message> good = GoodRequest(*method);
    for (const FieldDescriptor* field : ReferenceFields(*method)) {
      for (const std::string& name : malformed) {
        EXPECT_THAT(Call(*method, *With(*good, field, name)),
                    Refused("INVALID_ARGUMENT", "INVALID_NAME", {{"field", field->name()}}))
            << ShortName(*method) << " " << name.substr(0, 80);
      }
    }
  }
}

TEST_F(EveryMethodTest, RefusesRequestsWithoutTheirNames) {
  for (const MethodDescriptor* method : AllMethods()) {
    for (const FieldDescriptor* field : ReferenceFields(*method, /*required=*/true)) {
      EXPECT_THAT(Call(*method, *With(*GoodRequest(*method), field, "")),
                  Refused("INVALID_ARGUMENT", "INVALID_NAME", {{"field", field->name()}}))
          << ShortName(*method);
    }
  }
}

TEST_F(EveryMethodTest, SaysWhichResourceDoesNotExist) {
  const std::map<std::string, std::string> unknown = {
      {"carousel.dev/Drive", "drives/none"},
      {"carousel.dev/Slot", "slots/none"},
      {"carousel.dev/ImportExportSlot", "importExportSlots/none"},
      {"carousel.dev/Disc", "discs/none"},
      {"carousel.dev/Image", "images/none"},
      {"carousel.dev/DiscFormat", "drives/none/discFormat"},
  };
  for (const MethodDescriptor* method : AllMethods()) {
    for (const FieldDescriptor* field : ReferenceFields(*method)) {
      const auto name = unknown.find(ReferencedType(*field));
      if (name == unknown.end()) {
        EXPECT_EQ(ReferencedType(*field), "carousel.dev/Robot");  // one, by one name
        continue;
      }
      EXPECT_THAT(Call(*method, *With(*GoodRequest(*method), field, name->second)),
                  Refused("NOT_FOUND", "NOT_FOUND", {{"resource", "*"}, {"resource_type", "*"}}))
          << ShortName(*method) << " " << name->second;
    }
  }
}

TEST_F(EveryMethodTest, RefusesHostilePagesOfLists) {
  const std::string foreign = service_.Call(&Robots::ListSlots, "page_size: 1")->next_page_token();
  ASSERT_FALSE(foreign.empty());
  const std::vector<std::string> hostile = {
      "x",           "-1",           "0000000000000000-0",
      foreign + "x", "-" + foreign,  foreign + "99999999999999999999",
      foreign + "-", foreign + " 1", std::string(100'000, '0')};
  int lists = 0;
  for (const MethodDescriptor* method : AllMethods()) {
    const FieldDescriptor* token = StringField(*method, "page_token");
    if (token == nullptr) continue;
    ++lists;
    const std::unique_ptr<Message> good = GoodRequest(*method);
    const Refusal refusal{"INVALID_ARGUMENT", "INVALID_FIELD", {{"field", "page_token"}}};
    for (const std::string& value : hostile) {
      EXPECT_THAT(Call(*method, *With(*good, token, value)), IsRefusal(refusal))
          << ShortName(*method) << " " << value.substr(0, 80);
    }
    if (method->name() != "ListSlots") {
      EXPECT_THAT(Call(*method, *With(*good, token, foreign)), IsRefusal(refusal))
          << ShortName(*method);
    }
  }
  EXPECT_GE(lists, 5);
}

TEST_F(EveryMethodTest, CutsPagesThatAreTooLargeAndRefusesNegativeOnes) {
  for (const MethodDescriptor* method : AllMethods()) {
    const FieldDescriptor* size = method->input_type()->FindFieldByName("page_size");
    if (size == nullptr) continue;
    const std::unique_ptr<Message> good = GoodRequest(*method);
    EXPECT_THAT(Call(*method, *With(*good, size, INT32_MAX)), Succeeds()) << ShortName(*method);
    for (const int32_t value : {-1, INT32_MIN}) {
      EXPECT_THAT(Call(*method, *With(*good, size, value)),
                  Refused("INVALID_ARGUMENT", "INVALID_FIELD", {{"field", "page_size"}}))
          << ShortName(*method);
    }
  }
}

TEST_F(EveryMethodTest, RefusesAnEtagThatIsNotTheImages) {
  int methods = 0;
  for (const MethodDescriptor* method : AllMethods()) {
    const FieldDescriptor* etag = StringField(*method, "etag");
    if (etag == nullptr) continue;
    ++methods;
    EXPECT_THAT(Call(*method, *With(*GoodRequest(*method), etag, "\"other\"")),
                Refused("ABORTED", "ETAG_MISMATCH", {{"resource", "*"}}))
        << ShortName(*method);
  }
  EXPECT_GE(methods, 3);
}

TEST_F(EveryMethodTest, TakesUuidsAsRequestIdsOnly) {
  int methods = 0;
  for (const MethodDescriptor* method : AllMethods()) {
    const FieldDescriptor* id = StringField(*method, "request_id");
    if (id == nullptr) continue;
    ++methods;
    for (const char* value : {"1", "8d4ad5b5-0000-4000-8000-00000000000", "../../../etc/passwd"}) {
      EXPECT_THAT(Call(*method, *With(*GoodRequest(*method), id, value)),
                  Refused("INVALID_ARGUMENT", "INVALID_FIELD", {{"field", "request_id"}}))
          << ShortName(*method);
    }
  }
  EXPECT_GE(methods, 4);
}

// gRPC refuses what is too large before the service sees it, and what is no message.
TEST_F(EveryMethodTest, SurvivesRequestsThatAreTooLargeOrNoMessages) {
  const std::string large = "\x0a\xff\xff\xff\x02" + std::string(5 << 20, 'a');
  const std::string no_utf8 = "\x0a\x02\xc3\x28";
  for (const MethodDescriptor* method : AllMethods()) {
    EXPECT_EQ(CallMethod(service_.channel(), *method, large).error_code(),
              grpc::StatusCode::RESOURCE_EXHAUSTED)
        << ShortName(*method);
    EXPECT_FALSE(CallMethod(service_.channel(), *method, "\x0a\xff").ok()) << ShortName(*method);
    CallMethod(service_.channel(), *method, no_utf8);
    CallMethod(service_.channel(), *method, std::string(1000, '\x0b'));
  }
  EXPECT_THAT(service_.Call(&Robots::GetRobot, "name: 'robot'"), Succeeds());
}

TEST_F(EveryMethodTest, IsNotBegunWhenItsDeadlineHasPassed) {
  for (const MethodDescriptor* method : AllMethods()) {
    EXPECT_EQ(CallMethod(service_.channel(), *method, GoodRequest(*method)->SerializeAsString(),
                         -absl::Hours(1))
                  .error_code(),
              grpc::StatusCode::DEADLINE_EXCEEDED)
        << ShortName(*method);
  }
  EXPECT_EQ(service_.Call(&Robots::GetDrive, "name: 'drives/drive0'")->disc(), "discs/A1");
  EXPECT_EQ(service_.Call(&Robots::GetDrive, "name: 'drives/drive1'")->disc(), "");
}

}  // namespace
}  // namespace carousel::component
