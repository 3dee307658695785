BOOK = {}
