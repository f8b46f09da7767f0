#include "http/event_stream.h"

#include <utility>

namespace monolens {

bool EventStream::push(std::string_view event_text) {
  const std::lock_guard lock(mutex_);
  if (closed_) return false;
  if (queued_.size() + being_sent_ + event_text.size() > max_queued_) {
    closed_ = too_slow_ = true;
    queued_ = {};
  } else {
    queued_ += event_text;
  }
  wake_once();
  return !closed_;
}

bool EventStream::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

void EventStream::close() {
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  closed_ = true;
  wake_once();
}

void EventStream::attach(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

EventStream::Batch EventStream::take() {
  const std::lock_guard lock(mutex_);
  awake_ = false;
  being_sent_ = queued_.size();
  return {.text = std::exchange(queued_, {}), .ended = closed_};
}

bool EventStream::too_slow() const {
  const std::lock_guard lock(mutex_);
  return too_slow_;
}

void EventStream::detach() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  queued_ = {};
  wake_ = nullptr;
}

// A client that was too slow is told again: the server may have been woken and be busy sending.
void EventStream::wake_once() {
  if (wake_ && (!awake_ || too_slow_)) wake_();
  awake_ = true;
}

}  // namespace monolens
