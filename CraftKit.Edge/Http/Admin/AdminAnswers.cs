using System.Text.Json;
using CraftKit.Edge.Catalog;
using Microsoft.AspNetCore.Http;

namespace CraftKit.Edge.Http.Admin;

/// <summary>What the routes of the catalog answer.</summary>
internal static class AdminAnswers
{
    /// <summary>200 with what <paramref name="write"/> writes about <paramref name="value"/>.</summary>
    public static ApiAnswer Ok<T>(T value, Action<Utf8JsonWriter, T> write) => new(StatusCodes.Status200OK, ApiJson.Write(value, write));

    /// <summary>201 likewise.</summary>
    public static ApiAnswer Created<T>(T value, Action<Utf8JsonWriter, T> write) => new(StatusCodes.Status201Created, ApiJson.Write(value, write));

    /// <summary>200 <c>{"id":"…","deleted":true}</c> and its like.</summary>
    public static ApiAnswer Done(string id, string done) => Ok((id, done), static (json, answer) => json.WriteDone(answer.id, answer.done));

    /// <summary>The answer to an operation that was not done.</summary>
    public static ApiAnswer Refused(CatalogFault fault) => fault switch
    {
        CatalogFault.ProjectNotFound or CatalogFault.ProjectDeleted => ApiError.ProjectNotFound,
        CatalogFault.KeyNotFound or CatalogFault.KeyRevoked => ApiError.KeyNotFound,
        CatalogFault.RenderNotFound => ApiError.RenderNotInProject,
        CatalogFault.RenderOfAnotherProject => ApiError.RenderConflict,
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "the schema of the route should have refused this"),
    };
}
