"""What screens and exports show: one scoped query function each."""
