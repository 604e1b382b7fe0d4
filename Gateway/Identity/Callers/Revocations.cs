using System.Globalization;
using System.Text;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Storage;

namespace Cortex.Identity.Callers;

/// <summary>
/// Tells every replica what was revoked, so that a cached token stops at once. What was revoked is on record before it is told
/// (<see cref="TokenStands"/>), so that the message is needed only for tokens that a replica has seen already: one that may have missed
/// messages drops those, and looks each up again. A message that can't be sent is kept and sent when the bus is back. Wire on the bus: Unix
/// milliseconds, LF, the id; without an id, every token that was seen is to be looked up again. Thread-safe.
/// </summary>
internal sealed class Revocations(
    ISharedState state, TokenCache cache, GatewayAddresses addresses, TimeProvider time, ILogger<Revocations> logger)
    : BusFollower(state, BusChannel, time, logger)
{
    private const string BusChannel = "revocations";


    /// <summary>Refuses, here and at every replica, the tokens of the embedded server that bear this id.</summary>
    /// <param name="id">The server's id of a token or of a grant, as it is on record by now.</param>
    /// <param name="until">When the last such token would have ended.</param>
    public ValueTask TellAsync(string id, DateTimeOffset until)
    {
        cache.Revoke(addresses.Issuer, id, until);
        return SendAsync($"{until.ToUnixTimeMilliseconds()}\n{id}");
    }

    /// <summary>Has every replica look up again every token it has seen.</summary>
    public ValueTask TellAllAsync()
    {
        cache.Clear();
        return SendAsync("0\n");
    }

    private ValueTask SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    protected override void Miss() => cache.Clear();

    protected override void Deliver(ReadOnlyMemory<byte> message)
    {
        var text = Encoding.UTF8.GetString(message.Span);
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        if (end < 0 || !long.TryParse(text.AsSpan(0, end), NumberStyles.None, CultureInfo.InvariantCulture, out var until))
            return;
        if (end + 1 == text.Length)
            cache.Clear();
        else
            cache.Revoke(addresses.Issuer, text[(end + 1)..], DateTimeOffset.FromUnixTimeMilliseconds(until));
    }
}
