"""Commission of brokers, and credits that are paid back."""
