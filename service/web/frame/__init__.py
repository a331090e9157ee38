"""What all pages have: navigation, the built front end, notices, files, where to go on, refusals."""
