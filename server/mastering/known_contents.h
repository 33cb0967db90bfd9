// Which contents lie where on a disc, as a manifest on it says: what lets a new file that is equal
// to one of them refer to it, and the next manifest name files whose bytes nobody reads again. It
// believes the manifest and reads no file.
#ifndef SERVER_MASTERING_KNOWN_CONTENTS_H_
#define SERVER_MASTERING_KNOWN_CONTENTS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hal/base/types.h"
#include "server/digest/sha256.h"
#include "server/image/file_tree.h"
#include "server/mastering/manifest.h"

namespace carousel::mastering {

// 52 bytes a file. Const methods may run concurrently.
class KnownContents {
 public:
  // `tree` is what the manifest is of, finished. Passed over: what it names and the tree has not,
  // or not as a file of bytes that lie in one piece; and places of which it says two things.
  // `also`: what is known beside it of the same disc; null: nothing.
  KnownContents(const Manifest& manifest, const FileTree& tree,
                const KnownContents* also = nullptr);

  // How many places are known.
  size_t size() const { return files_.size(); }

  // The digest of an imported file; of one without bytes always. Nothing: it is not known.
  std::optional<Sha256Digest> DigestOf(const EntryData& file) const;
  // Where `bytes`, more than 0, of that digest lie.
  std::optional<Extent> Find(const Sha256Digest& digest, int64_t bytes) const;

 private:
  struct File {
    Extent place;
    Sha256Digest sha256{};
  };
  void DropContradictions();

  std::vector<File> files_;           // by place
  std::vector<uint32_t> by_content_;  // indices, by digest and length, each of these once
};

// The manifest that was found on a disc when its newest session was imported. Never changes.
struct DiscManifest {
  // In the root of every session.
  static constexpr char kName[] = "MANIFEST";

  std::string session;  // what it is of, by its own word
  // False: there is none; the contents are known since the import has read them.
  bool on_disc = true;
  // Null: it is of an earlier session than the newest, which may have other files at its paths.
  std::shared_ptr<const KnownContents> contents;
};

}  // namespace carousel::mastering

#endif  // SERVER_MASTERING_KNOWN_CONTENTS_H_
