#include "server/multisession/multisession.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/scsi/sense.h"
#include "server/disc_format/example_media_facts.h"
#include "server/disc_format/media_facts.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"

namespace carousel::multisession {
namespace {

using absl::StatusCode;
using imapi::Hresult;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

Element Of(Kind kind, bool in_use = false) {
  Element element;
  element.kind = kind;
  element.in_use = in_use;
  element.import_recorder = "drive0";
  return element;
}
Element Sequential(bool in_use = false) { return Of(Kind::kSequential, in_use); }
Element RandomWrite(bool in_use = false) { return Of(Kind::kRandomWrite, in_use); }
// A derived type that nobody implements.
Element Other(bool in_use = false) {
  Element element = Of(Kind::kOther, in_use);
  element.type_name = "IMultisessionPseudoOverwrite";
  return element;
}
Element With(Element element, const std::function<void(Element&)>& change) {
  change(element);
  return element;
}

// Both halves of the rules, as the service calls them.
absl::StatusOr<Decision> Check(const List& list, Types types, const MediaFacts& facts) {
  const absl::StatusOr<std::string> drive = CheckRequest(list, types);
  if (!drive.ok()) return drive.status();
  return CheckMedium(*list, types, facts);
}

std::string MetadataOf(const absl::Status& status, const std::string& key) {
  const std::optional<imapi::ErrorDetail> detail = imapi::GetDetail(status);
  if (!detail.has_value() || detail->metadata.count(key) == 0) return "";
  return detail->metadata.at(key);
}

struct Refusal {
  std::string name;
  List list;
  MediaFacts facts;
  Hresult hresult;
  std::string rule;
  imapi::Metadata metadata;  // a part of it
  Types types = Types::kSequential;
  StatusCode code = StatusCode::kInvalidArgument;
};

void PrintTo(const Refusal& row, std::ostream* out) { *out << row.name; }

class RefusalTest : public testing::TestWithParam<Refusal> {};

TEST_P(RefusalTest, HasItsCodeRuleAndFacts) {
  const Refusal& row = GetParam();
  const absl::StatusOr<Decision> decision = Check(row.list, row.types, row.facts);
  ASSERT_THAT(decision, StatusIs(row.code));
  const std::optional<imapi::ErrorDetail> detail = imapi::GetDetail(decision.status());
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(imapi::HresultName(detail->hresult), imapi::HresultName(row.hresult));
  EXPECT_EQ(MetadataOf(decision.status(), "rule"), row.rule);
  for (const auto& [key, value] : row.metadata) {
    EXPECT_EQ(MetadataOf(decision.status(), key), value) << key;
  }
  if (row.metadata.count("element") == 0) {
    EXPECT_EQ(MetadataOf(decision.status(), "element"), "");
  }
  EXPECT_THAT(std::string(decision.status().message()), HasSubstr(": "));
}

std::string NameOf(const testing::TestParamInfo<Refusal>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(
    Request, RefusalTest,
    testing::Values(
        Refusal{"NullList", std::nullopt, AppendableDvdPlusRFacts(), Hresult::E_POINTER, "R1", {}},
        Refusal{"NullElement",
                List({Sequential(), Of(Kind::kNull)}),
                AppendableDvdPlusRFacts(),
                Hresult::E_POINTER,
                "R2",
                {{"element", "1"}}},
        Refusal{"ForeignElement",
                List({Of(Kind::kForeign), Of(Kind::kNull)}),
                AppendableDvdPlusRFacts(),
                Hresult::E_NOINTERFACE,
                "R2",
                {{"element", "0"}}},
        Refusal{"EmptyList",
                List(std::vector<Element>()),
                AppendableDvdPlusRFacts(),
                Hresult::IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE,
                "R3",
                {},
                Types::kSequential,
                StatusCode::kFailedPrecondition},
        Refusal{"TwoInUse",
                List({Sequential(true), Other(), Sequential(true)}),
                AppendableDvdPlusRFacts(),
                Hresult::IMAPI_E_BAD_MULTISESSION_PARAMETER,
                "R4",
                {{"element", "2"}, {"property", "in_use"}}},
        Refusal{"TwoInUseBeatsNotImplemented",
                List({Other(true), Other(true)}),
                AppendableDvdPlusRFacts(),
                Hresult::IMAPI_E_BAD_MULTISESSION_PARAMETER,
                "R4",
                {{"element", "1"}}},
        Refusal{"OtherTypeInUse",
                List({Sequential(), Other(true)}),
                AppendableDvdPlusRFacts(),
                Hresult::IMAPI_E_INCOMPATIBLE_MULTISESSION_TYPE,
                "R5",
                {{"element", "1"}, {"type_name", "IMultisessionPseudoOverwrite"}}},
        Refusal{"NewerTypeInUse",
                List({Of(Kind::kNewer, true)}),
                AppendableDvdPlusRFacts(),
                Hresult::IMAPI_E_INCOMPATIBLE_MULTISESSION_TYPE,
                "R5",
                {{"element", "0"}}},
        Refusal{"RandomWriteInUseByDefault",
                List({RandomWrite(true)}),
                WrittenBdReFacts(),
                Hresult::IMAPI_E_INCOMPATIBLE_MULTISESSION_TYPE,
                "R5",
                {{"element", "0"}}},
        Refusal{"NoneImplemented",
                List({RandomWrite(), Other(), Of(Kind::kNewer)}),
                WrittenBdReFacts(),
                Hresult::IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE,
                "R5",
                {},
                Types::kSequential,
                StatusCode::kFailedPrecondition},
        Refusal{"NoRecorder",
                List({With(Sequential(), [](Element& e) { e.import_recorder.clear(); })}),
                AppendableDvdPlusRFacts(),
                Hresult::IMAPI_E_BAD_MULTISESSION_PARAMETER,
                "R6",
                {{"element", "0"}, {"property", "import_recorder"}}},
        Refusal{
            "RecordersDiffer",
            List({Sequential(), With(Other(), [](Element& e) { e.import_recorder = "drive1"; })}),
            AppendableDvdPlusRFacts(),
            Hresult::IMAPI_E_BAD_MULTISESSION_PARAMETER,
            "R6",
            {{"element", "1"}, {"sent", "drives/drive1"}, {"actual", "drives/drive0"}}}),
    NameOf);

MediaFacts Spoil(MediaFacts facts, const std::function<void(MediaFacts&)>& change) {
  change(facts);
  return facts;
}

MediaFacts OpenSession() {
  return Spoil(AppendableDvdPlusRFacts(), [](MediaFacts& f) {
    f.status_bits = media_status::kNonEmptySession;
    f.sequential.supported = false;
    f.sequential.cause = "NON_EMPTY_SESSION";
  });
}

Refusal Precondition(const std::string& name, Element element, MediaFacts facts, Hresult hresult,
                     const std::string& rule, imapi::Metadata metadata,
                     Types types = Types::kSequential) {
  return {name,  List({std::move(element)}),     std::move(facts), hresult, rule, metadata,
          types, StatusCode::kFailedPrecondition};
}

INSTANTIATE_TEST_SUITE_P(
    Medium, RefusalTest,
    testing::Values(
        Precondition("NoMedium", Sequential(), NoMediumFacts(),
                     Hresult::IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE, "R7",
                     {{"cause", "E_IMAPI_RECORDER_MEDIA_NO_MEDIA"}, {"drive", "drives/drive0"}}),
        Precondition("ReadOnlyMedium", Sequential(), DvdRomFacts(),
                     Hresult::IMAPI_E_IMPORT_MEDIA_NOT_ALLOWED, "R8",
                     {{"media", "DVDROM"}, {"cause", "MEDIA_TYPE"}}),
        Precondition("Finalized", Sequential(true), FinalizedDvdPlusRFacts(),
                     Hresult::IMAPI_E_IMPORT_MEDIA_NOT_ALLOWED, "R8",
                     {{"media", "DVDROM"}, {"cause", "FINALIZED"}}),
        Precondition("OpenSessionNoneInUse", Sequential(), OpenSession(),
                     Hresult::IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE, "R9",
                     {{"media", "DVDPLUSR"}, {"cause", "NON_EMPTY_SESSION"}}),
        Precondition("OpenSessionInUse", Sequential(true), OpenSession(),
                     Hresult::IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE, "R9",
                     {{"element", "0"}, {"cause", "NON_EMPTY_SESSION"}}),
        Precondition("RandomWriteOnWriteOnce", RandomWrite(true), AppendableDvdPlusRFacts(),
                     Hresult::IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE, "R9",
                     {{"element", "0"}, {"cause", "MEDIA_TYPE"}}, Types::kSequentialAndRandomWrite),
        Precondition("BlankWriteOnce", Sequential(), BlankDvdPlusRFacts(),
                     Hresult::IMAPI_E_IMPORT_SEEK_FAILURE, "R11",
                     {{"element", "0"},
                      {"block", "-1"},
                      {"cause", "BLANK_MEDIA"},
                      {"media", "DVDPLUSR"},
                      {"drive", "drives/drive0"}})),
    NameOf);

Refusal BadProperty(const std::string& name, const std::string& property,
                    const std::function<void(MediaFacts&)>& change, imapi::Metadata metadata = {}) {
  metadata["property"] = property;
  metadata["element"] = "0";
  return {name,
          List({Sequential()}),
          Spoil(AppendableDvdPlusRFacts(), change),
          Hresult::IMAPI_E_BAD_MULTISESSION_PARAMETER,
          "R10",
          metadata};
}

INSTANTIATE_TEST_SUITE_P(
    DriveValue, RefusalTest,
    testing::Values(
        BadProperty("StartUnreadable", "start_address_of_previous_session",
                    [](MediaFacts& f) {
                      f.sequential.start_of_previous.error = scsi::SenseStatus(
                          {.key = scsi::SenseKey::kIllegalRequest, .asc = 0x30}, 0x52, "d");
                    },
                    {{"cause", "E_IMAPI_RECORDER_MEDIA_INCOMPATIBLE"}, {"sense", "5/30/00"}}),
        BadProperty("NextNotTold", "next_writable_address",
                    [](MediaFacts& f) { f.sequential.next_writable.value.reset(); },
                    {{"cause", "E_NOTIMPL"}}),
        BadProperty("StartImpossible", "start_address_of_previous_session",
                    [](MediaFacts& f) { f.sequential.start_of_previous.value = -2; },
                    {{"actual", "-2"}}),
        BadProperty("LastBeforeStart", "last_written_address_of_previous_session",
                    [](MediaFacts& f) {
                      f.sequential.start_of_previous.value = 100;
                      f.sequential.last_written_of_previous.value = 99;
                    }),
        BadProperty("NextInsidePrevious", "next_writable_address",
                    [](MediaFacts& f) { f.sequential.next_writable.value = 191; }),
        BadProperty("NextNotBehindStart", "next_writable_address",
                    [](MediaFacts& f) {
                      f.sequential.last_written_of_previous.value.reset();
                      f.sequential.next_writable.value = 0;
                    }),
        BadProperty("NextBeyondCapacity", "next_writable_address",
                    [](MediaFacts& f) { f.sequential.next_writable.value = 2'295'105; }),
        BadProperty("FreeNegative", "free_sectors_on_media",
                    [](MediaFacts& f) { f.sequential.free_sectors.value = -1; }),
        BadProperty("FreeBeyondCapacity", "free_sectors_on_media",
                    [](MediaFacts& f) { f.sequential.free_sectors.value = INT64_MAX; }),
        BadProperty("WriteUnitZero", "write_unit_size",
                    [](MediaFacts& f) { f.sequential.write_unit.value = 0; })),
    NameOf);

Refusal BadRandomWrite(const std::string& name, const std::string& property,
                       const std::function<void(MediaFacts&)>& change) {
  return {name,
          List({RandomWrite(true)}),
          Spoil(WrittenBdReFacts(), change),
          Hresult::IMAPI_E_BAD_MULTISESSION_PARAMETER,
          "R10",
          {{"property", property}, {"element", "0"}},
          Types::kSequentialAndRandomWrite};
}

INSTANTIATE_TEST_SUITE_P(
    RandomWriteValue, RefusalTest,
    testing::Values(BadRandomWrite("TotalZero", "total_sectors_on_media",
                                   [](MediaFacts& f) { f.random_write.total_sectors.value = 0; }),
                    BadRandomWrite("UnitZero", "write_unit_size",
                                   [](MediaFacts& f) { f.random_write.write_unit.value = 0; }),
                    BadRandomWrite("LastBeyondTotal", "last_written_address",
                                   [](MediaFacts& f) {
                                     f.random_write.last_written.value = 11'826'176;
                                   })),
    NameOf);

Refusal BadSent(const std::string& name, const std::string& property,
                const std::function<void(Element&)>& change, imapi::Metadata metadata) {
  metadata["property"] = property;
  metadata["element"] = "0";
  return {name,
          List({With(Sequential(), change)}),
          AppendableDvdPlusRFacts(),
          Hresult::IMAPI_E_BAD_MULTISESSION_PARAMETER,
          "R10",
          metadata};
}

INSTANTIATE_TEST_SUITE_P(
    SentValue, RefusalTest,
    testing::Values(BadSent("Start", "start_address_of_previous_session",
                            [](Element& e) { e.start_of_previous = 32; },
                            {{"sent", "32"}, {"actual", "0"}}),
                    BadSent("Next", "next_writable_address",
                            [](Element& e) { e.next_writable = 2241; },
                            {{"sent", "2241"}, {"actual", "2240"}}),
                    BadSent("FirstDataSession", "first_data_session",
                            [](Element& e) { e.first_data_session = true; },
                            {{"sent", "true"}, {"actual", "false"}}),
                    BadSent("Generation", "media_generation",
                            [](Element& e) { e.generation = MediaGeneration(6); },
                            {{"sent", "6"}, {"actual", "7"}, {"cause", "IMAPI_E_DISC_MISMATCH"}})),
    NameOf);

TEST(SetMultisessionInterfaces, TakesTheSequentialTypeOnAnAppendableDisc) {
  ASSERT_OK_AND_ASSIGN(const Decision decision, Check(List({Sequential(true)}), Types::kSequential,
                                                      AppendableDvdPlusRFacts()));
  EXPECT_EQ(decision.chosen, 0u);
  EXPECT_EQ(decision.type, Kind::kSequential);
  EXPECT_EQ(decision.drive, "drive0");
  EXPECT_EQ(decision.generation, MediaGeneration(7));
  EXPECT_THAT(decision.warnings, IsEmpty());
}

TEST(SetMultisessionInterfaces, IgnoresTypesThatItDoesNotKnowWhenNoneIsInUse) {
  ASSERT_OK_AND_ASSIGN(
      const Decision decision,
      Check(List({Other(), Of(Kind::kNewer), RandomWrite(), Sequential(), Sequential()}),
            Types::kSequential, AppendableDvdPlusRFacts()));
  EXPECT_EQ(decision.chosen, 3u);
  ASSERT_THAT(decision.verdicts, SizeIs(5));
  EXPECT_FALSE(decision.verdicts[0].supported_by_image);
  EXPECT_THAT(decision.verdicts[0].reason, HasSubstr("IMultisessionPseudoOverwrite"));
  EXPECT_FALSE(decision.verdicts[2].supported_by_medium);
  EXPECT_TRUE(decision.verdicts[4].supported_by_image && decision.verdicts[4].supported_by_medium);
}

TEST(SetMultisessionInterfaces, SucceedsOnABlankOverwritableDisc) {
  ASSERT_OK_AND_ASSIGN(const Decision decision,
                       Check(List({Sequential()}), Types::kSequential, BlankBdReFacts()));
  EXPECT_EQ(decision.type, Kind::kSequential);
}

TEST(SetMultisessionInterfaces, PrefersRandomWriteOnOverwritableMediaInTheExtendedMode) {
  ASSERT_OK_AND_ASSIGN(const Decision decision,
                       Check(List({Sequential(), RandomWrite()}), Types::kSequentialAndRandomWrite,
                             WrittenBdReFacts()));
  EXPECT_EQ(decision.chosen, 1u);
  EXPECT_EQ(decision.type, Kind::kRandomWrite);
}

TEST(SetMultisessionInterfaces, PrefersSequentialOnWriteOnceMediaInTheExtendedMode) {
  ASSERT_OK_AND_ASSIGN(const Decision decision,
                       Check(List({RandomWrite(), Sequential()}), Types::kSequentialAndRandomWrite,
                             AppendableDvdPlusRFacts()));
  EXPECT_EQ(decision.type, Kind::kSequential);
}

TEST(SetMultisessionInterfaces, TakesTheTypeInUseThoughAnotherWouldSuitBetter) {
  ASSERT_OK_AND_ASSIGN(const Decision decision,
                       Check(List({RandomWrite(), Sequential(true)}),
                             Types::kSequentialAndRandomWrite, WrittenBdReFacts()));
  EXPECT_EQ(decision.chosen, 1u);
}

TEST(SetMultisessionInterfaces, AcceptsTheListThatTheDriveGives) {
  for (const MediaFacts& facts :
       {AppendableDvdPlusRFacts(), BlankBdReFacts(), WrittenBdReFacts()}) {
    for (const Types types : {Types::kSequential, Types::kSequentialAndRandomWrite}) {
      EXPECT_OK(Check(InterfacesOf(facts, "drive0"), types, facts));
    }
  }
}

TEST(SetMultisessionInterfaces, ToleratesADriveThatDoesNotTellTheLastWrittenAddress) {
  EXPECT_OK(Check(List({Sequential()}), Types::kSequential,
                  Spoil(AppendableDvdPlusRFacts(), [](MediaFacts& f) {
                    f.sequential.last_written_of_previous.value.reset();
                  })));
}

TEST(SetMultisessionInterfaces, WarnsThatOnlyOneMoreSessionFits) {
  ASSERT_OK_AND_ASSIGN(const Decision decision,
                       Check(List({Sequential()}), Types::kSequential,
                             Spoil(AppendableDvdPlusRFacts(), [](MediaFacts& f) {
                               f.status_bits |= media_status::kFinalSession;
                             })));
  ASSERT_THAT(decision.warnings, SizeIs(1));
  EXPECT_EQ(decision.warnings[0].reason, "FINAL_SESSION");
}

TEST(SetMultisessionInterfaces, WarnsWhenAnOverwritableDiscHoldsWhatItCannotRead) {
  ASSERT_OK_AND_ASSIGN(
      const Decision decision,
      Check(List({Sequential()}), Types::kSequential, Spoil(WrittenBdReFacts(), [](MediaFacts& f) {
              f.sequential.start_of_previous.value.reset();
              f.sequential.last_written_of_previous.value.reset();
              f.sequential.next_writable.value.reset();
              f.sequential.free_sectors.value.reset();
            })));
  ASSERT_THAT(decision.warnings, SizeIs(1));
  EXPECT_EQ(decision.warnings[0].reason, "UNKNOWN_LAYOUT");
}

TEST(SetMultisessionInterfaces, IsAnInternalErrorIfTheDiscCannotBeIdentified) {
  const absl::StatusOr<Decision> decision = Check(
      List({Sequential()}), Types::kSequential, Spoil(AppendableDvdPlusRFacts(), [](MediaFacts& f) {
        f.identifier_error = absl::InternalError("session 1 has no track");
      }));
  EXPECT_THAT(decision, StatusIs(StatusCode::kInternal, HasSubstr("session 1 has no track")));
  EXPECT_EQ(MetadataOf(decision.status(), "rule"), "R12");
}

TEST(SetMultisessionInterfaces, CanBeRepeatedWhenAPropertyFailsForAWhile) {
  const absl::StatusOr<Decision> decision = Check(
      List({Sequential()}), Types::kSequential, Spoil(AppendableDvdPlusRFacts(), [](MediaFacts& f) {
        f.sequential.next_writable.error = scsi::SenseStatus(
            {.key = scsi::SenseKey::kNotReady, .asc = 0x04, .ascq = 0x08}, 0x52, "drive0");
      }));
  EXPECT_THAT(decision, StatusIs(StatusCode::kUnavailable));
  EXPECT_EQ(imapi::GetDetail(decision.status())->hresult,
            Hresult::IMAPI_E_BAD_MULTISESSION_PARAMETER);
  EXPECT_EQ(MetadataOf(decision.status(), "cause"), "E_IMAPI_RECORDER_MEDIA_BUSY");
}

TEST(DriveUnavailable, PassesTheRecordersCode) {
  const absl::Status status = DriveUnavailable(
      scsi::SenseStatus({.key = scsi::SenseKey::kNotReady, .asc = 0x04, .ascq = 0x01}, 0x00, "d"),
      "drive1");
  EXPECT_THAT(status, StatusIs(StatusCode::kUnavailable, StartsWith("drive1: ")));
  EXPECT_EQ(imapi::GetDetail(status)->hresult, Hresult::E_IMAPI_RECORDER_MEDIA_BECOMING_READY);
  EXPECT_EQ(MetadataOf(status, "rule"), "R6");
  EXPECT_EQ(MetadataOf(status, "drive"), "drives/drive1");
}

TEST(DriveUnavailable, IsTheRuleOfTheMediumWhenTheDriveBecameEmpty) {
  const absl::Status status = DriveUnavailable(
      scsi::SenseStatus({.key = scsi::SenseKey::kNotReady, .asc = 0x3A}, 0x28, "d"), "drive1");
  EXPECT_EQ(imapi::GetDetail(status)->hresult, Hresult::IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE);
  EXPECT_EQ(MetadataOf(status, "rule"), "R7");
}

TEST(DriveLocked, NamesTheOwner) {
  const absl::Status status = DriveLocked("drive0", "operations/5");
  EXPECT_THAT(status, StatusIs(StatusCode::kUnavailable, HasSubstr("operations/5")));
  EXPECT_EQ(MetadataOf(status, "owner"), "operations/5");
}

TEST(UnknownDrive, IsABadParameter) {
  const absl::Status status = UnknownDrive("drive9");
  EXPECT_THAT(status, StatusIs(StatusCode::kInvalidArgument));
  EXPECT_EQ(MetadataOf(status, "property"), "import_recorder");
}

TEST(InterfacesOf, ListsEveryTypeThatTheServiceKnows) {
  const std::vector<Element> list = InterfacesOf(AppendableDvdPlusRFacts(), "drive0");
  ASSERT_THAT(list, SizeIs(2));
  EXPECT_EQ(list[0].kind, Kind::kSequential);
  EXPECT_EQ(list[0].next_writable, 2240);
  EXPECT_EQ(list[0].generation, MediaGeneration(7));
  EXPECT_EQ(list[1].kind, Kind::kRandomWrite);
  EXPECT_FALSE(list[0].in_use || list[1].in_use);
}

}  // namespace
}  // namespace carousel::multisession
