#include "hal/changer/changer_contract.h"

#include <algorithm>
#include <optional>

#include "absl/status/status.h"
#include "hal/base/status_matchers.h"

namespace carousel {

std::vector<Element> ChangerContract::Read() {
  absl::StatusOr<std::vector<Element>> elements = changer().ReadElements();
  EXPECT_OK(elements);
  return elements.ok() ? *std::move(elements) : std::vector<Element>();
}

std::string ChangerContract::In(ElementAddress address) {
  for (const Element& element : Read()) {
    if (element.address == address) return element.full ? element.barcode : "";
  }
  ADD_FAILURE() << "no element " << address;
  return "";
}

namespace {

TEST_P(ChangerContract, ItsElementsComeInTheOrderOfTheirAddressesAndThereIsAPicker) {
  const std::vector<Element> elements = Read();
  EXPECT_TRUE(
      std::is_sorted(elements.begin(), elements.end(),
                     [](const Element& a, const Element& b) { return a.address < b.address; }));
  EXPECT_TRUE(std::any_of(elements.begin(), elements.end(), [](const Element& element) {
    return element.type == ElementType::kPicker;
  }));
  EXPECT_EQ(In(slot(1)), "D1");
  EXPECT_EQ(In(slot(2)), "D2");
  EXPECT_EQ(In(slot(3)), "");
}

TEST_P(ChangerContract, ItSaysWhoItIs) {
  ASSERT_OK_AND_ASSIGN(const ChangerIdentity identity, changer().Identify());
  EXPECT_FALSE(identity.vendor.empty());
  EXPECT_FALSE(identity.product.empty());
}

TEST_P(ChangerContract, AMovedDiscIsAtItsDestinationAndNowhereElse) {
  Read();
  const MoveResult moved = changer().Move(slot(1), slot(3));
  EXPECT_OK(moved.status);
  EXPECT_EQ(moved.outcome, MoveOutcome::kMoved);
  EXPECT_EQ(In(slot(1)), "");
  EXPECT_EQ(In(slot(3)), "D1");
  EXPECT_EQ(changer().Move(slot(3), slot(1)).outcome, MoveOutcome::kMoved);
  EXPECT_EQ(In(slot(1)), "D1");
}

TEST_P(ChangerContract, AMoveThatCannotBeIsRefusedAndChangesNothing) {
  Read();
  for (const auto& [from, to] : {std::pair(slot(3), slot(1)), std::pair(slot(1), slot(2))}) {
    const MoveResult refused = changer().Move(from, to);
    EXPECT_EQ(refused.outcome, MoveOutcome::kStillAtSource);
    EXPECT_THAT(refused.status, StatusIs(absl::StatusCode::kFailedPrecondition));
  }
  EXPECT_EQ(In(slot(1)), "D1");
  EXPECT_EQ(In(slot(2)), "D2");
  EXPECT_EQ(In(slot(3)), "");
}

TEST_P(ChangerContract, AnExchangePutsBothDiscsWhereTheyBelongOrIsNotOffered) {
  Read();
  const MoveResult exchanged = changer().Exchange(slot(1), slot(2), slot(3));
  if (absl::IsUnimplemented(exchanged.status)) {
    EXPECT_EQ(exchanged.outcome, MoveOutcome::kStillAtSource);
    EXPECT_EQ(In(slot(1)), "D1");
    return;
  }
  EXPECT_EQ(exchanged.outcome, MoveOutcome::kMoved) << exchanged.status;
  EXPECT_EQ(In(slot(1)), "");
  EXPECT_EQ(In(slot(2)), "D1");
  EXPECT_EQ(In(slot(3)), "D2");
}

TEST_P(ChangerContract, AnInventoryOfItsOwnMovesNoDisc) {
  for (const std::optional<ElementRange> range :
       {std::optional<ElementRange>(), std::optional(ElementRange{slot(1), 2})}) {
    const absl::Status scanned = changer().Rescan(range);
    EXPECT_TRUE(scanned.ok() || absl::IsUnimplemented(scanned)) << scanned;
    EXPECT_EQ(In(slot(1)), "D1");
    EXPECT_EQ(In(slot(2)), "D2");
  }
}

}  // namespace
}  // namespace carousel
