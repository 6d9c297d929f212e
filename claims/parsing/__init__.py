"""Reading the parameters of claims."""
