using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Cortex.Foundation.Configuration.Binding.Formats;

/// <summary>A whole number and a unit: <c>500ms</c>, <c>10s</c>, <c>5m</c>, <c>1h</c>, <c>1d</c>. At most 10 years.</summary>
internal sealed class DurationFormat : ScalarFormat
{
    private const long LongestDays = 3653;

    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond),
        ("m", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour),
        ("d", TimeSpan.TicksPerDay),
    ];

    public override string Expected => "a duration";

    public override string Mend(string text) => "Write a whole number and a unit: 500ms, 10s, 5m, 1h or 1d";

    public override bool TryRead(string text, [NotNullWhen(true)] out object? value)
    {
        value = null;
        foreach (var (unit, ticks) in Units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal)
                || !long.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                continue;
            if (count <= LongestDays * TimeSpan.TicksPerDay / ticks)
                value = new TimeSpan(count * ticks);
            break;
        }

        return value is not null;
    }

    public override string Write(object value)
    {
        var ticks = ((TimeSpan)value).Ticks;
        if (ticks == 0)
            return "0s";
        var (unit, size) = Units.Last(candidate => ticks % candidate.Ticks == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{ticks / size}{unit}");
    }

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = "^[0-9]+(ms|s|m|h|d)$" };
}
