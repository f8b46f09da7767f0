// What a fuzz target holds to be true: ends the process where it is not.
#pragma once

inline void check(bool holds) {
  if (!holds) __builtin_trap();
}
