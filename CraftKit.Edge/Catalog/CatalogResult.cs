using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Catalog;

/// <summary>What an operation on the catalog came to: a value, or the rule that forbids it, which a command prints and the admin
/// plane turns into a status.</summary>
internal readonly struct CatalogResult<T>
{
    private readonly T? _value;

    private CatalogResult(T? value, CatalogFault fault, string message)
    {
        _value = value;
        Fault = fault;
        Message = message;
    }

    /// <summary>The rule that was broken; <see cref="CatalogFault.None"/> when there is a value.</summary>
    public CatalogFault Fault { get; }

    /// <summary>One line for the operator; empty when there is a value.</summary>
    public string Message { get; }

    /// <summary>The value.</summary>
    /// <exception cref="EdgeException">There is none; the line says why.</exception>
    public T Value => Fault == CatalogFault.None ? _value! : throw new EdgeException(Message);

    public static implicit operator CatalogResult<T>(T value) => new(value, CatalogFault.None, "");

    public static implicit operator CatalogResult<T>(CatalogRefusal refusal) => new(default, refusal.Fault, refusal.Message);
}
