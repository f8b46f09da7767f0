// EventReader: server-sent events out of a stream of bytes, as WHATWG's HTML standard reads them
// (section 9.2).
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace monolens {

struct ServerEvent {
  std::string id;  // of this event or the last one that had one
  std::string data;
};

class EventReader {
 public:
  using OnEvent = std::function<void(const ServerEvent&)>;

  explicit EventReader(OnEvent on_event) : on_event_(std::move(on_event)) {}

  // The next bytes, cut anywhere.
  void feed(std::string_view bytes);
  // A new stream begins: what of the last one is not whole is dropped. The id stays.
  void restart();
  // Where to go on after the connection broke; empty if nothing came yet.
  const std::string& last_id() const { return last_id_; }

 private:
  void take_line(std::string_view line);

  OnEvent on_event_;
  std::string line_;
  std::string data_;
  std::string id_;
  std::string last_id_;
  bool has_data_ = false;
};

}  // namespace monolens
