// EventStream: server-sent events to one client.
//
// A handler makes one, keeps a reference and answers with it. From then on any thread may push, and none is
// ever made to wait: a client that has not read what lies ready is closed once that is too much.
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace monolens {

class EventStream {
 public:
  explicit EventStream(std::size_t max_queued_bytes = 256 * 1024) : max_queued_(max_queued_bytes) {}

  // Takes one or more complete events, "id: 7\nevent: open\ndata: {}\n\n". False if the stream is closed, as
  // it is once the client has gone, has not read, or close() was called.
  bool push(std::string_view event_text);
  bool closed() const;

  // What was pushed before is still sent, then the answer ends.
  void close();

  // The rest is the server's.

  struct Batch {
    std::string text;
    bool ended = false;  // nothing follows
  };
  // `wake` is called, without a lock of the caller's but under the stream's own, when there is something to
  // take that was not there at the last take().
  void attach(std::function<void()> wake);
  // All that is queued. What the last take() gave counts as unread until this one.
  Batch take();
  // The client left too much unread: nothing more is to be sent.
  bool too_slow() const;
  // The client has gone; wake is not called again.
  void detach();

 private:
  void wake_once();

  const std::size_t max_queued_;
  mutable std::mutex mutex_;  // guards all below
  std::function<void()> wake_;
  std::string queued_;
  std::size_t being_sent_ = 0;  // bytes
  bool closed_ = false;
  bool too_slow_ = false;
  bool awake_ = false;  // wake_ was called since the last take()
};

}  // namespace monolens
