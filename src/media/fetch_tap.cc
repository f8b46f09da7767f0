#include "media/fetch_tap.h"

#include <utility>

namespace monolens {
namespace {

constexpr int kBufferBytes = 32 * 1024;  // as libavformat's own

}  // namespace

const AVClass FetchTap::kClass = [] {
  AVClass description{};
  description.class_name = "FetchTap";
  description.item_name = av_default_item_name;
  description.version = LIBAVUTIL_VERSION_INT;
  description.child_next = &FetchTap::child;
  return description;
}();

FetchTap::FetchTap(AVIOContext* inner, std::string url, Clock::duration opening)
    : inner_(inner), url_(std::move(url)), waited_(opening) {
  auto* buffer = static_cast<unsigned char*>(av_malloc(kBufferBytes));
  outer_ = avio_alloc_context(buffer, kBufferBytes, 0, this, &FetchTap::on_read, nullptr, &FetchTap::on_seek);
  outer_->av_class = &kClass;
  outer_->seekable = inner->seekable;
}

FetchTap::~FetchTap() {
  av_freep(&outer_->buffer);
  avio_context_free(&outer_);
  avio_closep(&inner_);
}

void* FetchTap::child(void* context, void* before) {
  if (before != nullptr) return nullptr;
  return static_cast<FetchTap*>(static_cast<AVIOContext*>(context)->opaque)->inner_;
}

int FetchTap::on_read(void* self, std::uint8_t* to, int size) {
  auto* tap = static_cast<FetchTap*>(self);
  const auto asked = Clock::now();
  const int n = avio_read_partial(tap->inner_, to, size);
  tap->waited_ += Clock::now() - asked;
  if (n <= 0) {
    if (n != AVERROR_EOF && n != 0) tap->error_ = n;
    return n == 0 ? AVERROR_EOF : n;
  }
  tap->bytes_ += static_cast<std::uint64_t>(n);
  tap->text_.add({reinterpret_cast<const std::byte*>(to), static_cast<std::size_t>(n)});
  return n;
}

std::int64_t FetchTap::on_seek(void* self, std::int64_t offset, int whence) {
  auto* tap = static_cast<FetchTap*>(self);
  if ((whence & AVSEEK_SIZE) != 0) return avio_size(tap->inner_);
  return avio_seek(tap->inner_, offset, whence);
}

}  // namespace monolens
