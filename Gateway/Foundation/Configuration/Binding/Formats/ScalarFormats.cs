using System.Globalization;
using System.Reflection;
using Cortex.Foundation.Model;

namespace Cortex.Foundation.Configuration.Binding.Formats;

/// <summary>Every kind of single value that options may hold.</summary>
internal static class ScalarFormats
{
    /// <summary>The format of <paramref name="type"/>; null when it is no single value.</summary>
    public static ScalarFormat? Find(Type type) => type switch
    {
        _ when type == typeof(string) => new TextFormat(),
        _ when type == typeof(bool) => new FlagFormat(),
        _ when type == typeof(int) => new NumberFormat<int>("a whole number", "integer", NumberStyles.AllowLeadingSign),
        _ when type == typeof(long) => new NumberFormat<long>("a whole number", "integer", NumberStyles.AllowLeadingSign),
        _ when type == typeof(double) => new NumberFormat<double>("a number", "number", NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint),
        _ when type == typeof(decimal) => new NumberFormat<decimal>("a number", "number", NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint),
        _ when type == typeof(TimeSpan) => new DurationFormat(),
        _ when type == typeof(Secret) => new SecretFormat(),
        _ when type == typeof(Allowance) => new AllowanceFormat(),
        _ when type == typeof(Uri) => new AddressFormat(),
        { IsEnum: true } => new WordFormat(type),
        _ when TryParseOf(type) is { } parse => new ParsedFormat(type, parse),
        _ => null,
    };

    private static MethodInfo? TryParseOf(Type type) => type.Namespace?.StartsWith("Cortex", StringComparison.Ordinal) == true
        ? type.GetMethod("TryParse", BindingFlags.Public | BindingFlags.Static, [typeof(string), type.MakeByRefType()])
        : null;
}
