using System.Text.Json;

namespace Cortex.Foundation.JsonRpc;

/// <summary>A value that the reader was asked to find.</summary>
/// <param name="Value">The raw value; a string with its quotes, a container with its brackets.</param>
/// <param name="Kind">What it is; <see cref="JsonValueKind.Undefined"/> when the member is absent.</param>
/// <param name="Escaped">True for a string whose raw bytes hold at least one escape.</param>
internal readonly record struct JsonMember(ByteRange Value, JsonValueKind Kind, bool Escaped);
