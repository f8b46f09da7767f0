#include "monitor/crash_note.h"

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstring>
#include <memory>

namespace monolens {
namespace {

constexpr int kFatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
constexpr std::size_t kMostName = 63;

std::atomic<int> note_descriptor = -1;
thread_local const char* in_hand = nullptr;

// A stack that overflowed can't run the handler.
struct HandlerStack {
  HandlerStack() : bytes(new char[kSize]) {
    stack_t stack{};
    stack.ss_sp = bytes.get();
    stack.ss_size = kSize;
    sigaltstack(&stack, nullptr);
  }
  ~HandlerStack() {
    stack_t off{};
    off.ss_flags = SS_DISABLE;
    sigaltstack(&off, nullptr);
  }
  HandlerStack(const HandlerStack&) = delete;
  HandlerStack& operator=(const HandlerStack&) = delete;

  static constexpr std::size_t kSize = 64U << 10U;
  std::unique_ptr<char[]> bytes;
};

// Only what is async-signal-safe.
void write_note(int signal) {
  const int descriptor = note_descriptor.load(std::memory_order_relaxed);
  if (descriptor >= 0 && in_hand != nullptr) {
    char line[kMostName + 8];
    std::size_t n = strnlen(in_hand, kMostName);
    std::memcpy(line, in_hand, n);
    line[n++] = ' ';
    if (signal >= 10) line[n++] = static_cast<char>('0' + signal / 10);
    line[n++] = static_cast<char>('0' + signal % 10);
    line[n++] = '\n';
    (void)!write(descriptor, line, n);
  }
  raise(signal);  // SA_RESETHAND put the default action back
}

}  // namespace

void CrashNote::install(int descriptor) {
  note_descriptor.store(descriptor);
  struct sigaction action {};
  action.sa_handler = write_note;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_ONSTACK | SA_NODEFER);
  for (const int signal : kFatal) sigaction(signal, &action, nullptr);
}

CrashNote::Scope::Scope(const std::string& stream) : before_(in_hand) {
  if (note_descriptor.load(std::memory_order_relaxed) >= 0) {
    static thread_local const HandlerStack handler_stack;
    (void)handler_stack;
  }
  in_hand = stream.c_str();
}

CrashNote::Scope::~Scope() { in_hand = before_; }

}  // namespace monolens
