"""Trials: what a draft of the policy would have decided, asked of decisions that were taken."""
