"""Pure rules of billing: same facts in, same answer out. Plain Python."""
