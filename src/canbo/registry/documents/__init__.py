"""Documents of authority: their types and numbers, what they implement or replace, and the decisions they carry."""
