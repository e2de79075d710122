"""What comes next for a wearer: plain arithmetic on their own past four weeks, and no advice beyond it."""
