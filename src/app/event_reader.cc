#include "app/event_reader.h"

namespace monolens {

void EventReader::feed(std::string_view bytes) {
  for (const char c : bytes) {
    if (c != '\n') {
      line_ += c;
      continue;
    }
    if (line_.ends_with('\r')) line_.pop_back();
    take_line(line_);
    line_.clear();
  }
}

void EventReader::restart() {
  line_.clear();
  data_.clear();
  has_data_ = false;
  id_ = last_id_;
}

void EventReader::take_line(std::string_view line) {
  if (line.empty()) {
    last_id_ = id_;
    if (has_data_) on_event_({id_, data_});
    data_.clear();
    has_data_ = false;
    return;
  }
  const std::size_t colon = line.find(':');
  const std::string_view field = line.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "id") id_ = value;
  if (field != "data") return;
  if (has_data_) data_ += '\n';
  data_ += value;
  has_data_ = true;
}

}  // namespace monolens
