using Microsoft.AspNetCore.Http;

namespace CraftKit.Edge.Http;

/// <summary>What the server itself refuses, below all routes: requests that break HTTP, or its limits.</summary>
internal static class Refusals
{
    private static readonly ApiAnswer BadRequest = ApiError.Create(
        StatusCodes.Status400BadRequest, "bad_request", "The request is not valid HTTP.");

    private static readonly ApiAnswer[] Others =
    [
        ApiError.Create(StatusCodes.Status405MethodNotAllowed, "method_not_allowed", "This method cannot be used on this request target."),
        ApiError.Create(StatusCodes.Status408RequestTimeout, "request_timeout", "The request arrived too slowly."),
        ApiError.Create(StatusCodes.Status411LengthRequired, "length_required", "The request needs a Content-Length or chunked encoding."),
        ApiError.PayloadTooLarge,
        ApiError.Create(StatusCodes.Status414UriTooLong, "uri_too_long", "The request line is too long."),
        ApiError.Create(StatusCodes.Status431RequestHeaderFieldsTooLarge, "headers_too_large", "The request headers are too large or too many."),
        ApiError.Internal,
        ApiError.Create(StatusCodes.Status505HttpVersionNotsupported, "http_version_not_supported", "Only HTTP/1.1 and HTTP/1.0 are supported."),
    ];

    /// <summary>The answer for a status that the server has chosen.</summary>
    public static ApiAnswer For(int status)
    {
        foreach (var answer in Others)
        {
            if (answer.Status == status)
                return answer;
        }

        return status == StatusCodes.Status400BadRequest
            ? BadRequest
            : ApiError.Create(status, "bad_request", "The server refuses this request.");
    }
}
