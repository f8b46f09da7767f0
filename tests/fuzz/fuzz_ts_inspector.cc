// Bytes as a transport stream: what is found does not depend on how the bytes are cut, and lies within them.
//
// Input: a byte that says how to cut, then the stream.
#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>

#include "check.h"
#include "media/ts_inspector.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace monolens;
  if (size == 0) return 0;
  const std::size_t piece = 1 + std::size_t{data[0]} * 3;
  const auto stream = std::as_bytes(std::span(data, size).subspan(1));
  TsInspector whole;
  TsInspector cut;
  whole.feed(stream);
  for (auto rest = stream; !rest.empty(); rest = rest.subspan(std::min(piece, rest.size()))) {
    cut.feed(rest.first(std::min(piece, rest.size())));
  }

  std::uint64_t last = 0;
  for (;;) {
    constexpr auto kAll = std::numeric_limits<std::uint64_t>::max();
    const auto a = whole.next_event(kAll);
    const auto b = cut.next_event(kAll);
    check(a.has_value() == b.has_value());
    if (!a) return 0;
    check(a->kind == b->kind && a->byte_offset == b->byte_offset && a->pid == b->pid);
    check(a->lost_packets_at_least == b->lost_packets_at_least && a->lost_packets_at_least >= 0);
    check(a->byte_offset >= last && a->byte_offset < stream.size());
    check(a->pid < 8191);
    last = a->byte_offset;
  }
}
