-- Today, in the time zone of the database. The only place that asks the clock for a day.
CREATE FUNCTION canbo.today() RETURNS date LANGUAGE sql STABLE AS $$ SELECT now()::date $$;
