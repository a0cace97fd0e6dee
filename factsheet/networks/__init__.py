"""What a network computes: its operators, how many operations they make, and which of them are on analog tiles."""
