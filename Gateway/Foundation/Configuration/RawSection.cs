namespace Cortex.Foundation.Configuration;

/// <summary>A part of the configuration that another library reads in its own schema: kept as flat keys (<c>a:b:0</c>) and values.</summary>
internal sealed record RawSection(IReadOnlyDictionary<string, string?> Values);
