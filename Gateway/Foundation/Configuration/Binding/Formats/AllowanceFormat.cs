using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Cortex.Foundation.Model;

namespace Cortex.Foundation.Configuration.Binding.Formats;

/// <summary>How many are allowed: digits, or <c>off</c> for any number.</summary>
internal sealed class AllowanceFormat : ScalarFormat
{
    public override string Expected => "a whole number or 'off'";

    public override string Mend(string text) => $"Write a whole number of at most {Allowance.Most}, or off for no limit";

    public override bool TryRead(string text, [NotNullWhen(true)] out object? value)
    {
        value = Allowance.TryParse(text, out var allowance) ? allowance : null;
        return value is not null;
    }

    public override string Write(object value) => ((Allowance)value).ToString();

    public override JsonObject Schema() => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = Allowance.Most },
            new JsonObject { ["enum"] = new JsonArray("off") }),
    };
}
