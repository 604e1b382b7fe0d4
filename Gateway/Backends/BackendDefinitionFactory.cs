using Cortex.Foundation.Model;

namespace Cortex.Backends;

/// <summary>Fills in what <see cref="BackendOptions"/> leaves out.</summary>
internal static class BackendDefinitionFactory
{
    /// <summary>Path of the contract's endpoint when none is configured.</summary>
    public const string DefaultContractPath = "/api/cortex/backend";

    /// <summary>Makes the definition of valid options (see <see cref="BackendsValidation"/>).</summary>
    public static BackendDefinition Create(BackendId id, BackendOptions options)
    {
        IReadOnlyList<string> written = options.Url is null ? options.Destinations : [options.Url];
        var addresses = written.Select(text => new Uri(text)).ToArray();
        var wholeAddress = options.Kind == BackendKind.Mcp && options.Path is null;
        return new BackendDefinition
        {
            Id = id,
            Kind = options.Kind,
            Auth = options.Auth,
            Destinations = wholeAddress ? [.. addresses.Select(address => new Uri(address.GetLeftPart(UriPartial.Authority)))] : addresses,
            Path = options.Path ?? (wholeAddress ? addresses[0].AbsolutePath : DefaultContractPath),
            Audience = options.Audience ?? written[0],
            Prefix = options.Prefix ?? id.Value,
            Options = options,
        };
    }
}
