using Cortex.Foundation.Configuration;

namespace Cortex.Backends.Discovery;

/// <summary>The root key <c>discovery:</c>. What is checked needs no cluster.</summary>
internal static class DiscoverySection
{
    private const int LongestNamespace = 63;

    internal static ConfigurationSection Section { get; } = new ConfigurationSection<DiscoveryOptions>("discovery", Validate);

    private static void Validate(DiscoveryOptions options, SectionValidation validation)
    {
        ValidateNamespaces(options.Kubernetes.Namespaces, validation);
        if (options.Kubernetes.LabelSelector is { } selector && !string.IsNullOrWhiteSpace(selector) && !LabelSelector.IsWellFormed(selector))
            validation.Error("discovery.kubernetes.labelSelector", $"'{selector}' is no selector of labels", "Write labels as kubectl takes them with -l, such as team=payments,tier!=test");
        // A relative path counts from the folder of the main file, which is not known here: what is wrong with it is told at the start.
        if (options.Kubernetes is { Enabled: true, Kubeconfig: { } kubeconfig } && Path.IsPathFullyQualified(kubeconfig) && !File.Exists(kubeconfig))
            validation.Error("discovery.kubernetes.kubeconfig", $"there is no file '{kubeconfig}'", "Write the path of a kubeconfig, or leave it out in a pod, whose service account is used then");
    }

    private static void ValidateNamespaces(IReadOnlyList<string> namespaces, SectionValidation validation)
    {
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
