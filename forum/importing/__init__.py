"""Import: readers that turn files into records, and the writing of records."""
