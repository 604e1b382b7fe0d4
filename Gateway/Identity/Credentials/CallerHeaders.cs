using System.Globalization;
using System.Text;
using Cortex.Foundation.Model;

namespace Cortex.Identity.Credentials;

/// <summary>
/// The <c>X-Cortex-*</c> headers for contract backends: who calls, for convenience and never as proof. Values lose their control characters;
/// what is not ASCII, and <c>%</c> itself, is percent-encoded as UTF-8. An unknown value leaves its header out.
/// </summary>
internal static class CallerHeaders
{
    public const string UserId = "X-Cortex-User-Id";
    public const string UserEmail = "X-Cortex-User-Email";
    public const string UserRole = "X-Cortex-User-Role";
    public const string UserPool = "X-Cortex-User-Pool";
    public const string Scopes = "X-Cortex-Scopes";

    /// <summary>Adds the headers of <paramref name="caller"/>, with the scopes that its minted token holds.</summary>
    public static void Add(List<KeyValuePair<string, string>> headers, Caller caller, ScopeSet scopes)
    {
        if (caller.Person is { } person)
        {
            Add(headers, UserId, person.Id.Value);
            Add(headers, UserEmail, person.EmailVerified ? person.Email : null);
            Add(headers, UserRole, person.Role);
            Add(headers, UserPool, person.Pool);
        }

        Add(headers, Scopes, scopes.ToString());
    }

    /// <summary>A value that can stand in any header.</summary>
    internal static string Encode(string value)
    {
        if (value.All(c => c is >= ' ' and <= '~' and not '%'))
            return value.Trim();

        var encoded = new StringBuilder();
        foreach (var unit in Encoding.UTF8.GetBytes(value))
        {
            if (unit is >= 0x20 and <= 0x7E and not (byte)'%')
                encoded.Append((char)unit);
            else if (unit is (byte)'%' or >= 0x80)
                encoded.Append('%').Append(unit.ToString("X2", CultureInfo.InvariantCulture));
        }

        return encoded.ToString().Trim();
    }

    private static void Add(List<KeyValuePair<string, string>> headers, string name, string? value)
    {
        if (value is not null && Encode(value) is { Length: > 0 } encoded)
            headers.Add(new(name, encoded));
    }
}
