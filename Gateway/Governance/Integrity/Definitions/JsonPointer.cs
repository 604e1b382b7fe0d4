namespace Cortex.Governance.Integrity.Definitions;

/// <summary>Names of members in a JSON pointer (<see href="https://www.rfc-editor.org/rfc/rfc6901">RFC 6901</see>).</summary>
internal static class JsonPointer
{
    public static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
