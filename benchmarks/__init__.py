"""Programs that measure the product. None of it is needed to run it."""
