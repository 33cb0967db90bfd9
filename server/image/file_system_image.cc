#include "server/image/file_system_image.h"

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/image/import_merge.h"
#include "server/image/mastering_input.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"

namespace carousel {
namespace {

using imapi::Hresult;

std::string NameOf(absl::string_view id) { return absl::StrCat("images/", id); }

}  // namespace

FileSystemImage::FileSystemImage(std::string id, int64_t number, ImageOptions options,
                                 absl::Duration ttl, Clock* clock, size_t max_edits)
    : id_(std::move(id)),
      number_(number),
      options_(std::move(options)),
      max_edits_(max_edits),
      life_(NameOf(id_), ttl, clock),
      properties_({.display_name = options_.display_name}),
      editor_(std::make_shared<TreeEditor>(nullptr)) {
  ApplyRules();
}

ImageView FileSystemImage::View() const {
  ImageView view = {.id = id_,
                    .owner = options_.owner,
                    .types = options_.types,
                    .bound = bound_,
                    .imported = imported_,
                    .properties = properties_,
                    .file_count = editor_->file_count(),
                    .directory_count = editor_->directory_count(),
                    .used_blocks = editor_->new_blocks(),
                    .change_point = editor_->change_point(),
                    .read_only = result_ != nullptr};
  life_.Describe(view);
  return view;
}

ImageView FileSystemImage::view() const {
  MutexLock lock(&mutex_);
  return View();
}

std::shared_ptr<const BoundDisc> FileSystemImage::bound() const {
  MutexLock lock(&mutex_);
  return bound_;
}

std::shared_ptr<const ImportedSession> FileSystemImage::imported() const {
  MutexLock lock(&mutex_);
  return imported_;
}

std::shared_ptr<const ResultImage> FileSystemImage::result() const {
  MutexLock lock(&mutex_);
  return result_;
}

void FileSystemImage::Touch() {
  MutexLock lock(&mutex_);
  life_.Touch();
}

bool FileSystemImage::Expired() const {
  MutexLock lock(&mutex_);
  return life_.Expired();
}

absl::Status FileSystemImage::CheckChange(absl::string_view etag) const {
  RETURN_IF_ERROR(life_.CheckIdle(etag));
  if (result_ == nullptr) return absl::OkStatus();
  return imapi::MakeError(Hresult::IMAPI_E_READONLY,
                          absl::StrCat("a result image was made of ", NameOf(id_)),
                          {{"resource", NameOf(id_)}});
}

absl::Status FileSystemImage::CheckUnbound(absl::string_view etag) const {
  RETURN_IF_ERROR(CheckChange(etag));
  if (imported_ == nullptr) return absl::OkStatus();
  return imapi::MakeError(Hresult::IMAPI_E_PROPERTY_NOT_ACCESSIBLE,
                          absl::StrCat(NameOf(id_), " has imported a session already"),
                          {{"property", "multisession_interfaces"}, {"resource", NameOf(id_)}});
}

absl::Status FileSystemImage::CheckBind(absl::string_view etag) const {
  MutexLock lock(&mutex_);
  return CheckUnbound(etag);
}

absl::StatusOr<ImageView> FileSystemImage::Bind(absl::string_view etag,
                                                std::shared_ptr<const BoundDisc> bound) {
  MutexLock lock(&mutex_);
  RETURN_IF_ERROR(CheckUnbound(etag));
  bound_.swap(bound);
  ApplyRules();
  life_.Changed();
  return View();
}

absl::Status FileSystemImage::CheckTree(const ImageProperties& properties) const {
  if (properties.strict_compliance && !properties_.strict_compliance &&
      editor_->directory_levels() > kMaxDirectoryLevels) {
    return imapi::MakeError(
        Hresult::IMAPI_E_ISO9660_LEVELS,
        absl::StrCat(NameOf(id_), " has directories below level ", kMaxDirectoryLevels),
        {{"property", "strict_file_system_compliance"}, {"resource", NameOf(id_)}});
  }
  const int64_t used = editor_->new_blocks();
  if (properties.free_media_blocks.value_or(0) == 0 || used <= *properties.free_media_blocks)
    return absl::OkStatus();
  return imapi::MakeError(Hresult::IMAPI_E_IMAGE_TOO_BIG,
                          absl::StrCat(NameOf(id_), " has ", used, " sectors of new contents"),
                          {{"property", "free_media_blocks"},
                           {"actual", absl::StrCat(used)},
                           {"resource", NameOf(id_)}});
}

void FileSystemImage::ApplyRules() {
  editor_->set_rules({.properties = properties_,
                      .free_blocks = FreeMediaBlocks(properties_, bound_.get()),
                      .max_records = max_edits_});
}

absl::StatusOr<ImageView> FileSystemImage::Update(
    absl::string_view etag, absl::FunctionRef<absl::Status(ImageProperties&)> change) {
  MutexLock lock(&mutex_);
  RETURN_IF_ERROR(CheckChange(etag));
  ImageProperties properties = properties_;
  RETURN_IF_ERROR(change(properties));
  RETURN_IF_ERROR(CheckProperties(properties));
  RETURN_IF_ERROR(CheckTree(properties));
  properties_ = std::move(properties);
  ApplyRules();
  life_.Changed();
  return View();
}

absl::Status FileSystemImage::Look(absl::FunctionRef<absl::Status(const TreeEditor&)> look) const {
  MutexLock lock(&mutex_);
  return look(*editor_);
}

absl::Status FileSystemImage::LookWithContents(
    absl::FunctionRef<absl::Status(const TreeEditor&, const ContentTable&)> look) const {
  MutexLock lock(&mutex_);
  return look(*editor_, contents_);
}

absl::StatusOr<ImageView> FileSystemImage::Edit(absl::string_view etag,
                                                absl::FunctionRef<absl::Status(TreeEditor&)> edit) {
  return EditWithContents(etag, [&](TreeEditor& editor, ContentTable&) { return edit(editor); });
}

absl::StatusOr<ImageView> FileSystemImage::EditWithContents(
    absl::string_view etag, absl::FunctionRef<absl::Status(TreeEditor&, ContentTable&)> edit) {
  MutexLock lock(&mutex_);
  RETURN_IF_ERROR(CheckChange(etag));
  const int64_t change_point = editor_->change_point();
  const size_t contents = contents_.size();
  const absl::Status status = edit(*editor_, contents_);
  if (!status.ok()) {
    if (editor_->RollbackToChangePoint(change_point).ok()) contents_.Truncate(contents);
    return status;
  }
  life_.Changed();
  return View();
}

absl::StatusOr<ImageView> FileSystemImage::AddFile(absl::string_view etag, absl::string_view path,
                                                   const Sha256Digest& content, int64_t bytes,
                                                   const TreeEditor::Attributes& attributes) {
  return EditWithContents(etag, [&](TreeEditor& editor, ContentTable& contents) {
    return editor.AddFile(path, contents.Add(content), bytes, attributes).status();
  });
}

absl::StatusOr<std::shared_ptr<const BoundDisc>> FileSystemImage::BeginImport(
    absl::string_view etag, std::string operation, std::function<void()> cancel) {
  MutexLock lock(&mutex_);
  RETURN_IF_ERROR(CheckUnbound(etag));
  if (bound_ == nullptr) {
    return imapi::MakeError(Hresult::IMAPI_E_MULTISESSION_NOT_SET,
                            absl::StrCat(NameOf(id_), " has no multi-session interfaces"),
                            {{"resource", NameOf(id_)}});
  }
  life_.Begin(ImageState::kImporting, std::move(operation), std::move(cancel));
  return bound_;
}

absl::Status FileSystemImage::EndImport(std::shared_ptr<const ImportedSession> session) {
  absl::StatusOr<std::shared_ptr<TreeEditor>> merged = nullptr;
  if (session != nullptr) {
    std::shared_ptr<const TreeEditor> edited;
    {
      MutexLock lock(&mutex_);
      edited = editor_;
    }
    // Without the lock: nothing edits the image while its operation runs. Shares the session's
    // life.
    merged = MergeImport({session, &session->tree}, *edited);
  }
  if (session != nullptr && merged.ok()) {
    MutexLock lock(&mutex_);
    imported_.swap(session);
    editor_.swap(*merged);
    ApplyRules();
  }
  EndOperation();
  return merged.status();
}

absl::Status FileSystemImage::BeginOperation(ImageState state, absl::string_view etag,
                                             std::string operation, std::function<void()> cancel) {
  MutexLock lock(&mutex_);
  RETURN_IF_ERROR(state == ImageState::kBurning ? life_.CheckIdle(etag) : CheckChange(etag));
  life_.Begin(state, std::move(operation), std::move(cancel));
  return absl::OkStatus();
}

void FileSystemImage::EndOperation() {
  std::vector<absl::AnyInvocable<void()>> gone;
  {
    MutexLock lock(&mutex_);
    gone = life_.End();
  }
  for (auto& callback : gone) callback();
}

absl::StatusOr<ImageView> FileSystemImage::EndOperationWithEdit(
    absl::FunctionRef<absl::Status(TreeEditor&, ContentTable&)> edit) {
  std::shared_ptr<TreeEditor> editor;
  ContentTable contents;
  {
    MutexLock lock(&mutex_);
    editor = editor_;
    contents = contents_;
  }
  editor = std::make_shared<TreeEditor>(*editor);
  const absl::Status edited = edit(*editor, contents);
  ImageView after;
  std::vector<absl::AnyInvocable<void()>> gone;
  {
    MutexLock lock(&mutex_);
    if (edited.ok()) {
      editor_.swap(editor);
      contents_ = std::move(contents);
    }
    gone = life_.End();
    after = View();
  }
  for (auto& callback : gone) callback();
  if (!edited.ok()) return edited;
  return after;
}

absl::StatusOr<MasteringSource> FileSystemImage::Master() const {
  MasteringSource source;
  std::shared_ptr<const TreeEditor> editor;
  {
    MutexLock lock(&mutex_);
    if (!life_.running()) {
      return imapi::MakeError(Hresult::IMAPI_E_FSI_INTERNAL_ERROR,
                              absl::StrCat("no operation runs on ", NameOf(id_)));
    }
    editor = editor_;
    source.contents = contents_.digests();
    source.image = View();
  }
  ASSIGN_OR_RETURN(source.input, MakeMasteringInput(*editor));
  return source;
}

void FileSystemImage::SetResult(std::shared_ptr<const ResultImage> result) {
  MutexLock lock(&mutex_);
  result_.swap(result);
  editor_->set_read_only(true);
  life_.Changed();
}

absl::Status FileSystemImage::BeginDelete(absl::string_view etag, absl::AnyInvocable<void()> gone) {
  std::function<void()> cancel;
  {
    MutexLock lock(&mutex_);
    RETURN_IF_ERROR(life_.CheckEtag(etag));
    cancel = life_.BeginDelete(gone);
  }
  if (cancel) cancel();
  if (gone) gone();
  return absl::OkStatus();
}

}  // namespace carousel
