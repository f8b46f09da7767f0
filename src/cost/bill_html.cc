#include "cost/bill_text.h"
#include "cost/cost_page.h"
#include "report/page_data.h"

namespace monolens::cost {

std::string cost_html(const nlohmann::ordered_json& cost) { return page_with_data(cost_page(), cost); }

}  // namespace monolens::cost
