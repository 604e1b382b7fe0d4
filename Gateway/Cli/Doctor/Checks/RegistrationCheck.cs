using System.Text;
using Cortex.Cli.Doctor.Wire;

namespace Cortex.Cli.Doctor.Checks;

/// <summary>Registers a client, where that was asked for (<see href="https://www.rfc-editor.org/rfc/rfc7591#section-3">RFC 7591, section 3</see>).</summary>
internal sealed class RegistrationCheck : IDoctorCheck
{
    private const string Client = $$"""
        {"client_name":"{{Name}}","redirect_uris":["http://127.0.0.1/callback"],"grant_types":["authorization_code","refresh_token"],"response_types":["code"],"token_endpoint_auth_method":"none"}
        """;

    private const string Name = "cortex doctor";

    public async Task RunAsync(DoctorRun run, CancellationToken cancellationToken)
    {
        foreach (var issuer in run.Issuers)
        {
            if (!Uri.TryCreate(issuer.Metadata.Text("registration_endpoint"), UriKind.Absolute, out var endpoint))
                continue;
            if (!run.Options.Registers)
            {
                run.Findings.Skip(FaultIds.Registration, $"{endpoint} was not tried, since it leaves a client behind", "Try it by --register");
                continue;
            }

            var reply = await run.Probe.SendAsync(
                () => new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new StringContent(Client, Encoding.UTF8, "application/json") }, cancellationToken);
            Judge(run, issuer, reply);
        }
    }

    private static void Judge(DoctorRun run, FoundIssuer issuer, ProbeReply reply)
    {
        if (reply is ProbeReply.Answered { Status: 201, Document: { } client } && client.Text("client_id") is { } id)
        {
            run.Findings.Ok(FaultIds.Registration, $"{issuer.Issuer} registered '{Name}' as {id}");
            return;
        }

        run.Findings.Fail(
            FaultIds.Registration,
            reply switch
            {
                ProbeReply.Failed failed => failed.Problem,
                ProbeReply.Answered answer when answer.Document is { } document => $"registration is answered with {answer.Status} ({document.Text("error_description") ?? document.Text("error") ?? document.Text("detail") ?? "no reason"})",
                ProbeReply.Answered answer => $"registration is answered with {answer.Status}",
                _ => throw new InvalidOperationException("A request ended in no known way."),
            },
            issuer.IsOwn
                ? "Let POST /oauth/register through at the proxy; after 429 wait, and see limits in the gateway's configuration"
                : "See at that server who may register clients; or sign people in through the gateway's own server: identity.authorizationServer.signIn: [oidc]");
    }
}
