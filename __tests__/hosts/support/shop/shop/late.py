NUMBER = "one"
