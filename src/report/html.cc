#include "report/html.h"

#include "report/html_page.h"
#include "report/page_data.h"

namespace monolens {

std::string render_html(const nlohmann::json& reports) {
  return page_with_data(html_page(), reports.is_array() ? reports : nlohmann::json::array({reports}));
}

}  // namespace monolens
