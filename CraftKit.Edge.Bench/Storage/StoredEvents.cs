using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace CraftKit.Edge.Bench.Storage;

/// <summary>EF Core's view of the table of <see cref="StoredEvent"/>.</summary>
internal sealed class StoredEvents(SqliteConnection connection) : DbContext
{
    public DbSet<StoredEvent> Events => Set<StoredEvent>();

    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder.UseSqlite(connection);

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<StoredEvent>(stored =>
    {
        stored.ToTable("Events");
        stored.HasKey(row => row.Id);
    });
}
