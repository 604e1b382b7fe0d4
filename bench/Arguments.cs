using System.Globalization;
using System.Reflection;

namespace Cortex.Bench;

/// <summary>The command line behind the subcommand: pairs of <c>--name value</c>.</summary>
internal sealed class Arguments(string[] words)
{
    private readonly Dictionary<string, string> _values =
        words.Chunk(2).ToDictionary(pair => pair[0], pair => pair.Length == 2 ? pair[1] : throw new FormatException($"{pair[0]} has no value."), StringComparer.Ordinal);

    public string? Find(string name) => _values.Remove(name, out var value) ? value : null;

    public int Number(string name, int otherwise) => Find(name) is { } text ? Number(text) : otherwise;

    public IReadOnlyList<int> Numbers(string name, IReadOnlyList<int> otherwise) => Find(name) is { } list ? [.. list.Split(',').Select(text => Number(text))] : otherwise;

    public TimeSpan Seconds(string name, int otherwise) => TimeSpan.FromSeconds(Number(name, otherwise));

    /// <summary>Call it last: what nobody asked for is a mistake.</summary>
    public void RefuseRest()
    {
        if (_values.Count > 0)
            throw new FormatException($"Unknown: {string.Join(", ", _values.Keys)}.");
    }

    /// <summary>The gateway that was built with this program.</summary>
    public static string BuiltGateway() => Path.GetFullPath(typeof(Arguments).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(entry => entry.Key == "GatewayAssembly").Value!);

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
