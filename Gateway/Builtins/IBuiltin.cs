namespace Cortex.Builtins;

/// <summary>A tool that the gateway itself offers. Thread-safe.</summary>
internal interface IBuiltin
{
    /// <summary>The tool's name.</summary>
    string Name { get; }

    /// <summary>The MCP tool object, UTF-8.</summary>
    byte[] Definition { get; }

    /// <summary>Answers a call.</summary>
    ValueTask<BuiltinResult> CallAsync(BuiltinCall call, CancellationToken cancellationToken);
}
