namespace Cortex.Builtins.Tools;

/// <summary>A builtin that takes nothing.</summary>
internal sealed record NoArguments;
