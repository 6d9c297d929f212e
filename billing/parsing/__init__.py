"""Reading what contracts and banks say."""
