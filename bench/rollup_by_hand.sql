-- Ten figures of a thousand units on a day, written by hand for exactly these figures: on the same tables, as the
-- application's role, on both dates (so on the day `on`, as known at `known`); `units` are keys of organisations.
-- Stocks count with the tree of the day, what began in the period with the tree of its first day, what ended with that
-- of its last.
WITH cover AS (
    SELECT ancestor_id AS asked, descendant_id AS unit, valid
    FROM registry_closure
    WHERE ancestor_id = ANY (%(units)s) AND valid && daterange(%(start)s::date - 1, %(on)s, '[]')),
stock AS (
    SELECT unit_id,
           count(*) AS members,
           count(*) FILTER (WHERE stage = 'official') AS official,
           count(*) FILTER (WHERE stage = 'probationary') AS probationary,
           count(*) FILTER (WHERE category = 'retired') AS retired,
           count(*) FILTER (WHERE category = 'high-school-student') AS pupils,
           count(*) FILTER (WHERE category IN ('farmer', 'enterprise-worker')) AS workers
    FROM registry_membership
    WHERE recorded @> %(known)s AND valid @> %(on)s
    GROUP BY unit_id),
event AS (
    SELECT unit_id, lower(valid) AS day, entry, true AS began
    FROM registry_membership
    WHERE recorded @> %(known)s AND lower(valid) BETWEEN %(start)s AND %(on)s AND entry IN ('admission', 'stage', 'transfer')
    UNION ALL
    SELECT unit_id, upper(valid) - 1, entry, false
    FROM registry_membership
    WHERE recorded @> %(known)s AND upper(valid) BETWEEN %(start)s AND %(on)s AND ending <> ''),
stocks AS (
    SELECT c.asked, sum(members) AS members, sum(official) AS official, sum(probationary) AS probationary,
           sum(retired) AS retired, sum(pupils) AS pupils, sum(workers) AS workers
    FROM cover c JOIN stock s ON s.unit_id = c.unit
    WHERE c.valid @> %(on)s
    GROUP BY c.asked),
flows AS (
    SELECT c.asked,
           count(*) FILTER (WHERE began AND entry = 'admission') AS admitted,
           count(*) FILTER (WHERE began AND entry = 'stage') AS advanced,
           count(*) FILTER (WHERE began AND entry = 'transfer') AS moved,
           count(*) FILTER (WHERE NOT began) AS gone
    FROM cover c JOIN event e ON e.unit_id = c.unit AND c.valid @> e.day
    GROUP BY c.asked)
SELECT u.code, members, official, probationary, retired, pupils, workers,
       coalesce(admitted, 0), coalesce(gone, 0), coalesce(moved, 0), coalesce(advanced, 0)
FROM stocks LEFT JOIN flows USING (asked) JOIN registry_unit u ON u.id = asked
