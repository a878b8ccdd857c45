"""Library folders, sheets and their faults by file and cell, to core types and back."""
