"""What people type into the pages, read and checked; one module a room."""
