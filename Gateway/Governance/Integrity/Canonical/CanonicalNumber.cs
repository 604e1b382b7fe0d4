using System.Globalization;
using System.Text;

namespace Cortex.Governance.Integrity.Canonical;

/// <summary>Writes a number as ECMAScript does (<see href="https://www.rfc-editor.org/rfc/rfc8785#section-3.2.2.3">RFC 8785, section 3.2.2.3</see>).</summary>
internal static class CanonicalNumber
{
    /// <summary>The shortest text that reads back as <paramref name="value"/>, which is finite.</summary>
    public static string Of(double value)
    {
        if (value == 0)
            return "0";
        var roundTrip = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        var digits = DigitsOf(roundTrip);
        var text = new StringBuilder(value < 0 ? "-" : "");
        return Write(text, digits, PointOf(roundTrip)).ToString();
    }

    /// <summary>The significant digits, without zeros at either end.</summary>
    private static string DigitsOf(string roundTrip)
    {
        var exponent = roundTrip.IndexOf('E', StringComparison.Ordinal);
        var mantissa = exponent < 0 ? roundTrip : roundTrip[..exponent];
        return mantissa.Replace(".", "", StringComparison.Ordinal).Trim('0');
    }

    /// <summary>Where the decimal point stands, counted from before the first significant digit.</summary>
    private static int PointOf(string roundTrip)
    {
        var exponent = roundTrip.IndexOf('E', StringComparison.Ordinal);
        if (exponent >= 0)
            return int.Parse(roundTrip.AsSpan(exponent + 1), CultureInfo.InvariantCulture) + 1;
        var point = roundTrip.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? roundTrip : roundTrip[..point];
        if (whole != "0")
            return whole.Length;
        var fraction = roundTrip.AsSpan(point + 1);
        return fraction.TrimStart('0').Length - fraction.Length;
    }

    /// <summary>The cases of <c>Number::toString</c>, in its order.</summary>
    private static StringBuilder Write(StringBuilder text, string digits, int point)
    {
        if (digits.Length <= point && point <= 21)
            return text.Append(digits).Append('0', point - digits.Length);
        if (point is > 0 and <= 21)
            return text.Append(digits.AsSpan(0, point)).Append('.').Append(digits.AsSpan(point));
        if (point is > -6 and <= 0)
            return text.Append("0.").Append('0', -point).Append(digits);
        text.Append(digits[0]);
        if (digits.Length > 1)
            text.Append('.').Append(digits.AsSpan(1));
        return text.Append('e').Append(point > 0 ? '+' : '-').Append(Math.Abs(point - 1));
    }
}
