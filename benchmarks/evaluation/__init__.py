"""How long standings of a city, a province, a nation take, beside other ways to the same answer."""
