using System.Text.Json;

namespace Cortex.Bench.Faults;

/// <summary>Reads what the gateway says of its backends.</summary>
internal static class FaultReplies
{
    /// <summary>Each app that <c>whoami</c> tells of, with its state, from a whole HTTP reply.</summary>
    public static IEnumerable<string> Apps(string reply)
    {
        var body = reply[reply.IndexOf('{', StringComparison.Ordinal)..(reply.LastIndexOf('}') + 1)];
        using var document = JsonDocument.Parse(body);
        return [.. document.RootElement.GetProperty("result").GetProperty("structuredContent").GetProperty("apps").EnumerateArray()
            .Select(app => $"{app.GetProperty("id").GetString()} {app.GetProperty("state").GetString()}")];
    }

    /// <summary>One part of <c>/readyz</c>.</summary>
    public static string Part(string readiness, string name)
    {
        using var document = JsonDocument.Parse(readiness);
        return $"{name} {document.RootElement.GetProperty("parts").GetProperty(name).GetRawText()}";
    }
}
