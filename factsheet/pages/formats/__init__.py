"""Write a page as Markdown, HTML or PDF."""
