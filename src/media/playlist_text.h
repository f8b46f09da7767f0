// PlaylistText: keeps what passes by if it begins as a playlist of HTTP Live Streaming, up to a limit.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace monolens {

class PlaylistText {
 public:
  static constexpr std::size_t kMost = std::size_t{4} << 20U;

  void add(std::span<const std::byte> bytes) {
    if (!may_be_) return;
    text_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const std::size_t head = std::min(text_.size(), kHead.size());
    may_be_ = text_.size() <= kMost && std::string_view(text_).substr(0, head) == kHead.substr(0, head);
    if (!may_be_) std::string().swap(text_);
  }

  // All of it so far; nullopt if it is none, or longer than the limit.
  std::optional<std::string_view> text() const {
    if (!may_be_ || text_.size() < kHead.size()) return std::nullopt;
    return text_;
  }

 private:
  static constexpr std::string_view kHead = "#EXTM3U";

  bool may_be_ = true;
  std::string text_;
};

}  // namespace monolens
