"""The field itself: standard library only, pure, typed strictly, no input or output."""
