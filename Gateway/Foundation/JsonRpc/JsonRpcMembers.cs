namespace Cortex.Foundation.JsonRpc;

/// <summary>The top-level members of a JSON-RPC message.</summary>
[Flags]
internal enum JsonRpcMembers : byte
{
    None = 0,
    JsonRpc = 1,
    Id = 2,
    Method = 4,
    Params = 8,
    Result = 16,
    Error = 32,
}
