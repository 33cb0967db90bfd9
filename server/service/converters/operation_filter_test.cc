#include <optional>
#include <string>

#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/errors/errors.h"
#include "server/operations/operation_store.h"
#include "server/service/converters/operation.h"

namespace carousel {
namespace {

TEST(OperationFilter, IsOpenWithoutText) {
  for (const char* text : {"", "  \t\n "}) {
    ASSERT_OK_AND_ASSIGN(const OperationFilter filter, FilterFromText(text));
    EXPECT_FALSE(filter.done.has_value());
    EXPECT_FALSE(filter.kind.has_value());
    EXPECT_FALSE(filter.drive.has_value());
  }
}

TEST(OperationFilter, TakesEachTermInAnyOrder) {
  ASSERT_OK_AND_ASSIGN(
      const OperationFilter filter,
      FilterFromText(
          "drive = \"drives/drive0\" AND done = true AND kind = \"import_file_system\""));
  EXPECT_EQ(filter.done, std::optional(true));
  EXPECT_EQ(filter.kind, std::optional(OperationKind::kImportFileSystem));
  EXPECT_EQ(filter.drive, std::optional<std::string>("drive0"));
}

TEST(OperationFilter, NeedsNeitherBlanksNorQuotes) {
  ASSERT_OK_AND_ASSIGN(const OperationFilter filter,
                       FilterFromText("\tdone=false AND kind=unload_disc\nAND drive=drives/a-b.c"));
  EXPECT_EQ(filter.done, std::optional(false));
  EXPECT_EQ(filter.kind, std::optional(OperationKind::kUnloadDisc));
  EXPECT_EQ(filter.drive, std::optional<std::string>("a-b.c"));
}

TEST(OperationFilter, KnowsEveryKind) {
  for (const OperationKind kind :
       {OperationKind::kImportFileSystem, OperationKind::kLoadDisc, OperationKind::kUnloadDisc,
        OperationKind::kTakeInventory, OperationKind::kMoveDisc, OperationKind::kExchangeDisc,
        OperationKind::kImportDisc, OperationKind::kExportDisc}) {
    const std::string text = "kind=" + std::string(OperationKindName(kind));
    ASSERT_OK_AND_ASSIGN(const OperationFilter filter, FilterFromText(text));
    EXPECT_EQ(filter.kind, std::optional(kind)) << text;
  }
}

TEST(OperationFilter, RefusesWhatIsNoConjunctionOfItsTerms) {
  for (const std::string& text : {
           std::string("done"),
           std::string("done ="),
           std::string("= true"),
           std::string("done true"),
           std::string("done == true"),
           std::string("done != true"),
           std::string("done = maybe"),
           std::string("done = TRUE"),
           std::string("DONE = true"),
           std::string("name = x"),
           std::string("done = true done = true"),
           std::string("done = true AND done = true"),
           std::string("kind = load_disc AND kind = load_disc"),
           std::string("done = true AND"),
           std::string("AND done = true"),
           std::string("done = true OR kind = load_disc"),
           std::string("done = true and kind = load_disc"),
           std::string("(done = true)"),
           std::string("NOT done = true"),
           std::string("kind = \"\""),
           std::string("kind = import"),
           std::string("kind = \"load_disc"),
           std::string("drive = drive0"),
           std::string("drive = \"drives/\""),
           std::string("drive = drives/.."),
           std::string("drive = \"drives/drive0\" AND drive = \"drives/drive1\""),
           std::string("done = true\0", 12),
           std::string("\xFF\xFE"),
           std::string("\"done\" = true"),
           std::string("done \"=\" true"),
           std::string("done = true \"AND\" kind = load_disc"),
       }) {
    const absl::Status status = FilterFromText(text).status();
    ASSERT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument)) << text;
    EXPECT_EQ(GetReason(status)->reason, "INVALID_FIELD") << text;
    EXPECT_EQ(GetReason(status)->metadata.at("field"), "filter") << text;
  }
}

TEST(OperationFilter, RefusesHostileLengthsAtOnce) {
  EXPECT_OK(FilterFromText("done = true" + std::string(1013, ' ')));
  for (const std::string& text :
       {"done = true" + std::string(1014, ' '), std::string(1024, '='), std::string(1024, '"'),
        "kind = \"" + std::string(4'000'000, 'a') + "\"", std::string(4'000'000, ' ')}) {
    EXPECT_EQ(GetReason(FilterFromText(text).status())->reason, "INVALID_FIELD") << text.size();
  }
}

}  // namespace
}  // namespace carousel
