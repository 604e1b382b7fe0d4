using Cortex.Identity.Linking;

namespace Cortex.Cli.Doctor;

/// <summary>An authorization server whose metadata was read.</summary>
/// <param name="Issuer">Its identifier, as the protected-resource metadata names it.</param>
/// <param name="Metadata">Its metadata.</param>
/// <param name="IsOwn">True for the gateway's own, at its very origin.</param>
internal sealed record FoundIssuer(string Issuer, ProviderDocument Metadata, bool IsOwn);
