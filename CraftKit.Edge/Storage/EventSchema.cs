namespace CraftKit.Edge.Storage;

/// <summary>The tables of <c>events.db</c>.</summary>
/// <remarks>
/// <c>events</c> only ever grows at its end: its key is the event's position in the journal, which is never reset, and it has no index that would
/// be written at random. Each row names the render's event before it, so a render's newest events are found by walking back from
/// <c>renders.last</c>. <c>renders</c> is written behind (<see cref="RenderLedger"/>): a row holds the events up to its own <c>last</c>, and every
/// row holds at least those up to <c>state.counted</c>, from where the counts are completed at start. The counts of the day
/// and of <c>days</c> are written with the events that they count, in one transaction (<see cref="DayCounts"/>).
/// </remarks>
internal static class EventSchema
{
    /// <summary>Marks a SQLite file as an events database of this service ("CKEv").</summary>
    public static readonly SqliteSchema Schema = new(
        0x434B4576,
        [
            """
            CREATE TABLE state (
              id INTEGER PRIMARY KEY CHECK (id = 0),
              lineage INTEGER NOT NULL,   -- which journal belongs to this database
              epoch INTEGER NOT NULL,     -- the journal's epoch at the time
              position INTEGER NOT NULL,  -- every journal record below it is stored here
              counted INTEGER NOT NULL    -- every row of renders holds at least the events up to this sequence
            );
            INSERT INTO state VALUES (0, 0, 0, 0, 0);
            CREATE TABLE boots (
              number INTEGER PRIMARY KEY,
              id TEXT NOT NULL UNIQUE
            );
            CREATE TABLE projects (
              number INTEGER PRIMARY KEY,
              id TEXT NOT NULL UNIQUE
            );
            CREATE TABLE renders (
              number INTEGER PRIMARY KEY,
              project INTEGER NOT NULL REFERENCES projects,
              id TEXT NOT NULL,
              viewed INTEGER NOT NULL,
              downloaded INTEGER NOT NULL,
              printed INTEGER NOT NULL,
              link_opens INTEGER NOT NULL,
              last INTEGER NOT NULL       -- sequence of the newest event that this row counts
            );
            CREATE TABLE events (
              sequence INTEGER PRIMARY KEY, -- position in the journal: the order of recording
              id BLOB NOT NULL,             -- UUIDv7, its time is createdAt
              render INTEGER NOT NULL REFERENCES renders,
              previous INTEGER NOT NULL,    -- sequence of the render's event before this one, 0 for its first
              type INTEGER NOT NULL,        -- 1 viewed, 2 downloaded, 3 printed
              share TEXT,                   -- the render's share when the event was recorded
              address BLOB NOT NULL,        -- sourceIp, 4 or 16 bytes
              user_agent TEXT,
              metadata TEXT,                -- verbatim
              boot INTEGER NOT NULL REFERENCES boots,
              claimed INTEGER NOT NULL      -- time since that boot at which its window began, 100 ns
            );
            """,
            """
            CREATE TABLE key_uses (
              id TEXT PRIMARY KEY,        -- of a key, a project's or an account's
              used_at INTEGER NOT NULL    -- its last use to the minute, Unix milliseconds; written behind
            ) WITHOUT ROWID;
            """,

            // The counts of one day stand in the row that every batch writes anyway, and cost no page of their own. Of the day of the migration they
            // are counted by walking back to the day before; earlier days were never asked for.
            """
            ALTER TABLE state ADD COLUMN day INTEGER NOT NULL DEFAULT 0;        -- days since 1970-01-01 UTC
            ALTER TABLE state ADD COLUMN viewed INTEGER NOT NULL DEFAULT 0;     -- events of that day, by the time in their ids
            ALTER TABLE state ADD COLUMN downloaded INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE state ADD COLUMN printed INTEGER NOT NULL DEFAULT 0;
            CREATE TABLE days (
              day INTEGER NOT NULL,
              type INTEGER NOT NULL,      -- as in events
              events INTEGER NOT NULL,    -- those of the day that are not in state
              PRIMARY KEY (day, type)
            ) WITHOUT ROWID;
            UPDATE state SET
              day = unixepoch() / 86400,
              (viewed, downloaded, printed) = (
                SELECT coalesce(sum(type = 1), 0), coalesce(sum(type = 2), 0), coalesce(sum(type = 3), 0) FROM events
                WHERE sequence > coalesce((
                  SELECT sequence FROM events
                  WHERE id < unhex(printf('%012x', unixepoch('now', 'start of day') * 1000))
                  ORDER BY sequence DESC LIMIT 1), 0));
            """,
        ]);

    /// <summary>The first version with the table <c>key_uses</c>.</summary>
    public const int KeyUsesVersion = 2;

    /// <summary>The file's name in the data folder.</summary>
    public const string FileName = "events.db";
}
