"""The systems that call us: their keys, and the pages that embed the panel."""
