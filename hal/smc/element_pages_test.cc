#include "hal/smc/element_pages.h"

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "hal/mmc/mode_sense.h"

namespace carousel::smc {
namespace {

TEST(ElementPagesTest, AddressesSurviveARoundTrip) {
  const ElementAddressAssignment assignment{.transports = {1, 1},
                                            .storage = {0x400, 12},
                                            .import_export = {0x300, 2},
                                            .drives = {0x100, 4}};
  EXPECT_THAT(DecodeElementAddressAssignment(EncodeElementAddressAssignment(assignment)),
              IsOkAndHolds(assignment));
}

TEST(ElementPagesTest, CapabilitiesSurviveARoundTrip) {
  DeviceCapabilities capabilities{.stores = {false, true, true, true}};
  capabilities.moves[1][3] = capabilities.moves[3][1] = true;
  capabilities.exchanges[1][3] = true;
  EXPECT_THAT(DecodeDeviceCapabilities(EncodeDeviceCapabilities(capabilities)),
              IsOkAndHolds(capabilities));
}

TEST(ElementPagesTest, AnotherPageAndAShortOneAreRefused) {
  const mmc::ModePage empty{.code = kElementAddressPage};
  EXPECT_THAT(DecodeElementAddressAssignment(empty), StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT(DecodeDeviceCapabilities(EncodeElementAddressAssignment({})),
              StatusIs(absl::StatusCode::kInternal));
}

TEST(ElementPagesTest, AChangerWhosePageEndsAtTheMovesExchangesNothing) {
  mmc::ModePage page = EncodeDeviceCapabilities({.stores = {false, true, false, true}});
  page.data.resize(6);
  ASSERT_OK_AND_ASSIGN(const DeviceCapabilities capabilities, DecodeDeviceCapabilities(page));
  EXPECT_TRUE(capabilities.stores[1]);
  EXPECT_FALSE(capabilities.exchanges[1][3]);
}

TEST(ModeSense6Test, TheSixByteFormHasTheSamePagesBehindAShorterHeader) {
  const std::vector<uint8_t> cdb = {0x1A, 0x08, 0x1D, 0, 136, 0};
  EXPECT_THAT(DecodeModeSense6Cdb(cdb),
              IsOkAndHolds(ModeSense6Cdb{.page = kElementAddressPage, .allocation_length = 136}));
  const std::vector<uint8_t> bytes =
      EncodeModeData6({.pages = {EncodeElementAddressAssignment({.storage = {7, 3}})}});
  ASSERT_EQ(bytes.size(), 4u + 20u);
  EXPECT_EQ(bytes[0], 23) << "what is behind it";
  EXPECT_EQ(bytes[3], 0) << "no block descriptor";
  EXPECT_EQ(bytes[4] & 0x3F, kElementAddressPage);
  EXPECT_EQ(bytes[4 + 7], 7);
}

}  // namespace
}  // namespace carousel::smc
