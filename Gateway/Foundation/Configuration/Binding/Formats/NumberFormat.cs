using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;

namespace Cortex.Foundation.Configuration.Binding.Formats;

/// <summary>A number, in digits.</summary>
internal sealed class NumberFormat<T>(string expected, string schemaType, NumberStyles styles) : ScalarFormat
    where T : struct, INumber<T>
{
    public override string Expected => expected;

    public override string Mend(string text) => typeof(T) == typeof(int)
        ? $"Write {expected} of at most {int.MaxValue}, in digits alone"
        : $"Write {expected}, in digits alone";

    public override bool TryRead(string text, [NotNullWhen(true)] out object? value)
    {
        value = T.TryParse(text, styles, CultureInfo.InvariantCulture, out var number) && T.IsFinite(number) ? number : null;
        return value is not null;
    }

    public override string Write(object value) => ((T)value).ToString(null, CultureInfo.InvariantCulture);

    public override JsonObject Schema() => new() { ["type"] = schemaType };
}
