using System.Text.Json;
using System.Text.Json.Serialization;
using Cortex.Foundation.Configuration;

namespace Cortex.Cli;

/// <summary>What <c>check --json</c> prints.</summary>
/// <param name="Ok">True when there is no fault.</param>
/// <param name="File">The main file.</param>
/// <param name="Includes">Included files that are in use.</param>
/// <param name="Backends">Backends that would run.</param>
/// <param name="Errors">Every fault.</param>
internal sealed record CheckReport(bool Ok, string File, int Includes, int Backends, IReadOnlyList<CheckReport.Fault> Errors)
{
    public string ToJson() => JsonSerializer.Serialize(this, CheckReportJson.Default.CheckReport);

    /// <param name="File">The file; null for an environment variable.</param>
    /// <param name="Line">Counts from 1; null when the fault concerns the whole file.</param>
    /// <param name="Column">Counts from 1.</param>
    /// <param name="Variable">The environment variable, where the fault is in one.</param>
    internal sealed record Fault(string? File, int? Line, int? Column, string? Variable, string Path, string Problem, string? Value, string Mend)
    {
        public static Fault Of(ConfigurationError error) => error.Origin switch
        {
            Origin.Place { Line: 0 } whole => new Fault(whole.File, null, null, null, error.Path, error.Problem, error.Value, error.Mend),
            Origin.Place place => new Fault(place.File, place.Line, place.Column, null, error.Path, error.Problem, error.Value, error.Mend),
            var origin => new Fault(null, null, null, ((Origin.Variable)origin).Name, error.Path, error.Problem, error.Value, error.Mend),
        };
    }
}

/// <summary>Serialization of <see cref="CheckReport"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CheckReport))]
internal sealed partial class CheckReportJson : JsonSerializerContext;
