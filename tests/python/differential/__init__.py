"""The same calls on the stock socket module and on csocket, compared."""
