"""What surrounds every page: the navigation, the built front end, notices, the pages of errors."""
