using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Cortex.Tests.Fixtures;

/// <summary>One request as a test backend received it.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path without the query.</param>
/// <param name="Headers">Every header; repeated ones joined by a comma. Names ignore case.</param>
/// <param name="Body">The body as text; empty when there was none.</param>
internal sealed record CapturedRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>The bearer token, or null.</summary>
    public string? Bearer => Headers.TryGetValue("Authorization", out var value) && value.StartsWith("Bearer ", StringComparison.Ordinal)
        ? value["Bearer ".Length..]
        : null;

    /// <summary>The bearer token, decoded and not validated; null when there is none or it is no JWT.</summary>
    public JsonWebToken? Token => Bearer is { } token && new JsonWebTokenHandler().CanReadToken(token) ? new JsonWebToken(token) : null;

    /// <summary>The body as JSON.</summary>
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

    /// <summary><c>method</c> of the body: of a JSON-RPC message or of a contract call; null when there is none.</summary>
    public string? RpcMethod => Body.Length > 0 && Json is { ValueKind: JsonValueKind.Object } body && body.TryGetProperty("method", out var method)
        ? method.GetString()
        : null;

    /// <summary>The value of one header, or null.</summary>
    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>Reads a request and leaves its body readable for whoever comes next.</summary>
    public static async Task<CapturedRequest> ReadAsync(HttpRequest request)
    {
        request.EnableBuffering();
        using var reader = new StreamReader(request.Body, leaveOpen: true);
        var body = await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
        request.Body.Position = 0;
        return new CapturedRequest(
            request.Method,
            request.Path,
            request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body);
    }
}
