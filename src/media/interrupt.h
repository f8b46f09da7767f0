// A Deadline as the interrupt callback that libavformat polls inside every blocking call.
#pragma once

#include "media/av.h"
#include "media/deadline.h"

namespace monolens {

// `deadline` must outlive every context that gets the callback.
inline AVIOInterruptCB interrupt_on(const Deadline& deadline) {
  return {[](void* opaque) {
            const auto* d = static_cast<const Deadline*>(opaque);
            return static_cast<int>(d->stopped() || d->expired());
          },
          const_cast<Deadline*>(&deadline)};  // NOLINT(cppcoreguidelines-pro-type-const-cast): C interface
}

}  // namespace monolens
