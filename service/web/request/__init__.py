"""What a page is asked: who asks, what he may open, what the request carries, in which language."""
