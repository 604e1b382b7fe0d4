namespace Cortex.Demo;

/// <summary>Where one demo backend listens, and whose tokens it accepts.</summary>
/// <param name="Base">Loopback address, from the backend's <c>url</c>.</param>
/// <param name="Path">Path of the contract endpoint.</param>
/// <param name="Audience">What the tokens' <c>aud</c> must be.</param>
/// <param name="Issuer">What the tokens' <c>iss</c> must be, and where its metadata is found.</param>
internal sealed record DemoAddress(Uri Base, string Path, string Audience, string Issuer);
