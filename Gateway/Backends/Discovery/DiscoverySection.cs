using Cortex.Foundation.Configuration;

namespace Cortex.Backends.Discovery;

/// <summary>The root key <c>discovery:</c>. What is checked needs no cluster.</summary>
internal static class DiscoverySection
{
    private const int LongestNamespace = 63;

    internal static ConfigurationSection Section { get; } = new ConfigurationSection<DiscoveryOptions>("discovery", Validate);

    private static void Validate(DiscoveryOptions options, SectionValidation validation)
    {
        var namespaces = options.Kubernetes.Namespaces;
        for (var i = 0; i < namespaces.Count; i++)
        {
            var path = $"discovery.kubernetes.namespaces[{i}]";
            if (namespaces[i] == "*")
                validation.Error(path, "there is no looking into all namespaces", "List them by name: the gateway has a role in each");
            else if (!IsNamespace(namespaces[i]))
                validation.Error(path, $"'{namespaces[i]}' is no name of a namespace", "Write 1 to 63 of a-z, 0-9 and '-', such as payments");
            else if (namespaces.Take(i).Contains(namespaces[i], StringComparer.Ordinal))
                validation.Error(path, $"'{namespaces[i]}' is here twice", "Keep one of the two");
        }
    }

    private static bool IsNamespace(string text) =>
        text.Length is > 0 and <= LongestNamespace && text[0] != '-' && text[^1] != '-' && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
