#include "hal/drive/write_answer.h"

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "hal/scsi/opcode.h"
#include "hal/scsi/sense.h"

namespace carousel {
namespace {

using scsi::SenseKey;

absl::Status Error(SenseKey key, uint8_t asc, uint8_t ascq) {
  return scsi::SenseStatus(scsi::Sense{.key = key, .asc = asc, .ascq = ascq},
                           scsi::opcode::kWrite10, "drive");
}

TEST(WriteAnswerTest, OnlyTheSensesThatMeanNotTakenAreRepeated) {
  struct Row {
    SenseKey key;
    uint8_t asc;
    uint8_t ascq;
    WriteAnswer first;
    WriteAnswer later;
  };
  for (const Row& row : std::vector<Row>{
           {SenseKey::kNotReady, 0x04, 0x08, WriteAnswer::kBufferFull, WriteAnswer::kBufferFull},
           {SenseKey::kNotReady, 0x04, 0x07, WriteAnswer::kLater, WriteAnswer::kLater},
           {SenseKey::kNotReady, 0x04, 0x04, WriteAnswer::kLater, WriteAnswer::kLater},
           {SenseKey::kNotReady, 0x04, 0x01, WriteAnswer::kLater, WriteAnswer::kFailed},
           {SenseKey::kIllegalRequest, 0x2C, 0x00, WriteAnswer::kAfterSynchronize,
            WriteAnswer::kAfterSynchronize}}) {
    const absl::Status status = Error(row.key, row.asc, row.ascq);
    EXPECT_EQ(JudgeWrite(status, true), row.first) << status;
    EXPECT_EQ(JudgeWrite(status, false), row.later) << status;
  }
}

// Above these only vendors have qualifiers.
constexpr int kQualifiers = 0x80;

TEST(WriteAnswerTest, EverySenseBesidesThoseEndsTheBurn) {
  int repeated = 0;
  for (int key = 0; key < 16; ++key) {
    for (int asc = 0; asc < 256; ++asc) {
      for (int ascq = 0; ascq < kQualifiers; ++ascq) {
        const absl::Status status = Error(static_cast<SenseKey>(key), asc, ascq);
        repeated += JudgeWrite(status, true) != WriteAnswer::kFailed;
      }
    }
  }
  EXPECT_EQ(repeated, 5);
}

TEST(WriteAnswerTest, WithoutASenseNothingIsRepeated) {
  for (const absl::Status& status :
       {absl::DeadlineExceededError("hung"), absl::UnavailableError("BUSY"),
        absl::AbortedError("TASK ABORTED")}) {
    EXPECT_EQ(JudgeWrite(status, true), WriteAnswer::kFailed) << status;
  }
  EXPECT_EQ(JudgeWrite(absl::OkStatus(), true), WriteAnswer::kTaken);
}

}  // namespace
}  // namespace carousel
