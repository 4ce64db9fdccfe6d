"""Pages of cases, one module for each part of a case file."""
