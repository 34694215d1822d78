"""From a checked build to a live site: seal, switch, roll back."""
