using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CraftKit.Edge.Http;

/// <summary>The error answers (docs/API.md, "Errors"): made once where they are constant.</summary>
internal static class ApiError
{
    /// <summary>401; the same whether the key is missing, malformed, unknown or revoked.</summary>
    public static ApiAnswer Unauthorized { get; } = Create(
        StatusCodes.Status401Unauthorized,
        "unauthorized",
        "Missing, invalid or revoked API key. Send it as 'Authorization: Bearer ck_live_...'.",
        HeaderNames.WWWAuthenticate,
        "Bearer");

    /// <summary>401 of the admin plane; likewise.</summary>
    public static ApiAnswer AccountUnauthorized { get; } = Create(
        StatusCodes.Status401Unauthorized,
        "unauthorized",
        "Missing, invalid or revoked account key. Send it as 'Authorization: Bearer ck_acct_...'.",
        HeaderNames.WWWAuthenticate,
        "Bearer");

    /// <summary>403: the key's project was deleted.</summary>
    public static ApiAnswer Forbidden { get; } = Create(StatusCodes.Status403Forbidden, "forbidden", "The project of this API key no longer exists.");

    /// <summary>413: the body is larger than <c>maxBodyBytes</c>.</summary>
    public static ApiAnswer PayloadTooLarge { get; } = Create(StatusCodes.Status413PayloadTooLarge, "payload_too_large", "The request body is too large.");

    /// <summary>413: a bulk request has more items than one may have.</summary>
    public static ApiAnswer TooManyItems { get; } = Create(
        StatusCodes.Status413PayloadTooLarge, "payload_too_large", "A bulk request holds at most 10,000 items. The rest was not looked at.");

    /// <summary>400: the body is no JSON.</summary>
    public static ApiAnswer InvalidJson { get; } = Create(StatusCodes.Status400BadRequest, "invalid_json", "The request body is not valid JSON.");

    /// <summary>404: the key's project has no such render.</summary>
    public static ApiAnswer RenderNotFound { get; } = Create(StatusCodes.Status404NotFound, "not_found", "No render with that id in this key's project.");

    /// <summary>404: no such project, or it was deleted.</summary>
    public static ApiAnswer ProjectNotFound { get; } = Create(StatusCodes.Status404NotFound, "not_found", "No project with that id.");

    /// <summary>404: the project has no such key, or it was revoked before.</summary>
    public static ApiAnswer KeyNotFound { get; } = Create(StatusCodes.Status404NotFound, "not_found", "No live key with that id in this project.");

    /// <summary>404: the project of the path has no such render.</summary>
    public static ApiAnswer RenderNotInProject { get; } = Create(StatusCodes.Status404NotFound, "not_found", "No render with that id in this project.");

    /// <summary>409: another project has the render.</summary>
    public static ApiAnswer RenderConflict { get; } = Create(
        StatusCodes.Status409Conflict, "conflict", "Another project has a render with that id; renders are never moved. Choose another id.");

    /// <summary>404: no such route.</summary>
    public static ApiAnswer RouteNotFound { get; } = Create(StatusCodes.Status404NotFound, "not_found", "There is nothing at this path.");

    /// <summary>405 on a route that takes POST alone.</summary>
    public static ApiAnswer PostOnly { get; } = MethodNotAllowed("POST");

    /// <summary>405 on a route that takes GET, and so HEAD.</summary>
    public static ApiAnswer GetOnly { get; } = MethodNotAllowed("GET, HEAD");

    /// <summary>503: nothing was acknowledged, and to send it again is safe.</summary>
    public static ApiAnswer QueueUnavailable { get; } = Create(
        StatusCodes.Status503ServiceUnavailable,
        "queue_unavailable",
        "The service cannot take or read events at the moment. Try again shortly; it is safe to send the request again.",
        HeaderNames.RetryAfter,
        "1");

    /// <summary>503: the catalog cannot be written or read at the moment.</summary>
    public static ApiAnswer StorageUnavailable { get; } = Create(
        StatusCodes.Status503ServiceUnavailable,
        "storage_unavailable",
        "The catalog cannot be used at the moment; the service's log says why. Look whether the change was made before you try it again.",
        HeaderNames.RetryAfter,
        "5");

    /// <summary>500: a fault of the service's own; its log has the cause.</summary>
    public static ApiAnswer Internal { get; } = Create(StatusCodes.Status500InternalServerError, "internal", "The service failed to answer this request.");

    /// <summary>400 (a few routes of the admin plane say 422) with what is wrong with the body's value.</summary>
    public static ApiAnswer InvalidRequest(
        BodyIssues issues,
        int status = StatusCodes.Status400BadRequest,
        string message = "The request body does not fit the schema.") => new(status, ApiJson.Write((issues, message), static (json, answer) =>
    {
        var (issues, message) = answer;
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteString("code"u8, "invalid_request"u8);
        json.WriteString("message"u8, message);
        json.WriteStartObject("issues"u8);
        json.WriteStartArray("formErrors"u8);
        if (issues.Form is not null)
            json.WriteStringValue(issues.Form);
        json.WriteEndArray();
        json.WriteStartObject("fieldErrors"u8);
        string? last = null;
        foreach (var (field, fault) in issues.Fields)
        {
            if (field != last)
            {
                if (last is not null)
                    json.WriteEndArray();
                json.WriteStartArray(field);
                last = field;
            }

            json.WriteStringValue(fault);
        }

        if (last is not null)
            json.WriteEndArray();

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }));

    /// <summary>An error with a code and a message.</summary>
    public static ApiAnswer Create(int status, string code, string message, string? headerName = null, string? headerValue = null) =>
        new(status, Body(code, message), headerName, headerValue);

    /// <summary>The body of an error with a code and a message.</summary>
    public static byte[] Body(string code, string message) => ApiJson.Write((code, message), static (json, error) =>
    {
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteString("code"u8, error.code);
        json.WriteString("message"u8, error.message);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    /// <summary>405 on a path that takes other methods.</summary>
    public static ApiAnswer MethodNotAllowed(string allow) => Create(
        StatusCodes.Status405MethodNotAllowed, "method_not_allowed", $"This path takes {allow} alone.", HeaderNames.Allow, allow);
}
