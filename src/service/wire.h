// Wire: messages between the service and its worker process, over a socket pair: a length of four bytes, then
// a value as CBOR (RFC 8949), which carries pictures as they are.
#pragma once

#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>

namespace monolens {

class Wire {
 public:
  // Owns the descriptor.
  explicit Wire(int descriptor) : descriptor_(descriptor) {}
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  // Thread-safe. False if the other side is gone.
  bool send(const nlohmann::json& message);

  // Blocks for the next message; nullopt if the other side is gone, or sends what is none. One thread.
  std::optional<nlohmann::json> receive();

  // Ends receive() on both sides.
  void shut();

 private:
  bool read_all(std::uint8_t* to, std::size_t bytes);

  int descriptor_;
  std::mutex mutex_;
};

}  // namespace monolens
