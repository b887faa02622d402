"""Read suites of scenarios and play them."""
