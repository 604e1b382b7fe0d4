using Cortex.Cli.Doctor.Wire;
using Cortex.Cli.Findings;

namespace Cortex.Cli.Doctor.Checks;

/// <summary>Whether a stream streams: its first event is written at once, so that it must come at once.</summary>
internal sealed class StreamCheck : IDoctorCheck
{
    private const string BufferingMend =
        "Turn buffering off for the gateway: 'proxy_buffering off' and 'proxy_cache off' in nginx, nginx.ingress.kubernetes.io/proxy-buffering: \"off\" (ingress.controller: nginx in the chart sets it); nginx must not ignore X-Accel-Buffering";

    public async Task RunAsync(DoctorRun run, CancellationToken cancellationToken)
    {
        if (!run.IsSignedIn)
            return;
        if (!run.IsModern)
        {
            run.Findings.Skip(FaultIds.StreamBuffered, "the stream that would be looked at is one of the modern era");
            return;
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(run.Options.StreamTimeout);
        using var request = McpMessage.Listen.ToRequest(run.Url, run.Options.Token);
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        try
        {
            using var response = await run.Probe.OpenAsync(request, deadline.Token);
            if (await FindFaultAsync(run, response, deadline.Token) is { } fault)
            {
                run.Findings.Fail(fault.Id, fault.Problem, fault.Mend);
                return;
            }

            await using var body = await response.Content.ReadAsStreamAsync(deadline.Token);
            if (await body.ReadAsync(new byte[4096], deadline.Token) == 0)
            {
                run.Findings.Fail(FaultIds.StreamRefused, "the stream ended before its first event", "Look in the logs of the proxy and of the gateway for what ended it");
                return;
            }

            run.Findings.Ok(FaultIds.StreamBuffered, "the first event of a stream comes at once");
            deadline.CancelAfter(Timeout.InfiniteTimeSpan);
            await WatchAsync(run, body, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            run.Findings.Fail(FaultIds.StreamRefused, $"the stream broke ({ConnectionReason.Of(exception)})", "Look in the logs of the proxy and of the gateway for what ended it");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            run.Findings.Fail(
                FaultIds.StreamBuffered,
                $"the first event of a stream, which the gateway writes at once, did not come within {run.Options.StreamTimeout.TotalSeconds:0.#} s: something on the way holds streams back",
                BufferingMend);
        }
    }

    private static async Task<(string Id, string Problem, string Mend)?> FindFaultAsync(DoctorRun run, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            return (FaultIds.StreamRefused, $"subscriptions/listen is answered with {(int)response.StatusCode} and no stream: {body[..Math.Min(body.Length, 200)]}", "Look in the gateway's log; after 429 end other streams of the same person");
        }

        return response.Content.Headers.ContentEncoding.Count == 0
            ? null
            : (FaultIds.StreamCompressed,
                $"something on the way compresses streams of events ({string.Join(", ", response.Content.Headers.ContentEncoding)}), and holds events back until there is enough to compress",
                "Leave text/event-stream out of compression: 'gzip_types' in nginx without it and without *, the same for brotli and at a CDN");
    }

    private static async Task WatchAsync(DoctorRun run, Stream body, CancellationToken cancellationToken)
    {
        if (run.Options.Watch == TimeSpan.Zero)
        {
            run.Findings.Skip(FaultIds.StreamAlive, "how long streams last was not watched", "Watch one by --watch 20");
            return;
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(run.Options.Watch);
        var start = run.Time.GetTimestamp();
        string Elapsed() => $"{run.Time.GetElapsedTime(start).TotalSeconds:0.0} s";
        const string Mend = "Give streams more time than gateway.streams.keepAlive (15 s): 'proxy_read_timeout 3600s' in nginx, nginx.ingress.kubernetes.io/proxy-read-timeout: \"3600\", the idle timeout of a load balancer or CDN";
        try
        {
            if (await body.ReadAsync(new byte[4096], deadline.Token) > 0)
                run.Findings.Ok(FaultIds.StreamAlive, $"the next sign of life came after {Elapsed()}");
            else
                run.Findings.Fail(FaultIds.StreamAlive, $"the stream was ended after {Elapsed()} of silence", Mend);
        }
        catch (IOException)
        {
            run.Findings.Fail(FaultIds.StreamAlive, $"the stream was cut after {Elapsed()} of silence", Mend);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            run.Findings.Warn(
                FaultIds.StreamAlive, $"no sign of life came within {run.Options.Watch.TotalSeconds:0.#} s", "Watch for longer than gateway.streams.keepAlive (15 s); if nothing comes then either, turn buffering off ('proxy_buffering off' in nginx)");
        }
    }
}
