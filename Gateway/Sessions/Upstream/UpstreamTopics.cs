namespace Cortex.Sessions.Upstream;

/// <summary>What the gateway wants to hear of a native server.</summary>
/// <param name="Tools">Changes of its list of tools.</param>
/// <param name="Prompts">Changes of its list of prompts.</param>
/// <param name="Resources">Changes of its lists of resources and templates.</param>
/// <param name="Uris">Updates of these resources, by the server's own URIs.</param>
internal sealed record UpstreamTopics(bool Tools, bool Prompts, bool Resources, IReadOnlyList<string> Uris);
