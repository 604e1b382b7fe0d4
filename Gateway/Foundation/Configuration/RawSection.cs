namespace Cortex.Foundation.Configuration;

/// <summary>
/// A part of the configuration that another library reads in its own schema: kept as flat keys (<c>a:b:0</c>) and values.
/// A root key of that kind binds to a record derived from this one.
/// </summary>
internal record RawSection(IReadOnlyDictionary<string, string?> Values)
{
    public RawSection()
        : this(new Dictionary<string, string?>())
    {
    }
}
