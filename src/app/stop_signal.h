// Ctrl-C and SIGTERM as a flag: what was analysed so far is still reported. A second one ends the program.
#pragma once

#include <atomic>

namespace monolens {

// Installs the handlers; safe to call once.
const std::atomic<bool>& stop_on_signal();

}  // namespace monolens
