#include "media/log_capture.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "media/av.h"

namespace monolens {
namespace {

class LogCapture : public testing::Test {
 protected:
  LogCapture() : format_(avformat_alloc_context()), codec_(avcodec_alloc_context3(nullptr)) {
    capture_ffmpeg_log();
    (void)take_demuxer_error();
    codec_->opaque = &log_;
  }
  ~LogCapture() override { avformat_free_context(format_); }

  AVFormatContext* format_;
  DecoderLog log_;
  av::Owned<AVCodecContext> codec_;
};

TEST_F(LogCapture, CountsADecodersErrorsAndNothingMilder) {
  av_log(codec_.get(), AV_LOG_ERROR, "broken\n");
  av_log(codec_.get(), AV_LOG_WARNING, "odd\n");
  av_log(codec_.get(), AV_LOG_FATAL, "very broken\n");
  EXPECT_EQ(log_.errors, 2U);
}

TEST_F(LogCapture, LeavesADecoderWithoutALogAlone) {
  codec_->opaque = nullptr;
  av_log(codec_.get(), AV_LOG_ERROR, "broken\n");
  EXPECT_EQ(log_.errors, 0U);
  EXPECT_EQ(take_demuxer_error(), "");
}

TEST_F(LogCapture, CountsErrorsOfADecodersOwnThreads) {
  std::thread([this] { av_log(codec_.get(), AV_LOG_ERROR, "broken\n"); }).join();
  EXPECT_EQ(log_.errors, 1U);
}

TEST_F(LogCapture, KeepsADemuxersFirstErrorUntilItIsTaken) {
  av_log(format_, AV_LOG_WARNING, "odd\n");
  av_log(format_, AV_LOG_ERROR, "%s atom not found\nand more\n", "moov");
  av_log(format_, AV_LOG_ERROR, "what follows from it\n");
  EXPECT_EQ(take_demuxer_error(), "moov atom not found");
  EXPECT_EQ(take_demuxer_error(), "");
}

TEST_F(LogCapture, KeepsTheErrorsOfThreadsApart) {
  std::thread([this] { av_log(format_, AV_LOG_ERROR, "of another input\n"); }).join();
  EXPECT_EQ(take_demuxer_error(), "");
}

TEST_F(LogCapture, PrintsNothing) {
  testing::internal::CaptureStderr();
  av_log(format_, AV_LOG_ERROR, "broken\n");
  av_log(nullptr, AV_LOG_ERROR, "of nobody\n");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace monolens
