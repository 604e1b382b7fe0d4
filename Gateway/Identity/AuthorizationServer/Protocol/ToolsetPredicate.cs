namespace Cortex.Identity.AuthorizationServer.Protocol;

/// <summary>True when the configuration names this toolset now; registered by whoever serves toolsets.</summary>
internal delegate bool ToolsetPredicate(string toolset);
