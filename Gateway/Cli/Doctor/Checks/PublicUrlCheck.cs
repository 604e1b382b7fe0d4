namespace Cortex.Cli.Doctor.Checks;

/// <summary>Whether the gateway knows the address that clients use: its tokens are for that text, and for no other.</summary>
internal sealed class PublicUrlCheck : IDoctorCheck
{
    public Task RunAsync(DoctorRun run, CancellationToken cancellationToken)
    {
        var named = run.Resource?.Text("resource");
        foreach (var (text, where) in new[] { (named, "its metadata"), (run.Challenge?.ResourceMetadata, "WWW-Authenticate") })
        {
            if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.GetLeftPart(UriPartial.Authority) == run.Origin)
                continue;
            run.OtherOrigin = address.GetLeftPart(UriPartial.Authority);
            Fail(run, address, where);
            return Task.CompletedTask;
        }

        if (named is null)
            return Task.CompletedTask;
        if (named == run.Options.Address)
        {
            run.Findings.Ok("publicUrl", $"the gateway calls itself {named}, as clients do");
        }
        else
        {
            run.Findings.Fail(
                FaultIds.PublicUrlPath,
                $"the gateway calls itself {named}, and clients call {run.Options.Address}",
                $"Give clients {named}, exactly as gateway.publicUrl makes it");
        }

        return Task.CompletedTask;
    }

    private static void Fail(DoctorRun run, Uri address, string where)
    {
        var problem = $"clients call {run.Origin}, and the gateway calls itself {run.OtherOrigin} in {where}: its tokens are for another address";
        if (address.Authority == run.Url.Authority || (address.Host == run.Url.Host && address.Scheme != run.Url.Scheme))
        {
            run.Findings.Fail(
                FaultIds.PublicUrlScheme,
                problem,
                $"Set gateway.publicUrl: {run.Origin}, list the proxy in gateway.trustedProxies, have it send X-Forwarded-Proto, and restart; if that is set, have the proxy leave answers as they are (no 'sub_filter' in nginx)");
        }
        else
        {
            run.Findings.Fail(
                FaultIds.PublicUrlHost,
                problem,
                $"Set gateway.publicUrl: {run.Origin} and restart, or give clients {run.OtherOrigin}{run.Url.AbsolutePath.TrimEnd('/')} if they reach that");
        }
    }
}
