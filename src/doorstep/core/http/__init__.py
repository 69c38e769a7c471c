"""The HTTP edge shared by all features: the URL table, answers, problems, forms, paging, headers.
Knows Flask; knows nothing of orders or people."""
