using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cortex.Cli.Findings;

/// <summary>What a run of checks prints with <c>--json</c>.</summary>
/// <param name="Ok">True when nothing has to be mended.</param>
/// <param name="Url">The address that was examined.</param>
/// <param name="Findings">Every check, in the order in which they ran.</param>
internal sealed record FindingReport(bool Ok, string Url, IReadOnlyList<Finding> Findings)
{
    public string ToJson() => JsonSerializer.Serialize(this, FindingReportJson.Default.FindingReport);
}

/// <summary>Serialization of <see cref="FindingReport"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FindingReport))]
internal sealed partial class FindingReportJson : JsonSerializerContext;
