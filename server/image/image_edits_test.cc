// What a client changes of an image: its properties and its tree; and what is mastered from it.
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "hal/base/fake_clock.h"
#include "hal/base/status_matchers.h"
#include "hal/base/types.h"
#include "server/digest/sha256.h"
#include "server/disc_format/media_facts.h"
#include "server/errors/errors.h"
#include "server/image/content_table.h"
#include "server/image/file_system.h"
#include "server/image/file_system_image.h"
#include "server/image/file_tree.h"
#include "server/image/image_properties.h"
#include "server/image/image_view.h"
#include "server/image/tree_editor.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"
#include "server/mastering/content.h"

namespace carousel {

// Stands for what server/mastering makes; the image only keeps it.
struct ResultImage {};

namespace {

using imapi::Hresult;

constexpr Sha256Digest kDigest = {7};

std::shared_ptr<const BoundDisc> Bound() {
  auto facts = std::make_shared<MediaFacts>();
  facts->sequential.next_writable.value = 5000;
  facts->sequential.free_sectors.value = 100;
  auto bound = std::make_shared<BoundDisc>();
  bound->facts = std::move(facts);
  return bound;
}

// "/old", 2048 bytes at sector 300.
std::shared_ptr<const ImportedSession> Imported() {
  auto session = std::make_shared<ImportedSession>();
  EXPECT_OK(session->tree
                .Add(FileTree::kRoot, "old",
                     {.type = EntryType::kFile, .bytes = 2048, .extents = {{Lba(300), 2048}}})
                .status());
  session->tree.Finish();
  return session;
}

std::optional<Hresult> CodeOf(const absl::Status& status) {
  const auto detail = imapi::GetDetail(status);
  return detail.has_value() ? std::optional(detail->hresult) : std::nullopt;
}

class ImageEditsTest : public testing::Test {
 protected:
  void Import() {
    ASSERT_OK(image_.Bind("", Bound()));
    ASSERT_OK(image_.BeginImport("", "op", nullptr));
    EXPECT_OK(image_.EndImport(Imported()));
  }
  absl::Status AddDirectory(absl::string_view path) {
    return image_.Edit("", [&](TreeEditor& tree) { return tree.AddDirectory(path, {}).status(); })
        .status();
  }
  // What every change answers now.
  std::vector<absl::Status> Changes() {
    return {image_.Update("", [](ImageProperties&) { return absl::OkStatus(); }).status(),
            AddDirectory("/refused"), image_.AddFile("", "/refused", kDigest, 1, {}).status(),
            image_.Bind("", Bound()).status(),
            image_.BeginOperation(ImageState::kMastering, "", "other", nullptr)};
  }

  FakeClock clock_;
  FileSystemImage image_{"1", 1, {}, absl::Hours(1), &clock_};
};

TEST_F(ImageEditsTest, ChangesProperties) {
  const std::string etag = image_.view().etag;
  ASSERT_OK_AND_ASSIGN(const ImageView view, image_.Update(etag, [](ImageProperties& properties) {
    properties.volume_name = "NEW";
    properties.free_media_blocks = 0;
    return absl::OkStatus();
  }));
  EXPECT_EQ(view.properties.volume_name, "NEW");
  EXPECT_EQ(view.free_media_blocks(), 0);
  EXPECT_NE(view.etag, etag);
}

TEST_F(ImageEditsTest, KeepsItsPropertiesAfterARefusedChange) {
  const std::string etag = image_.view().etag;
  const absl::Status status = image_
                                  .Update("",
                                          [](ImageProperties& properties) {
                                            properties.joliet = false;
                                            properties.interchange_level = 4;
                                            return absl::OkStatus();
                                          })
                                  .status();
  EXPECT_EQ(CodeOf(status), Hresult::IMAPI_E_INVALID_PARAM);
  EXPECT_EQ(image_.view().properties, ImageProperties());
  EXPECT_EQ(image_.view().etag, etag);
}

TEST_F(ImageEditsTest, RefusesPropertiesThatNoImageHas) {
  EXPECT_OK(CheckProperties({}));
  EXPECT_EQ(CodeOf(CheckProperties({.volume_name = std::string(33, 'A')})),
            Hresult::IMAPI_E_INVALID_VOLUME_NAME);
  EXPECT_EQ(CodeOf(CheckProperties({.interchange_level = 0})), Hresult::IMAPI_E_INVALID_PARAM);
  EXPECT_EQ(CodeOf(CheckProperties({.free_media_blocks = -1})), Hresult::IMAPI_E_INVALID_PARAM);
  EXPECT_EQ(CodeOf(CheckProperties({.max_import_entries = -1})), Hresult::IMAPI_E_INVALID_PARAM);
}

TEST_F(ImageEditsTest, MakesIso9660AndNothingButJolietBesideIt) {
  ImageProperties properties;
  EXPECT_OK(SetFileSystemsToCreate({FileSystem::kIso9660}, properties));
  EXPECT_FALSE(properties.joliet);
  for (const std::vector<FileSystem>& refused :
       std::vector<std::vector<FileSystem>>{{FileSystem::kJoliet},
                                            {FileSystem::kIso9660, FileSystem::kUdf},
                                            {FileSystem::kNone, FileSystem::kIso9660}}) {
    EXPECT_EQ(CodeOf(SetFileSystemsToCreate(refused, properties)), Hresult::IMAPI_E_INVALID_PARAM);
    EXPECT_FALSE(properties.joliet);
  }
  EXPECT_OK(SetFileSystemsToCreate({FileSystem::kJoliet, FileSystem::kIso9660}, properties));
  EXPECT_TRUE(properties.joliet);
  EXPECT_OK(SetFileSystemsToCreate({FileSystem::kIso9660}, properties));
  EXPECT_OK(SetFileSystemsToCreate({}, properties));
  EXPECT_TRUE(properties.joliet);
}

TEST_F(ImageEditsTest, RefusesPropertiesThatItsTreeDoesNotFit) {
  std::string path;
  for (int level = 2; level <= 9; ++level) {
    path += "/d";
    ASSERT_OK(AddDirectory(path));
  }
  ASSERT_OK(image_.AddFile("", "/file", kDigest, 5 * 2048, {}));
  const auto strict = [](ImageProperties& properties) {
    properties.strict_compliance = true;
    return absl::OkStatus();
  };
  const auto four_blocks = [](ImageProperties& properties) {
    properties.free_media_blocks = 4;
    return absl::OkStatus();
  };
  EXPECT_EQ(CodeOf(image_.Update("", strict).status()), Hresult::IMAPI_E_ISO9660_LEVELS);
  EXPECT_EQ(CodeOf(image_.Update("", four_blocks).status()), Hresult::IMAPI_E_IMAGE_TOO_BIG);
  EXPECT_EQ(image_.view().used_blocks, 5);
  ASSERT_OK(image_.Edit("", [](TreeEditor& tree) { return tree.RemoveTree("/"); }));
  EXPECT_OK(image_.Update("", strict));
  EXPECT_OK(image_.Update("", four_blocks));
  EXPECT_EQ(CodeOf(image_.AddFile("", "/file", kDigest, 5 * 2048, {}).status()),
            Hresult::IMAPI_E_IMAGE_SIZE_LIMIT);
}

TEST_F(ImageEditsTest, KeepsWhatWasAddedBeforeItsImport) {
  ASSERT_OK(image_.AddFile("", "/old", kDigest, 9, {}));
  ASSERT_OK(AddDirectory("/new"));
  Import();
  EXPECT_EQ(image_.view().file_count, 1);
  EXPECT_EQ(image_.view().directory_count, 1);
  ASSERT_OK(image_.BeginOperation(ImageState::kMastering, "", "op", nullptr));
  ASSERT_OK_AND_ASSIGN(const MasteringSource source, image_.Master());
  ASSERT_EQ(source.input.new_files.size(), 1u);
  EXPECT_EQ(source.input.tree.Path(source.input.new_files[0].file), "/old");
}

TEST_F(ImageEditsTest, IsAsBeforeAnImportThatCollides) {
  ASSERT_OK(AddDirectory("/old"));
  ASSERT_OK(image_.Bind("", Bound()));
  ASSERT_OK(image_.BeginImport("", "op", nullptr));
  EXPECT_EQ(CodeOf(image_.EndImport(Imported())),
            Hresult::IMAPI_E_IMPORT_TYPE_COLLISION_FILE_EXISTS_AS_DIRECTORY);
  EXPECT_EQ(image_.imported(), nullptr);
  EXPECT_EQ(image_.view().directory_count, 1);
  EXPECT_EQ(image_.view().state, ImageState::kActive);
}

TEST_F(ImageEditsTest, TakesAsManyEditsAsItMayHold) {
  FileSystemImage image("2", 2, {}, absl::Hours(1), &clock_, 4);
  ASSERT_OK(image.AddFile("", "/a", kDigest, 1, {}));
  ASSERT_OK(image.AddFile("", "/b", kDigest, 1, {}));
  const absl::Status status = image.AddFile("", "/c", kDigest, 1, {}).status();
  EXPECT_EQ(GetReason(status)->reason, "LIMIT_REACHED");
  EXPECT_EQ(GetReason(status)->metadata.at("limit"), "max_image_edits");
}

TEST_F(ImageEditsTest, TakesTheSpaceOfItsDiscUnlessItIsToldAnother) {
  EXPECT_EQ(image_.view().free_media_blocks(), 332'800);
  ASSERT_OK_AND_ASSIGN(const ImageView bound, image_.Bind("", Bound()));
  EXPECT_EQ(bound.free_media_blocks(), 100);
}

TEST_F(ImageEditsTest, CountsWhatIsImportedAndWhatIsNew) {
  Import();
  ASSERT_OK(AddDirectory("/new"));
  ASSERT_OK_AND_ASSIGN(const ImageView view, image_.AddFile("", "/new/file", kDigest, 1, {}));
  EXPECT_EQ(view.file_count, 2);
  EXPECT_EQ(view.directory_count, 1);
  EXPECT_EQ(view.change_point, 3) << "the import is one";
  EXPECT_OK(image_.Look([](const TreeEditor& tree) { return tree.FindItem("/old").status(); }));
}

TEST_F(ImageEditsTest, TakesAFailedEditBackAsAWhole) {
  Import();
  const std::string etag = image_.view().etag;
  const absl::Status status =
      image_
          .EditWithContents("",
                            [](TreeEditor& tree, ContentTable& contents) {
                              EXPECT_OK(tree.RemoveTree("/"));
                              EXPECT_OK(tree.AddFile("/x", contents.Add(kDigest), 1, {}).status());
                              return tree.AddDirectory("/x", {}).status();
                            })
          .status();
  EXPECT_EQ(CodeOf(status), Hresult::IMAPI_E_DUP_NAME);
  EXPECT_EQ(image_.view().file_count, 1);
  EXPECT_EQ(image_.view().change_point, 1);
  EXPECT_EQ(image_.view().etag, etag);
  ASSERT_OK(image_.BeginOperation(ImageState::kMastering, "", "op", nullptr));
  ASSERT_OK_AND_ASSIGN(const MasteringSource source, image_.Master());
  EXPECT_TRUE(source.contents.empty());
}

TEST_F(ImageEditsTest, GivesToMasterWhatItIs) {
  Import();
  ASSERT_OK(image_.AddFile("", "/a", kDigest, 3, {}));
  ASSERT_OK(image_.AddFile("", "/b", kDigest, 3, {}));
  ASSERT_OK(image_.BeginOperation(ImageState::kMastering, "", "op", nullptr));
  ASSERT_OK_AND_ASSIGN(const MasteringSource source, image_.Master());
  EXPECT_EQ(source.input.tree.file_count(), 3);
  ASSERT_EQ(source.input.new_files.size(), 2u);
  EXPECT_EQ(source.input.new_files[0].content, source.input.new_files[1].content);
  ASSERT_EQ(source.contents.size(), 1u);
  EXPECT_EQ(source.contents[0], kDigest);
  EXPECT_EQ(source.image.bound->session_start(), 5000);
  image_.EndOperation();
  EXPECT_EQ(CodeOf(image_.Master().status()), Hresult::IMAPI_E_FSI_INTERNAL_ERROR);
}

TEST_F(ImageEditsTest, RefusesChangesDuringAnyOperation) {
  for (const ImageState state : {ImageState::kMastering, ImageState::kBurning}) {
    ASSERT_OK(image_.BeginOperation(state, "", "op", nullptr));
    EXPECT_EQ(image_.view().state, state);
    for (const absl::Status& status : Changes()) {
      EXPECT_EQ(CodeOf(status), Hresult::IMAPI_E_PROPERTY_NOT_ACCESSIBLE);
      EXPECT_EQ(imapi::GetDetail(status)->metadata.at("operation"), "operations/op");
    }
    image_.EndOperation();
    EXPECT_EQ(image_.view().state, ImageState::kActive);
  }
}

TEST_F(ImageEditsTest, IsReadOnlyOnceItHasAResult) {
  ASSERT_OK(image_.BeginOperation(ImageState::kMastering, "", "op", nullptr));
  const auto result = std::make_shared<const ResultImage>();
  image_.SetResult(result);
  image_.EndOperation();
  EXPECT_EQ(image_.result(), result);
  EXPECT_TRUE(image_.view().read_only);
  for (const absl::Status& status : Changes()) {
    EXPECT_EQ(CodeOf(status), Hresult::IMAPI_E_READONLY);
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition));
  }
  ASSERT_OK(image_.BeginOperation(ImageState::kBurning, "", "burn", nullptr));
  image_.EndOperation();
}

TEST_F(ImageEditsTest, RefusesEditsThatAreBasedOnAnOldEtag) {
  const std::string old = image_.view().etag;
  ASSERT_OK(AddDirectory("/new"));
  const absl::Status status = image_.AddFile(old, "/file", kDigest, 1, {}).status();
  EXPECT_EQ(GetReason(status)->reason, "ETAG_MISMATCH");
  EXPECT_EQ(image_.view().file_count, 0);
}

TEST_F(ImageEditsTest, EndsAnOperationWithAnEditOrWithoutATrace) {
  ASSERT_OK(image_.AddFile("", "/a", kDigest, 1, {}));
  const auto add = [](TreeEditor& editor, ContentTable& contents) {
    return editor.AddFile("/b", contents.Add(Sha256Digest{8}), 2, {}).status();
  };
  ASSERT_OK(image_.BeginOperation(ImageState::kAdding, "", "op", [] {}));
  EXPECT_THAT(image_.EndOperationWithEdit([&](TreeEditor& editor, ContentTable& contents) {
    const absl::Status added = add(editor, contents);
    return added.ok() ? absl::CancelledError("after all") : added;
  }),
              StatusIs(absl::StatusCode::kCancelled));
  EXPECT_EQ(image_.view().file_count, 1);
  EXPECT_EQ(image_.view().state, ImageState::kActive);
  ASSERT_OK(image_.BeginOperation(ImageState::kAdding, "", "op", [] {}));
  ASSERT_OK_AND_ASSIGN(const ImageView after, image_.EndOperationWithEdit(add));
  EXPECT_EQ(after.file_count, 2);
  EXPECT_EQ(after.operation, "");
  EXPECT_EQ(after.etag, image_.view().etag);
  ASSERT_OK(image_.BeginOperation(ImageState::kMastering, "", "op", [] {}));
  EXPECT_EQ(image_.Master()->contents.size(), 2u);
  image_.EndOperation();
}

TEST_F(ImageEditsTest, TakesTheEditsOfManyThreads) {
  constexpr int kThreads = 4;
  constexpr int kFiles = 50;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([this, t] {
      const std::string directory = absl::StrCat("/", t);
      EXPECT_OK(AddDirectory(directory));
      for (int i = 0; i < kFiles; ++i) {
        EXPECT_OK(image_.AddFile("", absl::StrCat(directory, "/", i), kDigest, 1, {}));
        EXPECT_OK(image_.Look([&](const TreeEditor& tree) {
          return tree.FindItem(absl::StrCat(directory, "/", i)).status();
        }));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(image_.view().directory_count, kThreads);
  EXPECT_EQ(image_.view().file_count, kThreads * kFiles);
  EXPECT_EQ(image_.view().used_blocks, 1) << "all have one content";
}

TEST_F(ImageEditsTest, CancelsTheOperationOfADeletedImage) {
  bool cancelled = false;
  bool gone = false;
  ASSERT_OK(image_.BeginOperation(ImageState::kBurning, "", "op", [&] { cancelled = true; }));
  ASSERT_OK(image_.BeginDelete("", [&] { gone = true; }));
  EXPECT_TRUE(cancelled);
  EXPECT_FALSE(gone);
  image_.EndOperation();
  EXPECT_TRUE(gone);
  EXPECT_THAT(AddDirectory("/new"), StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace carousel
