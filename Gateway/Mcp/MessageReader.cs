using Cortex.Foundation.Configuration;
using Cortex.Mcp.Wire;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Cortex.Mcp;

/// <summary>
/// Takes the body of a POST: (1) the client must accept what it may be answered with, (2) the body must be plain JSON in UTF-8 by its headers,
/// (3) it is read once, bounded in size by the options and in time by the server's least data rate.
/// </summary>
internal sealed class MessageReader(IOptionsMonitor<GatewayOptions> options)
{
    private const string Json = "application/json";

    public async ValueTask<MessageRead> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (CheckHeaders(request) is { } error)
            return new MessageRead.Refused(error);
        var maxBytes = options.CurrentValue.MaxBodyBytes;
        try
        {
            var body = await RequestBody.ReadAsync(request, maxBytes, cancellationToken);
            if (body is null)
                return Refuse(StatusCodes.Status413PayloadTooLarge, $"The message is larger than {maxBytes} bytes.");
            return body.WrittenSpan.TrimStart(" \t\r\n"u8).StartsWith("["u8) ? new MessageRead.Many(body) : new MessageRead.One(body);
        }
        catch (BadHttpRequestException exception)
        {
            return Refuse(exception.StatusCode, $"The body can't be read: {exception.Message}");
        }
    }

    private static McpError? CheckHeaders(HttpRequest request)
    {
        if (!AcceptHeader.AllowsAnswers(request.Headers.Accept))
            return Error(StatusCodes.Status406NotAcceptable, "The Accept header must allow both application/json and text/event-stream.");
        if (!IsJson(request.ContentType))
            return Error(StatusCodes.Status415UnsupportedMediaType, "The Content-Type must be application/json, in UTF-8.");
        var encoding = request.Headers.ContentEncoding.ToString();
        return encoding.Length == 0 || string.Equals(encoding, "identity", StringComparison.OrdinalIgnoreCase)
            ? null
            : Error(StatusCodes.Status415UnsupportedMediaType, "The body must not be compressed; send it without Content-Encoding.");
    }

    private static bool IsJson(string? contentType) => contentType == Json || (MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || type.Charset.Value.AsSpan().Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase)));

    private static MessageRead.Refused Refuse(int status, string message) => new(Error(status, message));

    private static McpError Error(int status, string message) => new(status, McpError.InvalidRequest, message);
}
