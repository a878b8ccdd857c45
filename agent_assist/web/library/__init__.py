"""What the answers are made from, and how well it fits."""
