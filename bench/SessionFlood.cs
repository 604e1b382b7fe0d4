using System.Globalization;
using System.Text;

namespace Cortex.Bench;

/// <summary>
/// Legacy clients that initialize, make one call, and are never heard of again. Every other one declares that it can elicit, so that each person
/// needs two sessions at the native server.
/// </summary>
internal sealed class SessionFlood(Uri endpoint, IReadOnlyList<string> tokens)
{
    /// <summary>How many different sets of capabilities are declared.</summary>
    public const int CapabilitySets = 2;

    private const string Call = """{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"legacy_save_note","arguments":{"text":"Measure before you change."}}}""";

    private int _failures;

    /// <summary>Requests that were not answered as they should be.</summary>
    public int Failures => _failures;

    /// <summary>Opens sessions, numbered from 0, over so many connections at once; gives their ids.</summary>
    public async Task<IReadOnlyList<(string Token, string Session)>> OpenAsync(int sessions, int connections, bool withCall, CancellationToken cancellationToken)
    {
        var opened = new (string, string)[sessions];
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(WorkAsync, cancellationToken)));
        return opened;

        async Task WorkAsync()
        {
            using var connection = new HttpConnection(endpoint);
            await connection.OpenAsync(cancellationToken);
            for (var number = Interlocked.Increment(ref next); number < sessions; number = Interlocked.Increment(ref next))
            {
                var token = tokens[number / CapabilitySets % tokens.Count];
                opened[number] = (token, await OpenAsync(connection, token, number % CapabilitySets, withCall, cancellationToken));
            }
        }
    }

    /// <summary>Ends sessions as a well-behaved client does, by DELETE.</summary>
    public async Task EndAsync(IReadOnlyList<(string Token, string Session)> sessions)
    {
        using var connection = new HttpConnection(endpoint);
        await connection.OpenAsync(CancellationToken.None);
        foreach (var (token, session) in sessions)
            await connection.ExchangeAsync(HttpRequestText.Delete(endpoint, Bearer(token), ("Mcp-Session-Id", session)), CancellationToken.None);
    }

    private async Task<string> OpenAsync(HttpConnection connection, string token, int capabilities, bool withCall, CancellationToken cancellationToken)
    {
        var declared = capabilities == 0 ? "{}" : """{"elicitation":{}}""";
        var initialize = $$$$"""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{{{{declared}}}},"clientInfo":{"name":"soak","version":"1"}}}""";
        var reply = Encoding.ASCII.GetString((await connection.ExchangeAsync(HttpRequestText.Post(endpoint, initialize, Bearer(token)), cancellationToken)).Span);
        var session = Header(reply, "Mcp-Session-Id: ");
        if (session.Length == 0)
            throw new InvalidOperationException($"initialize was answered: {reply}");
        if (!withCall)
            return session;
        var answer = await connection.ExchangeAsync(
            HttpRequestText.Post(endpoint, Call, Bearer(token), ("Mcp-Session-Id", session), ("MCP-Protocol-Version", "2025-11-25")), cancellationToken);
        if (!HttpConnection.IsSuccess(answer.Span) || answer.Span.IndexOf("The note was saved."u8) < 0)
            Interlocked.Increment(ref _failures);
        return session;
    }

    public static (string, string) Bearer(string token) => ("Authorization", string.Create(CultureInfo.InvariantCulture, $"Bearer {token}"));

    private static string Header(string reply, string name)
    {
        var at = reply.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? "" : reply[(at + name.Length)..reply.IndexOf('\r', at)];
    }
}
