#include "media/frame_pool.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace monolens {
namespace {

TEST(FramePool, HandsOutAFrameAgainOnceNobodyHoldsIt) {
  FramePool pool;
  const AVFrame* first = pool.take().get();
  EXPECT_EQ(pool.take().get(), first);
}

TEST(FramePool, NeverHandsOutAFrameThatIsHeld) {
  FramePool pool;
  const auto held = pool.take();
  const std::shared_ptr<const AVFrame> also_held = pool.take();
  const auto third = pool.take();
  EXPECT_EQ((std::set<const AVFrame*>{held.get(), also_held.get(), third.get()}.size()), 3U);
}

TEST(FramePool, EmptiesAFrameBeforeItIsUsedAgain) {
  FramePool pool;
  AVBufferRef* buffer = av_buffer_alloc(16);
  pool.take()->buf[0] = av_buffer_ref(buffer);
  EXPECT_EQ(av_buffer_get_ref_count(buffer), 2);
  const auto again = pool.take();
  EXPECT_EQ(again->buf[0], nullptr);
  EXPECT_EQ(av_buffer_get_ref_count(buffer), 1);
  av_buffer_unref(&buffer);
}

TEST(FramePool, OfAStreamInFullFlowAllocatesNoMoreThanAreHeldAtOnce) {
  FramePool pool;
  std::vector<std::shared_ptr<AVFrame>> held(3);
  std::set<const AVFrame*> all;
  for (std::size_t i = 0; i < 1000; ++i) {
    held[i % held.size()] = pool.take();
    all.insert(held[i % held.size()].get());
  }
  EXPECT_EQ(all.size(), held.size() + 1);
}

}  // namespace
}  // namespace monolens
