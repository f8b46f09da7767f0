// CrashNote: which stream a thread had in hand when the process crashed.
//
// A thread that works on a stream says so with a Scope, which costs two stores. If a fatal signal arrives
// while it does, the handler writes "STREAM SIGNAL\n" to a descriptor, and the signal takes its course. Who
// supervises the process reads it, and so learns which of many streams to blame.
#pragma once

#include <string>

namespace monolens {

class CrashNote {
 public:
  // For the process. The descriptor stays the caller's.
  static void install(int descriptor);

  class Scope {
   public:
    // `stream` must outlive the scope; no more than its first 63 bytes are told.
    explicit Scope(const std::string& stream);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    const char* before_;
  };
};

}  // namespace monolens
