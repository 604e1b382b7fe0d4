namespace Cortex.Foundation.Configuration.Binding.Formats;

/// <summary>References in JSON Schema.</summary>
internal static class SchemaReference
{
    /// <summary>A text with at least one <c>${env:NAME}</c> or <c>${file:/path}</c>.</summary>
    public const string Pattern = @"\$\{(env|file):[^}]+\}";
}
