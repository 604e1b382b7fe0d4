using System.Net;
using System.Net.Sockets;

namespace Cortex.Cli.Doctor.Checks;

/// <summary>Whether the host has an address, and something takes connections there.</summary>
internal sealed class ConnectCheck : IDoctorCheck
{
    public async Task RunAsync(DoctorRun run, CancellationToken cancellationToken)
    {
        var url = run.Url;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(run.Options.Timeout);
        var id = FaultIds.Dns;
        try
        {
            var isLiteral = IPAddress.TryParse(url.IdnHost, out var literal);
            var addresses = isLiteral ? [literal!] : await Dns.GetHostAddressesAsync(url.IdnHost, deadline.Token);
            if (!isLiteral)
                run.Findings.Ok(id, $"{url.IdnHost} is {string.Join(", ", addresses.Select(address => address.ToString()))}");
            id = FaultIds.Connect;
            using var client = new TcpClient();
            await client.ConnectAsync(addresses, url.Port, deadline.Token);
            run.Findings.Ok(id, $"port {url.Port} takes connections");
            return;
        }
        catch (SocketException exception) when (id == FaultIds.Dns)
        {
            run.Findings.Fail(id, $"the host '{url.IdnHost}' is not known ({exception.Message})", "Check the spelling, and add a DNS record for the host that leads to the proxy or ingress");
        }
        catch (SocketException exception)
        {
            run.Findings.Fail(id, $"nothing takes connections at {run.Origin} ({exception.Message})", "Start the proxy or gateway, and check the port, the firewall and the Service of the ingress");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            run.Findings.Fail(
                id, $"{run.Origin} did not answer within {run.Options.Timeout.TotalSeconds:0.#} s", "Check host, port and firewall; a network that drops packets answers nothing");
        }

        run.Stop();
    }
}
