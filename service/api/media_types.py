"""Media types of what programs send and are answered."""

JSON = "application/json"
MULTIPART = "multipart/form-data"
PROBLEM = "application/problem+json"
