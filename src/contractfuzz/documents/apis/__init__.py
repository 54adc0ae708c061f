"""Operations of an OpenAPI file, and the schemas of their requests and responses."""
