using System.Text.Json.Nodes;
using Cortex.Foundation.Model;

namespace Cortex.Demo;

/// <summary>Every way a call of the demo backend can end, and its form on the wire.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The JSON body.</param>
internal abstract record DemoReply(int Status, JsonNode Body)
{
    /// <summary>The method's return value.</summary>
    internal sealed record Value(JsonNode Result) : DemoReply(StatusCodes.Status200OK, Result);

    /// <summary>The request itself is wrong: unknown method, missing or mistyped parameter, a limit reached.</summary>
    internal sealed record BadRequest(string Error) : DemoReply(StatusCodes.Status400BadRequest, Text(Error));

    /// <summary>The token is missing or not valid.</summary>
    internal sealed record Unauthenticated(string Error) : DemoReply(StatusCodes.Status401Unauthorized, Text(Error));

    /// <summary>The token is valid and lacks a scope.</summary>
    internal sealed record ScopeMissing(Scope Required)
        : DemoReply(StatusCodes.Status403Forbidden, new JsonObject { ["required"] = Required.Value });

    /// <summary>The app itself says no, whatever the scopes.</summary>
    internal sealed record Denied(string Error) : DemoReply(StatusCodes.Status403Forbidden, Text(Error));

    /// <summary>The issuer's keys can't be read yet.</summary>
    internal sealed record Unavailable(string Error) : DemoReply(StatusCodes.Status503ServiceUnavailable, Text(Error));

    private static JsonObject Text(string error) => new() { ["error"] = error };
}
