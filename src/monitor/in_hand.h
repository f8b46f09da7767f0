// InHand: what an analysis is at: the decoder, the measuring of pictures or sound, or a detector by its name.
//
// The thread that analyses writes it, at the cost of two stores a step; who samples it learns what the time
// goes into, and who watches it what does not return.
#pragma once

#include <atomic>

namespace monolens {

class InHand {
 public:
  // From here to the end of the scope. `what` is a literal.
  class Step {
   public:
    Step(InHand& in_hand, const char* what)
        : in_hand_(in_hand), before_(in_hand.what_.load(std::memory_order_relaxed)) {
      in_hand_.what_.store(what, std::memory_order_relaxed);
    }
    ~Step() { in_hand_.what_.store(before_, std::memory_order_relaxed); }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

   private:
    InHand& in_hand_;
    const char* before_;
  };

  // Thread-safe.
  const char* what() const { return what_.load(std::memory_order_relaxed); }

 private:
  std::atomic<const char*> what_ = "other";
};

}  // namespace monolens
