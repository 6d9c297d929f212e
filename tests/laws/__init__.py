"""Laws of billing that hold for every input, tried with Hypothesis, and what they are made of."""
