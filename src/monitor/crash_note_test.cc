#include "monitor/crash_note.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>

namespace monolens {
namespace {

// A sanitizer handles the signals itself.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SKIP_UNDER_SANITIZERS() GTEST_SKIP() << "the sanitizer's own handlers stand in the way"
#else
#define SKIP_UNDER_SANITIZERS() static_cast<void>(0)
#endif

struct Death {
  std::string note;
  int signal = 0;  // 0 = the process ended by itself
};

// Runs `deed` in a process of its own, where crash notes are installed.
Death die(const std::function<void()>& deed) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    const rlimit no_core{0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    CrashNote::install(ends[1]);
    deed();
    _exit(0);
  }
  close(ends[1]);
  Death death;
  char piece[256];
  for (ssize_t n = 0; (n = read(ends[0], piece, sizeof piece)) > 0;)
    death.note.append(piece, static_cast<std::size_t>(n));
  close(ends[0]);
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  if (WIFSIGNALED(status)) death.signal = WTERMSIG(status);
  return death;
}

Death die_in_a_thread(const std::string& stream, const std::function<void()>& deed) {
  return die([&] {
    std::thread([&] {
      const CrashNote::Scope in_hand(stream);
      deed();
    }).join();
  });
}

// Deeper than any stack.
int overflow(int depth) {
  volatile char frame[4096];
  frame[0] = static_cast<char>(depth);
  return depth == 0 ? 0 : overflow(depth - 1) + frame[0];
}

TEST(CrashNote, NamesTheStreamAndTheSignalThatTheProcessDiesBy) {
  SKIP_UNDER_SANITIZERS();
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) {
    const Death death = die_in_a_thread("studio-7", [&] { raise(signal); });
    EXPECT_EQ(death.note, "studio-7 " + std::to_string(signal) + "\n");
    EXPECT_EQ(death.signal, signal);
  }
}

TEST(CrashNote, NotesAnAccessToNowhere) {
  SKIP_UNDER_SANITIZERS();
  const Death death = die_in_a_thread("a", [] {
    volatile int* volatile nowhere = nullptr;
    *nowhere = 1;
  });
  EXPECT_EQ(death.note, "a 11\n");
  EXPECT_EQ(death.signal, SIGSEGV);
}

TEST(CrashNote, NotesAbort) {
  SKIP_UNDER_SANITIZERS();
  const Death death = die_in_a_thread("a", [] { std::abort(); });
  EXPECT_EQ(death.note, "a 6\n");
  EXPECT_EQ(death.signal, SIGABRT);
}

TEST(CrashNote, NotesAStackThatOverflows) {
  SKIP_UNDER_SANITIZERS();
  const Death death = die_in_a_thread("deep", [] { overflow(1 << 30); });
  EXPECT_EQ(death.note, "deep 11\n");
  EXPECT_EQ(death.signal, SIGSEGV);
}

TEST(CrashNote, WritesNothingOutsideAScope) {
  SKIP_UNDER_SANITIZERS();
  const Death death = die([] {
    const std::string stream = "over";
    { const CrashNote::Scope in_hand(stream); }
    std::abort();
  });
  EXPECT_EQ(death.note, "");
  EXPECT_EQ(death.signal, SIGABRT);
}

TEST(CrashNote, WritesNothingOfAnotherThreadsStream) {
  SKIP_UNDER_SANITIZERS();
  const Death death = die([] {
    const std::string stream = "innocent";
    const CrashNote::Scope in_hand(stream);
    std::thread([] { std::abort(); }).join();
  });
  EXPECT_EQ(death.note, "");
  EXPECT_EQ(death.signal, SIGABRT);
}

TEST(CrashNote, NamesTheInnermostScope) {
  SKIP_UNDER_SANITIZERS();
  const std::string inner = "inner";
  EXPECT_EQ(die_in_a_thread("outer",
                            [&] {
                              const CrashNote::Scope in_hand(inner);
                              std::abort();
                            })
                .note,
            "inner 6\n");
  EXPECT_EQ(die_in_a_thread("outer",
                            [&] {
                              { const CrashNote::Scope in_hand(inner); }
                              std::abort();
                            })
                .note,
            "outer 6\n");
}

TEST(CrashNote, TellsTheFirst63BytesOfALongName) {
  SKIP_UNDER_SANITIZERS();
  const Death death = die_in_a_thread(std::string(200, 'n'), [] { std::abort(); });
  EXPECT_EQ(death.note, std::string(63, 'n') + " 6\n");
}

TEST(CrashNote, CostsNothingWhereNothingCrashes) {
  const Death death = die_in_a_thread("a", [] {});
  EXPECT_EQ(death.note, "");
  EXPECT_EQ(death.signal, 0);
}

}  // namespace
}  // namespace monolens
