namespace Cortex.Foundation.JsonRpc;

/// <summary>Says what stands in the place of a scalar of a JSON text that streams past.</summary>
/// <param name="raw">The scalar as it is written: a string with its quotes and escapes, a number, true or false. Checked for grammar, not for UTF-8.</param>
/// <returns>Raw JSON to write instead; empty leaves the scalar as it is.</returns>
internal delegate ReadOnlyMemory<byte> JsonScalarMap(ReadOnlySpan<byte> raw);
