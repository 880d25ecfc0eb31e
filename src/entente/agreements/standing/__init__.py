"""Between whom is a text in force? Officers' signatures, suspensions, and which version stands in place of which."""
