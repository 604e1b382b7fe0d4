using System.Text;
using Cortex.Foundation.JsonRpc;
using CsCheck;

namespace Cortex.Tests.Foundation.JsonRpc;

/// <summary>Messages for tests, and the members that the tests read of them.</summary>
internal static class Messages
{
    public const int Name = 0;
    public const int Uri = 1;
    public const int Arguments = 2;
    public const int Version = 3;
    public const int ResultType = 4;

    public const int MaxDepth = 64;

    public static readonly string[][] Paths =
    [
        ["params", "name"], ["params", "uri"], ["params", "arguments"],
        ["params", "_meta", "io.modelcontextprotocol/protocolVersion"], ["result", "resultType"],
    ];

    public static MemberSet Members { get; } = new(Paths);

    /// <summary>Messages of all kinds; some lack what they need and are refused.</summary>
    public static Gen<string> Any { get; } = Gen.OneOf(Call(), Response());

    public static JsonRpcFault Read(string json, out JsonRpcEnvelope envelope) =>
        JsonRpcReader.TryRead(Encoding.UTF8.GetBytes(json), Members, MaxDepth, out envelope);

    private static Gen<string> Call() => Envelope(
        ("method", Gen.OneOf("\"tools/call\"", "\"tools\\/list\"", "\"ping\"")),
        ("params", Json.ObjectWith(
            ("name", Json.Value),
            ("uri", Json.Value),
            ("arguments", Json.Value),
            ("_meta", Json.ObjectWith(("io.modelcontextprotocol/protocolVersion", Json.Value))))));

    private static Gen<string> Response() => Gen.OneOf(
        Envelope(("result", Gen.OneOf(Json.Value, Json.ObjectWith(("resultType", Json.Value))))),
        Envelope(("error", Json.Object)));

    private static Gen<string> Envelope(params (string, Gen<string>)[] members) => Json.ObjectWith(
    [
        ("jsonrpc", Gen.OneOf("\"2.0\"", "\"2\\u002e0\"")),
        ("id", Gen.OneOf(Json.String, Gen.Int.Select(i => i.ToString()))),
        .. members,
    ]);
}
