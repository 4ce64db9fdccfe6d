"""One function an act: decide by the domain, write the records, append to the log, leave slow work to a task."""
