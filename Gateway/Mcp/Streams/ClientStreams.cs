using Cortex.Catalog;
using Cortex.Catalog.Personal;
using Cortex.Catalog.Toolsets;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Model;
using Cortex.Identity.Credentials;
using Cortex.Identity.Entitlements;
using Cortex.Sessions;
using Cortex.Sessions.Upstream;
using Microsoft.Extensions.Options;

namespace Cortex.Mcp.Streams;

/// <summary>
/// Runs streams of notifications: (1) opens, (2) writes what is pending as it comes, and a comment when nothing has come for a while, (3) ends with a comment that says
/// why: the token ended or was revoked, the plan or the session changed, the gateway shuts down. A changed plan is told as changed lists first. Before anything is written the caller's access is checked anew.
/// </summary>
internal sealed class ClientStreams(
    PersonalCatalogs catalogs,
    ToolsetDirectory toolsets,
    UpstreamListener listener,
    CredentialResolver credentials,
    StreamAccess access,
    StandingListeners standings,
    SessionLifetime sessions,
    IHostApplicationLifetime lifetime,
    IOptionsMonitor<GatewayOptions> options,
    TimeProvider time,
    ILogger<EventStreamWriter> logger)
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);
    private static readonly CatalogLists[] EachList = [CatalogLists.Tools, CatalogLists.Prompts, CatalogLists.Resources];

    /// <summary>Runs the stream until it ends; says why it did and how many bytes it had.</summary>
    public async Task<(StreamEnd End, long Bytes)> RunAsync(HttpContext http, ClientStream stream)
    {
        var settings = options.CurrentValue.Streams;
        var pending = stream.Pending;
        await using var left = http.RequestAborted.Register(() => pending.End(StreamEnd.ClientLeft));
        await using var stopping = lifetime.ApplicationStopping.Register(() => pending.End(StreamEnd.Shutdown));
        await using var expiry = time.CreateTimer(_ => pending.End(StreamEnd.TokenExpired), null, TimeLeft(stream.Caller), Timeout.InfiniteTimeSpan);
        await using var looking = time.CreateTimer(_ => pending.Look(StreamLook.Session), null, sessions.TouchEvery, sessions.TouchEvery);
        await using var silence = time.CreateTimer(_ => pending.KeepAlive(), null, settings.KeepAlive, settings.KeepAlive);
        using var standing = stream.Caller.Person is { } person ? standings.Listen(person.Id, () => pending.Look(StreamLook.None)) : null;
        using var kept = catalogs.Keep(stream.Caller, http);
        await catalogs.SettleAsync(stream.Caller, http, CancellationToken.None);
        await using var watches = new ResourceWatches(() => toolsets.Narrow(catalogs.Peek(stream.Caller), stream.Lens.ForCalls), listener, credentials, http, stream.Caller, pending, time);
        var writer = new EventStreamWriter(http, http.Response.Body, settings.WriteTimeout, time, logger);
        EventStreamWriter.SetHead(http);
        await stream.LookAsync(StreamLook.Session | StreamLook.Catalog, watches, CancellationToken.None);
        var end = await TryWriteAsync(writer, stream.WriteOpening) ? await PassAsync(http, stream, watches, writer, silence, settings.KeepAlive) : StreamEnd.ClientLeft;
        if (!end.IsSilent)
        {
            await TryWriteAsync(writer, stream.WriteEnd);
            if (await writer.TryCommentAsync(end.Text))
                await http.Response.CompleteAsync();
        }
        else if (end == StreamEnd.SlowReader && !writer.IsBroken)
        {
            writer.Drop(end);
        }

        return (end, writer.Written);
    }

    /// <summary>Writes changes until the stream ends.</summary>
    private async Task<StreamEnd> PassAsync(
        HttpContext http, ClientStream stream, ResourceWatches watches, EventStreamWriter writer, ITimer silence, TimeSpan keepAlive)
    {
        while (true)
        {
            await stream.Pending.WaitAsync();
            var taken = stream.Pending.Take();
            if (taken.End is { } end)
                return end;
            if (await access.LostAsync(http, stream.Caller, CancellationToken.None) is { } lost)
            {
                await TryWriteAsync(writer, output => Write(output, stream, ChangedLists(stream, lost), [], []));
                return lost.End;
            }

            if (taken.Look != StreamLook.None)
                await stream.LookAsync(taken.Look, watches, CancellationToken.None);
            var hasChanges = (taken.Lists & stream.Lists) != CatalogLists.None || taken.Uris is not null || taken.Elicited is not null;
            if (!hasChanges && !taken.IsSilent)
                continue;
            silence.Change(keepAlive, keepAlive);
            if (!await (hasChanges ? TryWriteAsync(writer, output => Write(output, stream, taken.Lists, taken.Uris ?? [], taken.Elicited ?? [])) : writer.TryKeepAliveAsync()))
                return writer.WasDropped ? StreamEnd.SlowReader : StreamEnd.ClientLeft;
        }
    }

    private CatalogLists ChangedLists(ClientStream stream, LostAccess lost)
    {
        var catalogNow = toolsets.Narrow(catalogs.Peek(stream.Caller), stream.Lens.ForLists);
        return lost.Scopes is { } scopes
            ? catalogNow.ViewFor(scopes).Digests.DifferenceTo(catalogNow.ViewFor(stream.Caller.Scopes).Digests)
            : CatalogLists.None;
    }

    private static void Write(PooledBuffer output, ClientStream stream, CatalogLists lists, IEnumerable<string> uris, IEnumerable<string> elicited)
    {
        foreach (var list in EachList)
        {
            if ((lists & stream.Lists).HasFlag(list))
                stream.WriteChange(output, list);
        }

        foreach (var uri in uris)
            stream.WriteUpdate(output, uri);
        foreach (var id in elicited)
            stream.WriteElicited(output, id);
    }

    private static async ValueTask<bool> TryWriteAsync(EventStreamWriter writer, Action<PooledBuffer> write)
    {
        using var output = new PooledBuffer(512);
        write(output);
        return output.Length == 0 || await writer.TryWriteAsync(output.WrittenMemory);
    }

    private TimeSpan TimeLeft(Caller caller)
    {
        var left = caller.ExpiresAt - time.GetUtcNow();
        return left < TimeSpan.Zero ? TimeSpan.Zero : left > LongestTimer ? LongestTimer : left;
    }
}
