using System.Net.Http.Headers;

namespace Cortex.Cli.Stdio.Connection;

/// <summary>Presents a token that was made elsewhere.</summary>
internal sealed class FixedTokenHandler(FixedToken token) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Read());
        return base.SendAsync(request, cancellationToken);
    }
}
