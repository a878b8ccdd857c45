"""What the work teaches: measures, money at risk, and what to change."""
