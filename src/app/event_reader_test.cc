#include "app/event_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace monolens {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class EventReaderTest : public testing::Test {
 protected:
  std::vector<std::string> seen_;
  EventReader reader_{[this](const ServerEvent& event) { seen_.push_back(event.id + " " + event.data); }};
};

TEST_F(EventReaderTest, TakesEventsHoweverTheyAreCut) {
  const std::string text = "id: 1\nevent: open\ndata: {\"a\":1}\n\n:\n\nid:2\r\ndata:b\r\n\r\n";
  for (std::size_t size = 1; size < text.size(); ++size) {
    seen_.clear();
    for (std::size_t at = 0; at < text.size(); at += size)
      reader_.feed(std::string_view(text).substr(at, size));
    EXPECT_THAT(seen_, ElementsAre("1 {\"a\":1}", "2 b")) << size;
  }
}

TEST_F(EventReaderTest, JoinsTheLinesOfData) {
  reader_.feed("data: a\ndata\ndata:  b\n\n");
  EXPECT_THAT(seen_, ElementsAre(" a\n\n b"));
}

TEST_F(EventReaderTest, KeepsTheIdOfTheLastWholeEventOverABreak) {
  reader_.feed("id: 1\ndata: a\n\nid: 2\ndata: b\n");
  EXPECT_EQ(reader_.last_id(), "1") << "the second is not whole";
  reader_.restart();
  reader_.feed("\n");
  EXPECT_EQ(reader_.last_id(), "1");
  EXPECT_THAT(seen_, ElementsAre("1 a"));
}

TEST_F(EventReaderTest, TellsNothingOfCommentsAndEmptyEvents) {
  reader_.feed(": hello\n\nevent: open\n\nid: 7\n\n");
  EXPECT_THAT(seen_, IsEmpty());
  EXPECT_EQ(reader_.last_id(), "7");
}

}  // namespace
}  // namespace monolens
