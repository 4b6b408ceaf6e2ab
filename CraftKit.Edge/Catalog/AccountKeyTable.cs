using CraftKit.Edge.Storage;

namespace CraftKit.Edge.Catalog;

/// <summary>The account keys of a <see cref="CatalogStore"/>; of each only a hash is stored.</summary>
internal sealed class AccountKeyTable
{
    /// <summary>The longest name in UTF-16 units.</summary>
    public const int MaxNameLength = KeyTable.MaxNameLength;

    /// <summary>The name of a key that was given none.</summary>
    public const string DefaultName = "Account key";

    private const string Select = "SELECT id, name, prefix, created_at, revoked_at FROM account_keys";

    private readonly SqliteFile _file;
    private readonly TimeProvider _time;

    internal AccountKeyTable(SqliteFile file, TimeProvider time)
    {
        _file = file;
        _time = time;
    }

    /// <summary>Makes a key.</summary>
    /// <param name="name">1 to 200 UTF-16 units; null for <see cref="DefaultName"/>.</param>
    /// <returns>The key in plain text, which can never be had again.</returns>
    public CatalogResult<CreatedAccountKey> Create(string? name = null)
    {
        name ??= DefaultName;
        if (name.Length is 0 or > MaxNameLength)
            return CatalogRefusal.InvalidName("account key name", MaxNameLength);
        var plaintext = ApiKey.Create(ApiKey.AccountScheme);
        var key = new AccountKey(CatalogId.Create(_time), name, ApiKey.PrefixOf(plaintext), CatalogStore.Now(_time), null);
        using var transaction = _file.BeginImmediate();
        using var insert = _file.Prepare("INSERT INTO account_keys(id, name, prefix, sha256, created_at, change) VALUES (?,?,?,?,?,?)");
        insert.BindText(1, key.Id).BindText(2, name).BindText(3, key.Prefix).BindBlob(4, ApiKey.Hash(plaintext))
            .Bind(5, key.CreatedAt.ToUnixTimeMilliseconds()).Bind(6, CatalogStore.NextChange(_file)).Run();
        transaction.Commit();
        return new CreatedAccountKey(key, plaintext);
    }

    /// <summary>All keys, newest first, revoked ones too.</summary>
    public IReadOnlyList<AccountKey> List()
    {
        using var select = _file.Prepare($"{Select} ORDER BY number DESC");
        var keys = new List<AccountKey>();
        while (select.Step())
            keys.Add(Read(select));
        return keys;
    }

    /// <summary>Revokes a key for good.</summary>
    public CatalogResult<AccountKey> Revoke(string id)
    {
        if (!CatalogId.IsValid(id))
            return CatalogRefusal.AccountKeyNotFound(id);
        using var transaction = _file.BeginImmediate();
        using var select = _file.Prepare($"{Select} WHERE id=?");
        if (!select.BindText(1, id).Step())
            return CatalogRefusal.AccountKeyNotFound(id);
        var key = Read(select);
        select.Reset();
        if (key.RevokedAt is not null)
            return CatalogRefusal.KeyRevoked(id);
        key = key with { RevokedAt = CatalogStore.Now(_time) };
        using var update = _file.Prepare("UPDATE account_keys SET revoked_at=?, change=? WHERE id=?");
        update.Bind(1, key.RevokedAt.Value.ToUnixTimeMilliseconds()).Bind(2, CatalogStore.NextChange(_file)).BindText(3, id).Run();
        transaction.Commit();
        return key;
    }

    private static AccountKey Read(SqliteStatement row) => new(
        row.ColumnText(0)!, row.ColumnText(1)!, row.ColumnText(2)!, CatalogStore.Time(row, 3), CatalogStore.TimeOrNull(row, 4));
}
