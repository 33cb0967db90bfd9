#include "server/session_import/file_system_choice.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/imapi/error.h"

namespace carousel {
namespace {

using Preference = ImportPreference;

iso9660::Identification Found(bool iso9660, bool joliet, bool udf, bool rock_ridge) {
  iso9660::Identification found;
  if (iso9660) found.primary.emplace();
  if (joliet) found.joliet.emplace();
  found.udf = udf;
  found.rock_ridge = rock_ridge;
  return found;
}

std::string Reason(const absl::StatusOr<FileSystem>& chosen) {
  const auto detail = imapi::GetDetail(chosen.status());
  return detail.has_value() ? std::string(imapi::HresultName(detail->hresult))
                            : chosen.status().ToString();
}

TEST(DefaultFileSystem, FollowsThePreference) {
  const struct {
    bool iso9660, joliet, udf, rock_ridge;
    FileSystem complete, imapi;
  } kCases[] = {
      {false, false, false, false, FileSystem::kNone, FileSystem::kNone},
      {true, false, false, false, FileSystem::kIso9660, FileSystem::kIso9660},
      {true, false, false, true, FileSystem::kIso9660, FileSystem::kIso9660},
      {true, true, false, false, FileSystem::kJoliet, FileSystem::kJoliet},
      {true, true, false, true, FileSystem::kIso9660, FileSystem::kJoliet},
      {true, true, true, true, FileSystem::kIso9660, FileSystem::kUdf},
      {true, true, true, false, FileSystem::kJoliet, FileSystem::kUdf},
      {false, false, true, false, FileSystem::kUdf, FileSystem::kUdf},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(DefaultFileSystem(c.iso9660, c.joliet, c.udf, c.rock_ridge, Preference::kComplete),
              c.complete)
        << c.iso9660 << c.joliet << c.udf << c.rock_ridge;
    EXPECT_EQ(DefaultFileSystem(c.iso9660, c.joliet, c.udf, c.rock_ridge, Preference::kImapi),
              c.imapi)
        << c.iso9660 << c.joliet << c.udf << c.rock_ridge;
  }
}

TEST(ChooseFileSystem, TakesTheOneThatTheRequestNames) {
  const auto found = Found(true, true, true, true);
  EXPECT_THAT(ChooseFileSystem(found, FileSystem::kJoliet, Preference::kComplete),
              IsOkAndHolds(FileSystem::kJoliet));
  EXPECT_THAT(ChooseFileSystem(found, FileSystem::kIso9660, Preference::kImapi),
              IsOkAndHolds(FileSystem::kIso9660));
}

TEST(ChooseFileSystem, TellsWhyThereIsNothingToRead) {
  EXPECT_EQ(Reason(ChooseFileSystem(Found(false, false, false, false), FileSystem::kNone,
                                    Preference::kComplete)),
            "IMAPI_E_NO_SUPPORTED_FILE_SYSTEM");
  EXPECT_EQ(Reason(ChooseFileSystem(Found(true, false, false, true), FileSystem::kJoliet,
                                    Preference::kComplete)),
            "IMAPI_E_FILE_SYSTEM_NOT_FOUND");
  EXPECT_EQ(Reason(ChooseFileSystem(Found(true, false, false, true), FileSystem::kUdf,
                                    Preference::kComplete)),
            "IMAPI_E_FILE_SYSTEM_NOT_FOUND");
}

TEST(ChooseFileSystem, RecognisesUdfAndDoesNotImportIt) {
  EXPECT_EQ(Reason(ChooseFileSystem(Found(false, false, true, false), FileSystem::kNone,
                                    Preference::kComplete)),
            "IMAPI_E_FILE_SYSTEM_FEATURE_NOT_SUPPORTED");
  EXPECT_EQ(Reason(ChooseFileSystem(Found(true, true, true, true), FileSystem::kUdf,
                                    Preference::kComplete)),
            "IMAPI_E_FILE_SYSTEM_FEATURE_NOT_SUPPORTED");
  EXPECT_EQ(Reason(ChooseFileSystem(Found(true, true, true, true), FileSystem::kNone,
                                    Preference::kImapi)),
            "IMAPI_E_FILE_SYSTEM_FEATURE_NOT_SUPPORTED");
}

}  // namespace
}  // namespace carousel
