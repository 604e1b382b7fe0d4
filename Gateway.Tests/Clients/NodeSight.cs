using System.Text.Json;

namespace Cortex.Tests.Clients;

/// <summary>What a client script saw.</summary>
/// <param name="Json">The whole line it printed.</param>
internal sealed record NodeSight(JsonElement Json)
{
    /// <summary>The negotiated revision; null when there was no connection.</summary>
    public string? ProtocolVersion => Text(Json, "protocolVersion");

    /// <summary>Names of the listed tools, in their order.</summary>
    public IReadOnlyList<string> Tools => Json.TryGetProperty("tools", out var tools)
        ? [.. tools.EnumerateArray().Select(tool => tool.GetProperty("name").GetString()!)]
        : [];

    /// <summary>A text that the script put down; null when it did not.</summary>
    public string? this[string name] => Text(Json, name);

    /// <summary>The texts of a list that the script put down.</summary>
    public IReadOnlyList<string> Texts(string name) => [.. Json.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];

    /// <summary>The progress that the script put down.</summary>
    public IReadOnlyList<double> Progress => [.. Json.GetProperty("progress").EnumerateArray().Select(progress => progress.GetDouble())];

    /// <summary>The tool result; undefined when there is none.</summary>
    public JsonElement Result => Json.TryGetProperty("result", out var result) ? result : default;

    /// <summary>Text of the result's first content block.</summary>
    public string? ResultText => Result.ValueKind is JsonValueKind.Object
        ? Text(Result.GetProperty("content").EnumerateArray().FirstOrDefault(), "text")
        : null;

    public bool IsError => Result.ValueKind is JsonValueKind.Object && Result.TryGetProperty("isError", out var error) && error.GetBoolean();

    /// <summary>Message of the exception that ended the script; null when all went well.</summary>
    public string? Error => Json.TryGetProperty("error", out var error) ? $"{Text(error, "name")}: {Text(error, "message")}" : null;

    /// <summary>The scopes asked for, sign-in by sign-in.</summary>
    public IReadOnlyList<string> AskedScopes => [.. Authorizations.Select(asked => Text(asked, "scope") ?? "")];

    /// <summary>What was asked for, sign-in by sign-in: scope, resource, challengeMethod.</summary>
    public IReadOnlyList<JsonElement> Authorizations =>
        Json.TryGetProperty("authorizations", out var authorizations) ? [.. authorizations.EnumerateArray()] : [];

    /// <summary>Every <c>WWW-Authenticate</c> that came back, with its status, in order.</summary>
    public IReadOnlyList<(int Status, string Challenge)> Challenges => Json.TryGetProperty("challenges", out var challenges)
        ? [.. challenges.EnumerateArray().Select(seen => (seen.GetProperty("status").GetInt32(), seen.GetProperty("challenge").GetString()!))]
        : [];

    /// <summary>The access token the client holds at the end; null for none.</summary>
    public string? AccessToken => Text(Json, "accessToken");

    /// <summary>How many progress notifications arrived.</summary>
    public int ProgressCount => Json.TryGetProperty("progress", out var progress) ? progress.GetArrayLength() : 0;

    private static string? Text(JsonElement parent, string name) =>
        parent.ValueKind is JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String
            ? value.GetString()
            : null;
}
