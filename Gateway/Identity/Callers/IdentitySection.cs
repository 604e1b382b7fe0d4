using Cortex.Foundation.Configuration;

namespace Cortex.Identity.Callers;

/// <summary>The root key <c>identity:</c> and its checks.</summary>
internal static class IdentitySection
{
    internal static ConfigurationSection<IdentityOptions> Section { get; } = new("identity", IdentityValidator.Validate);
}
