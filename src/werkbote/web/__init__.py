"""What people see and what Meta calls."""
