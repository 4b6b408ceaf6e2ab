using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CraftKit.Edge.Http.Admin;

/// <summary>A whole list as an answer, <c>{"name":[…]}</c>, read and sent page by page: it takes the memory of one page, however long it is and
/// however slowly the client reads.</summary>
internal static class PagedAnswer
{
    /// <summary>Items that are read at once.</summary>
    public const int PageSize = 1000;

    /// <summary>Sends the list.</summary>
    /// <param name="request">The request.</param>
    /// <param name="name">The list's name.</param>
    /// <param name="nextPage">The page after an item, null for the first; the last page is shorter than <see cref="PageSize"/>.</param>
    /// <param name="write">Writes an item.</param>
    /// <returns>Null: the answer is sent.</returns>
    public static async Task<ApiAnswer?> SendAsync<T>(
        AdminRequest request, string name, Func<T?, Task<IReadOnlyList<T>>> nextPage, Action<Utf8JsonWriter, T> write)
        where T : class
    {
        // Before the head: what fails here still gets its status.
        var page = await nextPage(null);
        var output = Begin(request);
        await using var json = new Utf8JsonWriter(output, ApiJson.Options);
        json.WriteStartObject();
        json.WriteStartArray(name);
        while (true)
        {
            foreach (var item in page)
                write(json, item);
            if (page.Count < PageSize)
                break;
            await json.FlushAsync(request.Aborted);
            await output.FlushAsync(request.Aborted);
            page = await nextPage(page[^1]);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(request.Aborted);
        await output.FlushAsync(request.Aborted);
        return null;
    }

    /// <summary>Sends one page, written into the server's own buffers: an array of this size would be collected with all that is old, and each such
    /// collection is felt on the data plane.</summary>
    /// <param name="request">The request.</param>
    /// <param name="page">The page.</param>
    /// <param name="write">Writes the whole answer.</param>
    /// <returns>Null: the answer is sent.</returns>
    public static async Task<ApiAnswer?> SendPageAsync<T>(AdminRequest request, T page, Action<Utf8JsonWriter, T> write)
    {
        var output = Begin(request);
        await using var json = new Utf8JsonWriter(output, ApiJson.Options);
        write(json, page);
        await json.FlushAsync(request.Aborted);
        await output.FlushAsync(request.Aborted);
        return null;
    }

    private static PipeWriter Begin(AdminRequest request)
    {
        var response = request.Features.GetRequiredFeature<IHttpResponseFeature>();
        response.StatusCode = StatusCodes.Status200OK;
        response.Headers.ContentType = "application/json";
        return request.Features.GetRequiredFeature<IHttpResponseBodyFeature>().Writer;
    }
}
