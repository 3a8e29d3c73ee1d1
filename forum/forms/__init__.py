"""What forms hold: shape and message only, no database."""
