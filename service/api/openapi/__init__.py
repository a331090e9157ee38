"""The OpenAPI document of everything under `/v2` and `/api`, made from the routes and what they answer."""
