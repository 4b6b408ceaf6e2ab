namespace CraftKit.Edge.Bench.Storage;

/// <summary>An event as one would model it without much thought: a row of texts.</summary>
internal sealed class StoredEvent
{
    /// <summary>The table, an index for the look-up of a render's events included.</summary>
    public const string Table = """
        CREATE TABLE "Events" ("Id" TEXT NOT NULL PRIMARY KEY, "RenderId" TEXT NOT NULL, "Type" TEXT NOT NULL, "ShareId" TEXT NOT NULL, "Ip" TEXT NOT NULL,
            "UserAgent" TEXT NOT NULL, "Metadata" TEXT NOT NULL, "Time" TEXT NOT NULL);
        CREATE INDEX "EventsOfRender" ON "Events" ("RenderId", "Time");
        """;

    /// <summary>One row's statement.</summary>
    public const string Insert = """INSERT INTO "Events" VALUES ($id, $render, $type, $share, $ip, $agent, $metadata, $time)""";

    public required string Id { get; init; }

    public required string RenderId { get; init; }

    public required string Type { get; init; }

    public required string ShareId { get; init; }

    public required string Ip { get; init; }

    public required string UserAgent { get; init; }

    public required string Metadata { get; init; }

    public required string Time { get; init; }
}
