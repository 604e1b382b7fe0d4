using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cortex.Cli.BackendTest;

/// <summary>What <c>backend test --json</c> prints.</summary>
/// <param name="Ok">True when nothing has to be mended.</param>
/// <param name="Url">The address that was tested.</param>
/// <param name="Findings">Every check, in the order in which they ran.</param>
internal sealed record BackendTestReport(bool Ok, string Url, IReadOnlyList<Finding> Findings)
{
    public string ToJson() => JsonSerializer.Serialize(this, BackendTestReportJson.Default.BackendTestReport);
}

/// <summary>Serialization of <see cref="BackendTestReport"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BackendTestReport))]
internal sealed partial class BackendTestReportJson : JsonSerializerContext;
