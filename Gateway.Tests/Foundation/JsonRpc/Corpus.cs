using Cortex.Foundation.JsonRpc;

namespace Cortex.Tests.Foundation.JsonRpc;

/// <summary>The seed corpus: files whose names say what to expect.</summary>
internal static class Corpus
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Foundation", "JsonRpc", "Corpus");

    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Folder, name + ".json"));

    public static JsonRpcFaultKind Expected(string name) =>
        name.StartsWith("valid-", StringComparison.Ordinal) ? JsonRpcFaultKind.None : Enum.Parse<JsonRpcFaultKind>(name.Split('-')[1]);
}
