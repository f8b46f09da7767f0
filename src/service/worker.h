// The worker process: all monitors of an instance, told what to watch over a Wire and telling what it sees.
//
// A stream that crashes a decoder takes down this process alone; the service starts another.
#pragma once

namespace monolens {

struct WorkerOptions {
  int wire = -1;  // descriptor of the Wire to the service
  int note = -1;  // descriptor for CrashNote
};

// Messages in: first {"sources": {…}}, what streams may come from; then {"watch": id, "spec": {…}} and
// {"forget": id}. Out: those of to_json(LiveEvent), and once a second {"status": {id: …}} and
// {"measured": [[id, second, measurements], …]}. Ends when the other side is gone.
int run_worker(const WorkerOptions& options);

}  // namespace monolens
