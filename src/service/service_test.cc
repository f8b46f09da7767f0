#include "service/service.h"

#include <gtest/gtest.h>

#include <string>

#include "base/testing/temporary_folder.h"

namespace monolens {
namespace {

ServiceOptions options_in(const TemporaryFolder& folder) {
  ServiceOptions options;
  options.store = folder.at("monolens.db");
  options.worker = {"/bin/sh", "-c", "cat <&3 >/dev/null"};  // listens and says nothing
  return options;
}

TEST(Service, CanBeStoppedWhileItsWorkerStarts) {
  const TemporaryFolder folder;
  for (int i = 0; i < 100; ++i) {
    const auto service = Service::start(options_in(folder), {});
    ASSERT_TRUE(service) << service.error().message;
  }
}

}  // namespace
}  // namespace monolens
