"""The register: identities, decisions, acts and the dated facts that acts open and close. One folder a concept."""
