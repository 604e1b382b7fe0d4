using System.Text.Json;

namespace Cortex.Tests.Conformance;

/// <summary>One check of a scenario, as in its <c>checks.json</c>: <c>{"id", "status", "description", "errorMessage"?, "details"?}</c>.</summary>
internal sealed record ConformanceCheck(JsonElement Json)
{
    /// <summary>What is checked. A scenario may make the same check several times.</summary>
    public string Id => Json.GetProperty("id").GetString()!;

    /// <summary><c>SUCCESS</c>, <c>FAILURE</c>, <c>WARNING</c>, <c>SKIPPED</c> or <c>INFO</c>.</summary>
    public string Status => Json.GetProperty("status").GetString()!;

    public bool HasPassed => Status == "SUCCESS";

    public bool HasFailed => Status == "FAILURE";

    public bool HasWarned => Status == "WARNING";

    /// <summary>True when it can neither pass nor fail.</summary>
    public bool IsInformation => Status == "INFO";

    /// <summary>Why it did not pass, in one line; empty when the suite does not say.</summary>
    public string Message => Json.TryGetProperty("errorMessage", out var message) ? message.GetString()!.ReplaceLineEndings(" ") : "";
}
