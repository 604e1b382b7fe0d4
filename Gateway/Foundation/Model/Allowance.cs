using System.Globalization;

namespace Cortex.Foundation.Model;

/// <summary>How many of something are allowed; <c>off</c>, which <c>0</c> also means, for any number.</summary>
/// <param name="Count">The number; 0 for any.</param>
internal readonly record struct Allowance(int Count)
{
    /// <summary>Most that can be written.</summary>
    public const int Most = 100_000_000;

    public bool IsOff => Count == 0;

    public static implicit operator Allowance(int count) => new(count);

    /// <summary>Reads digits or <c>off</c>.</summary>
    public static bool TryParse(string? text, out Allowance allowance)
    {
        allowance = default;
        if (text == "off")
            return true;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > Most)
            return false;
        allowance = new Allowance(count);
        return true;
    }

    public override string ToString() => IsOff ? "off" : Count.ToString(CultureInfo.InvariantCulture);
}
