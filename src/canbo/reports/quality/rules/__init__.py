"""The rules of data quality, one question a file; each profile says which it has (`quality.yaml`)."""
