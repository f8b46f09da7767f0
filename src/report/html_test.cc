#include "report/html.h"
