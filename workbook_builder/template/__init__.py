"""What a plan consists of: declared in TOML, checked, and the same for every account."""
