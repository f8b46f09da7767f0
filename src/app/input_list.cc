#include "app/input_list.h"

#include <glob.h>
#include <unistd.h>

namespace monolens {
namespace {

bool is_pattern(const std::string& argument) {
  return argument.find_first_of("*?[") != std::string::npos && argument.find("://") == std::string::npos &&
         access(argument.c_str(), F_OK) != 0;
}

}  // namespace

std::vector<std::string> expand_inputs(const std::vector<std::string>& arguments) {
  std::vector<std::string> inputs;
  for (const std::string& argument : arguments) {
    glob_t found{};
    if (is_pattern(argument) && glob(argument.c_str(), 0, nullptr, &found) == 0) {
      inputs.insert(inputs.end(), found.gl_pathv, found.gl_pathv + found.gl_pathc);
    } else {
      inputs.push_back(argument);
    }
    globfree(&found);
  }
  return inputs;
}

}  // namespace monolens
