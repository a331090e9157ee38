"""The processes of the house: what starts, keeps and ends them, and the web server among them."""
