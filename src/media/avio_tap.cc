#include "media/avio_tap.h"

#include <algorithm>
#include <utility>

namespace monolens {
namespace {

constexpr int kBufferBytes = 64 * 1024;

// Three sync bytes in a row at the spacing of plain, time-stamped or Reed-Solomon-coded packets.
bool looks_like_transport_stream(std::span<const std::byte> head) {
  constexpr std::byte kSync{0x47};
  for (const std::size_t spacing : {188U, 192U, 204U}) {
    for (std::size_t at = 0; at < spacing && at + 2 * spacing < head.size(); ++at) {
      if (head[at] == kSync && head[at + spacing] == kSync && head[at + 2 * spacing] == kSync) return true;
    }
  }
  return false;
}

}  // namespace

AvioTap::AvioTap(std::unique_ptr<ByteStream> bytes) : bytes_(std::move(bytes)), size_(bytes_->size()) {
  auto* buffer = static_cast<unsigned char*>(av_malloc(kBufferBytes));
  io_ = avio_alloc_context(buffer, kBufferBytes, 0, this, &AvioTap::on_read, nullptr, &AvioTap::on_seek);
  if (!bytes_->seek(0)) io_->seekable = 0;
}

AvioTap::~AvioTap() {
  av_freep(&io_->buffer);
  avio_context_free(&io_);
}

int AvioTap::on_read(void* self, std::uint8_t* to, int size) {
  return static_cast<AvioTap*>(self)->read(
      {reinterpret_cast<std::byte*>(to), static_cast<std::size_t>(size)});
}

int AvioTap::read(std::span<std::byte> to) {
  const int n = bytes_->read(to);
  ended_ = n <= 0;
  switch (n) {
    case ByteStream::kEnd:
      return AVERROR_EOF;
    case ByteStream::kTimeout:
      return AVERROR_EXIT;
    case ByteStream::kFailed:
      failed_ = true;
      return AVERROR(EIO);
    default:
      break;
  }
  inspect(to.first(static_cast<std::size_t>(n)));
  position_ += static_cast<std::uint64_t>(n);
  return n;
}

// libavformat looks at a file's end for its duration and comes back: only what continues the bytes already
// inspected counts.
void AvioTap::inspect(std::span<const std::byte> read) {
  if (std::exchange(first_read_, false) && looks_like_transport_stream(read)) inspector_.emplace();
  if (position_ > inspected_ || position_ + read.size() <= inspected_) return;
  const auto fresh = read.subspan(inspected_ - position_);
  if (inspector_) inspector_->feed(fresh);
  playlist_.add(fresh);
  inspected_ = position_ + read.size();
}

std::int64_t AvioTap::on_seek(void* self, std::int64_t offset, int whence) {
  auto* tap = static_cast<AvioTap*>(self);
  if (whence == AVSEEK_SIZE) return tap->size_ ? static_cast<std::int64_t>(*tap->size_) : AVERROR(ENOSYS);
  if (whence == SEEK_CUR) offset += static_cast<std::int64_t>(tap->position_);
  if (whence == SEEK_END) offset += static_cast<std::int64_t>(tap->size_.value_or(0));
  if (offset < 0) return AVERROR(EINVAL);
  const auto at = tap->bytes_->seek(static_cast<std::uint64_t>(offset));
  if (!at) return AVERROR(ESPIPE);
  tap->position_ = *at;
  return static_cast<std::int64_t>(*at);
}

std::optional<TsEvent> AvioTap::next_event(std::uint64_t up_to_offset) {
  if (!inspector_) return std::nullopt;
  return inspector_->next_event(up_to_offset);
}

std::optional<double> AvioTap::progress() const {
  if (!size_ || *size_ == 0) return std::nullopt;
  return std::min(1.0, static_cast<double>(avio_tell(io_)) / static_cast<double>(*size_));
}

}  // namespace monolens
