// Turns a JSON report on standard input into the HTML report on standard output.
#include <exception>
#include <iostream>
#include <nlohmann/json.hpp>

#include "report/html.h"

int main() try {
  std::cout << monolens::render_html(nlohmann::json::parse(std::cin)) << std::flush;
  return std::cout ? 0 : 1;
} catch (const std::exception& e) {
  std::cerr << "render_html: " << e.what() << '\n';
  return 1;
}
